"""The numbers of a run: how they are called, which command prints them, and where they are in what it prints."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass

from .program import output_of


@dataclass(frozen=True)
class Figure:
    """`command` is one of our program without the run; `read` finds the number in what it prints as JSON."""

    name: str
    digits: int
    command: tuple[str, ...]
    read: Callable[[dict], float]

    def measure(self, run):
        name, *options = self.command
        return self.read(output_of(name, str(run), *options))


def evaluated(name, key, digits=5, options=(), scale=1):
    return Figure(name, digits, ("evaluate", *options), lambda output: output[key] * scale)


def classified(name, classifier, features="codes", options=()):
    def percent(output):
        rows = [row for row in output["results"] if (row["classifier"], row["features"]) == (classifier, features)]
        return 100 * rows[0]["accuracy"]

    return Figure(name, 2, ("classify", *options), percent)


def log_likelihood(samples):
    return evaluated(f"-log p(x), {samples} samples, nats", "log_likelihood", 2, ("--nll-samples", str(samples)), -1)


def few_labels(count):
    options = ("--labels", str(count), "--draws", "5")
    return tuple(classified(f"logistic regression on {features}, {count} labels, %", "logistic_regression", features,
                            options) for features in ("codes", "pixels"))


def spread(values, digits):
    """Mean ± standard deviation, as it is written."""
    mean = f"{statistics.mean(values):.{digits}f}"
    return mean if len(values) < 2 else f"{mean} ± {statistics.stdev(values):.{digits}f}"
