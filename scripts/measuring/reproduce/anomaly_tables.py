"""Tables with anomalies in them (ADBench, Han et al. 2022), divided as Livernoche et al. 2024 divide them."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_ROWS = 10_000  # as ADBench has it


@dataclass(frozen=True)
class Split:
    """`train` and `test` are N x D, standardised by the training rows; `is_anomaly` tells of each test row."""

    train: Any
    test: Any
    is_anomaly: Any


def tables_in(folder):
    """The tables of a folder by name."""
    return {path.stem: path for path in sorted(Path(folder).glob("*.npz"))}


def split_of(path, seed, most=MOST_ROWS):
    """Half of the normal rows to learn from; the other half and all anomalies to find them in. Of a table with more
    than `most` rows so many are drawn first. The seed draws rows and halves, of each table anew."""
    import numpy

    table = numpy.load(path)
    rows, is_anomaly = table["X"].astype(numpy.float64), table["y"] > 0
    draw = numpy.random.default_rng([seed, zlib.crc32(path.stem.encode())])
    order = draw.permutation(len(rows))[:most]
    normal, anomalies = order[~is_anomaly[order]], order[is_anomaly[order]]
    train, rest = normal[:len(normal) // 2], normal[len(normal) // 2:]
    test = numpy.concatenate([rest, anomalies])
    standardise = standardiser(rows[train])
    return Split(standardise(rows[train]), standardise(rows[test]), is_anomaly[test])


def standardiser(train):
    """Takes off the mean and divides by the standard deviation of `train`; a column that is constant there is only
    moved."""
    import numpy

    mean, deviation = train.mean(0), train.std(0)
    deviation[deviation < 1e-9 * numpy.maximum(1, abs(mean))] = 1

    def standardise(rows):
        return ((rows - mean) / deviation).astype(numpy.float32)

    return standardise
