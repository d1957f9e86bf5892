"""A run's metrics.csv, a line for each epoch."""

import csv


def read_epochs(run):
    """The seconds that each epoch's training took, and its mean loss."""
    with (run / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [float(row["train_seconds"]) for row in rows], [float(row["train_loss"]) for row in rows]
