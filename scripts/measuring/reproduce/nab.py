"""The study of series: NAB's, by windows that slide over them."""

import functools
from dataclasses import dataclass

from . import scored_study
from .anomaly_peers import PEERS
from .anomaly_tables import standardiser
from .nab_series import by_step, mean_by_step, series_in, windows_of
from .our_detector import step_scores
from .ranking import average_precision
from .volume import volume_under_pr

LENGTH = 64  # steps in a window
OURS = "autoencoder"
MEAN = ", mean around"  # of a peer, whose windows are combined as ours are
OF_PEERS = ("PCA", "IForest", "PyOD AutoEncoder")
DETECTORS = (OURS, *OF_PEERS, *(peer + MEAN for peer in OF_PEERS))


@dataclass(frozen=True)
class NumentaSeries(scored_study.ScoredStudy):
    """Every window of a series, unlabelled, to learn from; the anomalies to find are in the same series. A step's score
    is the mean over the windows that cover it; of peers also that of the window around it, as Paparrizos et al. have
    it."""

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
    scores = window_scores(detector.removesuffix(MEAN), tuple(values), seed)
    return (mean_by_step if detector.endswith(MEAN) else by_step)(scores, LENGTH)


@functools.lru_cache(maxsize=len(OF_PEERS))
def window_scores(peer, values, seed):
    """Of windows that both ways of a peer share."""
    windows = windows_of(values, LENGTH)
    windows = standardiser(windows)(windows)
    return [float(score) for score in PEERS[peer](windows, windows, seed)]
