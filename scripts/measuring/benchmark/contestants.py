"""Who is measured. Each returns samples: {"seconds", "peak_mb"} of its process, and what it was asked for."""

import json
from dataclasses import dataclass

from ..history import read_blas
from ..mnist import images_file
from ..places import PEERS
from .peers import PYTHON
from .processes import environment, execute
from .program import PROGRAM, RUNS, colour_pictures, device_options, read_training, train_command, trained_run
from .workloads import LEARNING_RATE

BATCH_SIZES = ("1", "1000")  # of inference


@dataclass(frozen=True)
class Ours:
    name: str
    precision: str = "fp32"
    on_gpu: bool = True

    def train(self, call):
        run = RUNS / f"{call.workload.name}-{self.name}"
        finished = execute(train_command(call, run, self.precision, "--quiet"), environment(call))
        return finished.sample(**read_training(run, call.workload), **named("blas", read_blas(run)))

    def measure_rates(self, call):
        finished = execute([PROGRAM, "speed", trained_run(call), "--batch-sizes", ",".join(BATCH_SIZES), "--json",
                            *device_options(call)], environment(call))
        return finished.sample(**json.loads(finished.output))


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    variant: str = ""
    precision: str = "fp32"
    on_gpu: bool = True

    def train(self, call):
        return self.sample_of(call, "train")

    def measure_rates(self, call):
        return self.sample_of(call, "rates")

    def sample_of(self, call, job):
        command = [PYTHON, PEERS / self.script, json.dumps(self.settings(call, job))]
        finished = execute(command, environment(call))
        return finished.sample(**finished.last_line())

    def settings(self, call, job):
        """What scripts/peers/common.py reads."""
        workload = call.workload
        return {
            "job": job, "variant": self.variant, "precision": self.precision, "workload": workload.name,
            "network": workload.network, "images": workload.images, "batch": workload.batch,
            "epochs": workload.epochs, "learning_rate": LEARNING_RATE,
            "batch_sizes": [int(size) for size in BATCH_SIZES], "threads": call.threads, "device": call.device,
            "seed": call.seed,
            "data": str(colour_pictures(workload) if workload.side else images_file("train"))}


def named(name, value):
    """As an argument; none where there is no value."""
    return {name: value} if value else {}


CONTESTANTS = {contestant.name: contestant for contestant in (
    Ours("autoencoder"),
    Ours("autoencoder-bf16", "bf16"),
    Peer("pytorch-script", "pytorch.py", "script"),
    Peer("pytorch-eager", "pytorch.py", "eager"),
    Peer("pytorch-eager-bf16", "pytorch.py", "eager", "bf16"),
    Peer("torch-compile", "pytorch.py", "compile"),
    Peer("torch-compile-bf16", "pytorch.py", "compile", "bf16"),
    Peer("jax-scan", "jax_scan.py", "scan"),
    Peer("jax-step", "jax_scan.py", "step"),
    Peer("keras-jax", "keras_jax.py"),
    Peer("sklearn", "sklearn_mlp.py", on_gpu=False),
    Peer("limit", "limit.py"),
    Peer("limit-bf16", "limit.py", precision="bf16"),
)}
