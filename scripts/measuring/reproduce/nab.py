"""The study of series: NAB's, by windows that slide over them."""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from ..ending import Failure
from ..places import ROOT
from ..store import load_json, write_json
from . import study
from .adbench import percent, write_standings
from .anomaly_peers import PEERS
from .anomaly_tables import standardiser
from .nab_series import by_step, series_in, windows_of
from .program import RUNS
from .ranking import average_precision
from .standings import mean_ranks, means_of
from .volume import volume_under_pr

LENGTH = 64  # steps in a window
DETECTORS = ("PCA", "IForest", "PyOD AutoEncoder")
MEASURES = {"AUC-PR": average_precision,
            "VUS-PR": lambda scores, is_anomaly: volume_under_pr(scores, is_anomaly, LENGTH)}


@dataclass(frozen=True)
class NumentaSeries(study.Study):
    """Every window of a series, unlabelled, to learn from; the anomalies to find are in the same series."""

    name = "nab"
    published = ""
    seeds: int = 3
    setting = f"windows of {LENGTH} steps, learned from the series itself, unlabelled; means over the series"

    @property
    def kept(self):
        return RUNS / self.name / "scores.json"

    def is_done(self):
        kept = load_json(self.kept)
        return bool(kept) and not list(left_to_do(kept, list(kept), self.seeds))

    def forget(self):
        self.kept.unlink(missing_ok=True)

    def do(self):
        began = time.monotonic()
        kept, series = load_json(self.kept), self.series()
        for name, detector, seed in list(left_to_do(kept, series, self.seeds)):
            scores = scores_by(detector, series[name].values, seed)
            kept.setdefault(name, {}).setdefault(detector, {})[str(seed)] = {
                measure: function(scores, series[name].is_anomaly) for measure, function in MEASURES.items()}
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.kept, kept)
        results = {measure: percent(kept, measure) for measure in MEASURES}
        return {
            "figures": {f"{measure} by {name}, mean / mean rank": f"{mean:.1f} / {mean_ranks(each)[name]:.1f}"
                        for measure, each in results.items() for name, mean in means_of(each).items()},
            "values": results,
            "seeds": self.seeds,
            "seconds": time.monotonic() - began,
            "machine": study.machine(),
            "picture": write_standings(self.name, results),
        }

    def series(self):
        folder = Path(os.environ.get("AUTOENCODER_DATA", ROOT / "data")) / "nab"
        if not (folder / "combined_windows.json").exists():
            raise Failure(f"{folder}: no series; AUTOENCODER_DATA names the folder above it")
        return series_in(folder)


def left_to_do(kept, series, seeds):
    """Series, detector and seed that have no figures yet: the seeds one after another."""
    for seed in range(seeds):
        for name in series:
            for detector in DETECTORS:
                if str(seed) not in kept.get(name, {}).get(detector, {}):
                    yield name, detector, seed


def scores_by(detector, values, seed):
    """A score a step."""
    windows = windows_of(values, LENGTH)
    windows = standardiser(windows)(windows)
    return by_step(list(PEERS[detector](windows, windows, seed)), LENGTH)
