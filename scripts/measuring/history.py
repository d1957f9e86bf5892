"""What a run tells of its training."""

import csv
import json


def read_epochs(run):
    """Of its metrics.csv, a line for each epoch: the seconds that each epoch's training took, and its mean loss."""
    rows = epochs_of(run)
    return [float(row["train_seconds"]) for row in rows], [float(row["train_loss"]) for row in rows]


def epochs_of(run):
    with (run / "metrics.csv").open() as file:
        return list(csv.DictReader(file))


def examples_an_epoch(run):
    """How many it learned from in the last epoch."""
    row = epochs_of(run)[-1]
    return round(float(row["train_seconds"]) * float(row["images_per_second"]))


def read_blas(run):
    """What computed its matrix products; "" where it does not tell."""
    path = run / "environment.json"
    return json.loads(path.read_text(encoding="utf-8")).get("BLAS", "") if path.exists() else ""
