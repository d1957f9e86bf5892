"""What is read of samples, and how the many become one figure."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    values: list[float]

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def percent(self):
        return f"{100 * (max(self.values) - min(self.values)) / self.median:.0f} %" if len(self.values) > 1 else ""


def spread(samples, read):
    """Of the samples that did not fail; None without any."""
    values = [read(sample) for sample in samples if "error" not in sample]
    return Spread(values) if values else None


def ratio(value, reference):
    return f"{value / reference:.2f}" if value and reference else ""


def median_of(rows, name, read):
    found = spread(rows.get(name, []), read)
    return found.median if found else None


def error_of(samples):
    return next((sample["error"].replace("|", "/") for sample in samples if "error" in sample), "")


def epoch_seconds(sample):
    """The first epoch is warm-up."""
    return statistics.median(sample["epoch_seconds"][1:] or sample["epoch_seconds"])


def epoch_rate(sample):
    """Images a second."""
    return sample["images"] / epoch_seconds(sample)


def whole_seconds(sample):
    return sample["seconds"]


def peak(sample):
    return sample["peak_mb"]


def examples_rate(sample):
    return sample["examples"] / sample["seconds"]


def final_loss(sample):
    return sample["loss"]


def rate_of(call, size, sample):
    return sample[call][size]


def slowdown(sample):
    return sample["epoch_seconds"][-1] / sample["epoch_seconds"][min(1, len(sample["epoch_seconds"]) - 1)]
