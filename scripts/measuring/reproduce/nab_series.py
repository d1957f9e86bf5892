"""The series of the Numenta Anomaly Benchmark (Lavin & Ahmad 2015), and the windows that slide over them."""

import csv
import itertools
import json
import math
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Series:
    values: list[float]
    is_anomaly: list[bool]  # of each step


def series_in(folder):
    """Those with an anomaly, by name: how well others are told from nothing cannot be measured."""
    folder = Path(folder)
    windows = json.loads((folder / "combined_windows.json").read_text(encoding="utf-8"))
    found = {path.removesuffix(".csv"): read_series(folder / path, spans) for path, spans in sorted(windows.items())
             if (folder / path).exists()}
    return {name: series for name, series in found.items() if any(series.is_anomaly)}


def read_series(path, spans):
    """`spans` are pairs of the first and last time that is anomalous, as text with parts of seconds."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    spans = [tuple(time.split(".")[0] for time in span) for span in spans]
    return Series([float(row["value"]) for row in rows],
                  [any(first <= row["timestamp"] <= last for first, last in spans) for row in rows])


def windows_of(values, length):
    """Each run of `length` values, a row each: N - length + 1 x length."""
    import numpy

    return numpy.lib.stride_tricks.sliding_window_view(numpy.asarray(values, numpy.float32), length)


def by_step(scores, length):
    """A score a step from one a window: that of the window around it; the first and last stand for what is before
    and behind, as Paparrizos et al. have it."""
    before = math.ceil((length - 1) / 2)
    return [scores[0]] * before + list(scores) + [scores[-1]] * (length - 1 - before)


def mean_by_step(scores, length):
    """A score a step from one a window: the mean over the windows that cover it."""
    sums = list(itertools.accumulate(scores, initial=0))
    ranges = [(max(step - length + 1, 0), min(step + 1, len(scores))) for step in range(len(scores) + length - 1)]
    return [(sums[end] - sums[first]) / (end - first) for first, end in ranges]
