"""The study of series: NAB's, by windows that slide over them."""

from dataclasses import dataclass

from . import scored_study
from .anomaly_peers import PEERS
from .anomaly_tables import standardiser
from .nab_series import by_step, series_in, windows_of
from .our_detector import step_scores
from .ranking import average_precision
from .volume import volume_under_pr

LENGTH = 64  # steps in a window
OURS = "autoencoder"
DETECTORS = (OURS, "PCA", "IForest", "PyOD AutoEncoder")


@dataclass(frozen=True)
class NumentaSeries(scored_study.ScoredStudy):
    """Every window of a series, unlabelled, to learn from; the anomalies to find are in the same series."""

    name = "nab"
    published = ""
    seeds: int = 3
    setting = f"windows of {LENGTH} steps, learned from the series itself, unlabelled; means over the series"
    MEASURES = {"AUC-PR": average_precision,
                "VUS-PR": lambda scores, is_anomaly: volume_under_pr(scores, is_anomaly, LENGTH)}

    def detectors(self):
        return DETECTORS

    def sets(self):
        folder = scored_study.data_folder("nab")
        if not (folder / "combined_windows.json").exists():
            raise scored_study.no_data(folder, "series")
        return series_in(folder)

    def scored(self, name, series, seed, detectors):
        for detector in detectors:
            yield detector, scores_by(detector, series.values, seed), series.is_anomaly


def scores_by(detector, values, seed):
    """A score a step."""
    if detector == OURS:
        return step_scores(values, LENGTH, scored_study.RUNS / "nab" / "run", seed)
    windows = windows_of(values, LENGTH)
    windows = standardiser(windows)(windows)
    return by_step(list(PEERS[detector](windows, windows, seed)), LENGTH)
