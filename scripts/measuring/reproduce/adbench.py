"""Studies of `detect` on tables: those of ADBench, and MVTec's pictures as features, beside other detectors."""

from dataclasses import dataclass

from . import scored_study
from .anomaly_peers import PEERS
from .anomaly_tables import MOST_ROWS, split_of, tables_in
from .our_detector import SCORES, scores_by
from .ranking import area_under_roc, average_precision


@dataclass(frozen=True)
class AnomalyTables(scored_study.ScoredStudy):
    """Half of the normal rows of each table to learn from, the others and the anomalies to find them in."""

    name: str
    folder: str
    published: str = ""
    seeds: int = 5
    setting = f"standardised; half of the normal rows, of at most {MOST_ROWS:,} rows; one set of defaults"
    MEASURES = {"AUROC": area_under_roc, "average precision": average_precision}

    def detectors(self):
        return (*SCORES, *PEERS)

    def sets(self):
        folder = scored_study.data_folder(self.folder)
        tables = tables_in(folder)
        if not tables:
            raise scored_study.no_data(folder, "tables")
        return tables

    def scored(self, name, path, seed, detectors):
        split = split_of(path, seed)
        ours = [detector for detector in detectors if detector in SCORES]
        if ours:
            run = scored_study.RUNS / self.name / f"{name}-{seed}"
            for detector, scores in scores_by(ours, split, run, seed).items():
                yield detector, scores, split.is_anomaly
        for detector in detectors:
            if detector in PEERS:
                yield detector, PEERS[detector](split.train, split.test, seed), split.is_anomaly
