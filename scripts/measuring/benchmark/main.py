"""scripts/benchmark from its command line to its files."""

import os
import subprocess

from ..machine import CORES, gpu, instructions, processor
from ..mnist import images_file
from ..places import BENCHMARK
from . import peers, program
from .chapters import INSTRUCTIONS
from .command_line import parse_arguments
from .parts import PARTS, WITHOUT_ASKING
from .results import keep, store_in
from .rounds import take_turns
from .unfinished import Unfinished

UNFINISHED = BENCHMARK / "unfinished.json"
# Variables that keep libraries from some of the processor's instructions, or choose another library.
LIMITS = ("DNNL_MAX_CPU_ISA", "ONEDNN_MAX_CPU_ISA", "MKL_ENABLE_INSTRUCTIONS", "ATEN_CPU_CAPABILITY", "AUTOENCODER_BLAS")


def main(description):
    arguments = parse_arguments(description)
    program.require_built()
    images_file("train")
    arguments.out.mkdir(parents=True, exist_ok=True)
    program.prepare()
    peers.ensure_environment()
    if arguments.device == "cuda":
        peers.require_gpu()
    store = store_in(arguments.out)
    measure(arguments, store, Unfinished(UNFINISHED, arguments.device, machine(), program.digest()))
    print(f"{store.table}: written")


def measure(arguments, store, unfinished):
    """Takes the samples that the call asks for; each part goes to the store when it has all of them."""
    finished = {}
    for kind in arguments.parts or WITHOUT_ASKING:
        load = os.getloadavg()[0]
        for part in filter(has_measures, PARTS[kind](arguments)):
            kept = unfinished.part(part.name, part.settings, load)
            take_turns(part, kept, arguments.rounds, arguments.budget)
            keep(store, arguments.device, part.name, kept.result(part.measures))
            finished[part.name] = list(part.measures)
    unfinished.end(finished)


def has_measures(part):
    """Not where none of its contestants was asked for."""
    return bool(part.measures)


def machine():
    """All of it that a figure may depend on."""
    ours = subprocess.run([program.PROGRAM, "--version"], check=True, capture_output=True, text=True).stdout
    limits = {name: os.environ[name] for name in LIMITS if os.environ.get(name)}
    return {
        "processor": processor(),
        "cores": len(CORES),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "instructions": [name for name in INSTRUCTIONS if name in instructions()],
        "gpu": gpu(),
        **({"limits": limits} if limits else {}),
        "versions": {"autoencoder": ours.splitlines()[0], **peers.versions()},
    }
