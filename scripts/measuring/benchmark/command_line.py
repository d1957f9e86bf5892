"""The options of scripts/benchmark."""

import argparse
from pathlib import Path

from ..machine import CORES
from ..places import ROOT
from .contestants import CONTESTANTS
from .parts import PARTS, WITHOUT_ASKING
from .workloads import WORKLOADS


def parse_arguments(description, words=None):
    """`words` are those of the command line where there are none. Exits where one is wrong."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; without any, {', '.join(WITHOUT_ASKING)}")
    parser.add_argument("--workloads", type=names_among(WORKLOADS), help=f"of {', '.join(WORKLOADS)}")
    parser.add_argument("--contestants", type=names_among(CONTESTANTS), help=f"of {', '.join(CONTESTANTS)}")
    parser.add_argument("--images", type=at_least_one, help="training images, in place of the workload's own number")
    parser.add_argument("--epochs", type=at_least_one, help="likewise; the first is warm-up")
    parser.add_argument("--rounds", type=at_least_one, default=5)
    parser.add_argument("--budget", type=float, default=30, metavar="SECONDS",
                        help="what a contestant may take in a part; after that its third and further rounds are left "
                             "out [30]")
    parser.add_argument("--threads", type=at_least_one, default=len(CORES), help="the default is one a core")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--out", type=Path, default=ROOT, help="folder of BENCHMARKS.json and .md [the repository]")
    arguments = parser.parse_args(words)
    for part in arguments.parts:
        if part not in PARTS:
            parser.error(f"{part}: no such part; they are {', '.join(PARTS)}")
    if arguments.threads > len(CORES):
        parser.error(f"--threads {arguments.threads}: there are {len(CORES)} cores")
    return arguments


def names_among(known):
    def parse(text):
        names = text.split(",")
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(f"no {name!r}; they are {', '.join(known)}")
        return names

    return parse


def at_least_one(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 1")
    return int(text)
