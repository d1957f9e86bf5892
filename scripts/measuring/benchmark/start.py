"""How long it takes until something happens."""

import shutil
import subprocess
import threading
import time
from dataclasses import replace

from ..ending import Failure
from ..places import BENCHMARK
from .peers import PYTHON
from .processes import ended, environment, execute, started, timer
from .program import PROGRAM, RUNS, device_options, train_command, trained_run


def start_measures(call):
    return {
        "autoencoder --help": lambda _: whole([PROGRAM, "--help"], call),
        "autoencoder train, until its first step": lambda _: until_first_step(call),
        "autoencoder reconstruct RUN --count 10": lambda _: whole(
            [PROGRAM, "reconstruct", trained_run(call), "--count", "10", "--out", BENCHMARK / "reconstruct.png",
             *device_options(call)], call),
        "python -c 'import torch'": lambda _: whole([PYTHON, "-c", "import torch"], call),
    }


def whole(command, call):
    return execute(command, environment(call)).sample()


def until_first_step(call):
    """Until the line that is printed right before it; all of the data is loaded by then."""
    workload = replace(call.workload, images=48_000, epochs=1)
    run = RUNS / "start"
    shutil.rmtree(run, ignore_errors=True)
    command = train_command(replace(call, workload=workload), run, "fp32")
    variables = environment(call)
    line = ""
    start = time.perf_counter()
    process = started(command, variables, subprocess.PIPE, subprocess.STDOUT)
    with ended(process), timer(process, threading.Event()), process.stdout:
        for line in process.stdout:
            if line.startswith("data "):
                return {"seconds": time.perf_counter() - start}
    raise Failure(f"ended before its first step: {line.strip()}")
