"""How cost grows: one quantity of a training at a time, over a range."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..machine import CORES

SWEPT = ("autoencoder", "pytorch-eager")


@dataclass(frozen=True)
class Sweep:
    name: str
    values: tuple[int, ...]
    apply: Callable  # call, value -> call
    growth: str  # what an epoch's arithmetic does


def sweeps():
    """All of them, with as many threads as there are cores at most."""
    return (
        Sweep("batch size", (32, 128, 512, 2048), with_batch, "stays the same"),
        Sweep("width", (32, 128, 512, 2048), with_width, "grows with the width"),
        Sweep("images", (6_000, 12_000, 24_000, 48_000), with_images, "grows with the images"),
        Sweep("threads", tuple(count for count in (1, 2, 4, 8, 16) if count <= len(CORES)), with_threads,
              "stays the same"),
    )


def with_batch(call, size):
    return with_workload(call, batch=size)


def with_width(call, width):
    return with_workload(call, options=("--hidden", str(width)), network={"hidden": width, "code": 32})


def with_images(call, count):
    return with_workload(call, images=count)


def with_threads(call, count):
    return replace(call, threads=count)


def with_workload(call, **changes):
    return replace(call, workload=replace(call.workload, **changes))
