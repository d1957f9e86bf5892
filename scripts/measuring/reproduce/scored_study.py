"""A study of detectors, whose figures are kept one by one: what was stopped goes on where it was.

`scores.json` in the run's folder keeps each figure as soon as it is there. The tables of all figures are written beside
RESULTS.md's pictures, as Markdown and as JSON.
"""

import os
import statistics
import time
from pathlib import Path

from ..ending import Failure
from ..places import ROOT
from ..store import load_json, replace_file, write_json
from . import study
from .program import RUNS
from .standings import markdown, mean_ranks, means_of


class ScoredStudy(study.Study):
    """Has `name`, `seeds`, and besides
    MEASURES     {name: function of scores and of what is an anomaly}
    detectors()  names
    sets()       {name: data}, read when `do` begins
    scored(name, data, seed, detectors)  for each of these detectors (its name, scores, what is an anomaly)
    """

    @property
    def kept(self):
        return RUNS / self.name / "scores.json"

    def is_done(self):
        kept = load_json(self.kept)
        return bool(kept) and not list(self.left_to_do(kept, kept))

    def forget(self):
        self.kept.unlink(missing_ok=True)

    def do(self):
        began = time.monotonic()
        kept, sets = load_json(self.kept), self.sets()
        for name, seed, detectors in list(self.left_to_do(kept, sets)):
            print(f"==> {self.name}: {name}, seed {seed}", flush=True)
            for detector, scores, is_anomaly in self.scored(name, sets[name], seed, detectors):
                kept.setdefault(name, {}).setdefault(detector, {})[str(seed)] = {
                    measure: function(scores, is_anomaly) for measure, function in self.MEASURES.items()}
                self.kept.parent.mkdir(parents=True, exist_ok=True)
                write_json(self.kept, kept)
        results = {measure: percent(kept, measure) for measure in self.MEASURES}
        return {
            "figures": {f"{measure} by {name}, mean / mean rank": f"{mean:.1f} / {mean_ranks(each)[name]:.1f}"
                        for measure, each in results.items() for name, mean in means_of(each).items()},
            "values": results,
            "seeds": self.seeds,
            "seconds": time.monotonic() - began,
            "machine": study.machine(),
            "picture": write_standings(self.name, results),
        }

    def left_to_do(self, kept, sets):
        """Sets and seeds with the detectors that have no figures yet: the seeds one after another."""
        for seed in range(self.seeds):
            for name in sets:
                missing = [detector for detector in self.detectors()
                           if str(seed) not in kept.get(name, {}).get(detector, {})]
                if missing:
                    yield name, seed, missing


def data_folder(name):
    return Path(os.environ.get("AUTOENCODER_DATA", ROOT / "data")) / name


def no_data(folder, what):
    return Failure(f"{folder}: no {what}; AUTOENCODER_DATA names the folder above it")


def percent(kept, measure):
    """By set and detector, the mean over the seeds."""
    return {name: {detector: 100 * statistics.mean(seed[measure] for seed in seeds.values())
                   for detector, seeds in detectors.items()}
            for name, detectors in kept.items()}


def write_standings(name, results):
    """The tables of all figures, `results` by measure, as Markdown and as JSON; the path of the first in this
    repository."""
    study.PICTURES.mkdir(parents=True, exist_ok=True)
    path = study.PICTURES / f"{name}.md"
    parts = [markdown(f"{name}: {measure}, %", each) for measure, each in results.items()]
    replace_file(path, "\n\n".join(parts) + "\n")
    write_json(path.with_suffix(".json"), results)
    return str(path.relative_to(study.ROOT))
