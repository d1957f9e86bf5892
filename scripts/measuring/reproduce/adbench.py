"""Studies of `detect` on tables: those of ADBench, and MVTec's pictures as features, beside other detectors.

`scores.json` in the run's folder keeps each figure as soon as it is there, so that a stopped study goes on. The tables
of all figures are written beside RESULTS.md's pictures, as Markdown and as JSON.
"""

import os
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from ..ending import Failure
from ..places import ROOT
from ..store import load_json, replace_file, write_json
from . import study
from .anomaly_peers import PEERS
from .anomaly_tables import MOST_ROWS, split_of, tables_in
from .our_detector import SCORES, scores_by
from .program import RUNS
from .ranking import area_under_roc, average_precision
from .standings import markdown, mean_ranks, means_of

MEASURES = {"AUROC": area_under_roc, "average precision": average_precision}


@dataclass(frozen=True)
class AnomalyTables(study.Study):
    """Half of the normal rows of each table to learn from, the others and the anomalies to find them in."""

    name: str
    folder: str
    published: str = ""
    seeds: int = 5
    setting = f"standardised; half of the normal rows, of at most {MOST_ROWS:,} rows; one set of defaults"

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
        kept, tables = load_json(self.kept), self.tables()
        for table, seed, names in list(self.left_to_do(kept, tables)):
            self.measure(tables[table], seed, names, kept)
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

    def tables(self):
        folder = Path(os.environ.get("AUTOENCODER_DATA", ROOT / "data")) / self.folder
        tables = tables_in(folder)
        if not tables:
            raise Failure(f"{folder}: no tables; AUTOENCODER_DATA names the folder above it")
        return tables

    def left_to_do(self, kept, tables):
        """Tables and seeds with the detectors that are missing: the seeds one after another."""
        for seed in range(self.seeds):
            for table in tables:
                missing = [name for name in (*SCORES, *PEERS)
                           if str(seed) not in kept.get(table, {}).get(name, {})]
                if missing:
                    yield table, seed, missing

    def measure(self, path, seed, names, kept):
        split = split_of(path, seed)
        for name, scores in self.scored(split, path.stem, seed, names):
            kept.setdefault(path.stem, {}).setdefault(name, {})[str(seed)] = {
                measure: function(scores, split.is_anomaly) for measure, function in MEASURES.items()}
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            write_json(self.kept, kept)

    def scored(self, split, table, seed, names):
        """Pairs of a detector's name and what it says of the test rows."""
        print(f"==> {self.name}: {table}, seed {seed}", flush=True)
        ours = [name for name in names if name in SCORES]
        if ours:
            yield from scores_by(ours, split, RUNS / self.name / f"{table}-{seed}", seed).items()
        for name in names:
            if name in PEERS:
                yield name, PEERS[name](split.train, split.test, seed)


def percent(kept, measure):
    """By table and detector, the mean over the seeds."""
    return {table: {name: 100 * statistics.mean(seed[measure] for seed in seeds.values())
                    for name, seeds in detectors.items()}
            for table, detectors in kept.items()}


def write_standings(name, results):
    """The tables of all figures, `results` by measure, as Markdown and as JSON; the path of the first in this
    repository."""
    study.PICTURES.mkdir(parents=True, exist_ok=True)
    path = study.PICTURES / f"{name}.md"
    parts = [markdown(f"{name}: {measure}, %", each) for measure, each in results.items()]
    replace_file(path, "\n\n".join(parts) + "\n")
    write_json(path.with_suffix(".json"), results)
    return str(path.relative_to(study.ROOT))
