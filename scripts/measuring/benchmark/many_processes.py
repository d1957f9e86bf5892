"""What the arithmetic says of more processes than a machine here has cores: weak scaling to 1,024 of them."""

import math
from dataclasses import dataclass

from .figures import epoch_seconds, median_of
from .scaling import REPRODUCIBLE

COUNTS = (8, 64, 256, 1024)
PIXELS = 784  # of a picture of MNIST
KERNEL = 9  # weights of 3 x 3
BYTES = 4  # of a number of the gradient


@dataclass(frozen=True)
class Link:
    """Between two machines, as published: bytes a second in each direction, seconds a message."""

    name: str
    bandwidth: float
    latency: float


LINKS = (Link("10 Gbit/s Ethernet", 1.25e9, 50e-6), Link("100 Gbit/s Ethernet", 12.5e9, 10e-6),
         Link("InfiniBand NDR, 400 Gbit/s", 50e9, 2e-6))


def parameters_of(network):
    """Numbers that are learned by the benchmarks' dense and convolutional networks."""
    if "hidden" in network:
        layers = ((PIXELS, network["hidden"]), (network["hidden"], network["code"]))
        return sum(2 * ins * outs + ins + outs for ins, outs in layers)
    first, second = network["channels"]
    flat = second * PIXELS // 16  # two strides of 2, each way
    convolutions = 2 * KERNEL * (first + first * second) + 2 * first + second + 1
    return convolutions + 2 * flat * network["code"] + flat + network["code"]


def step_seconds(part):
    """Of one process that divides its batches as several do; None where it was not measured."""
    its = part["settings"]
    epoch = median_of(part["rows"], REPRODUCIBLE, epoch_seconds)
    return epoch / math.ceil(its["images"] / its["batch"]) if epoch else None


@dataclass(frozen=True)
class Work:
    """Of a process in a step."""

    seconds: float
    gradient: float  # bytes


def efficiency(work, link, processes):
    """How much of its time a process spends on a batch of its own: it exchanges the gradient with log2 of them, one after the
    other."""
    exchanging = math.log2(processes) * (work.gradient / link.bandwidth + link.latency)
    return work.seconds / (work.seconds + exchanging)
