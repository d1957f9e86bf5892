"""Our program, as it is called."""

import hashlib
import shutil
from dataclasses import replace

from ..ending import Failure
from ..history import examples_an_epoch, read_epochs
from ..mnist import images_file
from ..places import BENCHMARK, BUILT, PEERS
from .made_data import pictures_file
from .processes import environment, execute
from .workloads import LEARNING_RATE

PROGRAM = BENCHMARK / "autoencoder"  # a copy, so that a build meanwhile changes nothing
RUNS = BENCHMARK / "runs"


def require_built():
    if not BUILT.exists():
        raise Failure(f"{BUILT} not found: build it with scripts/setup release autoencoder")


def prepare():
    """Copies the program as it is built now, and leaves no run of an earlier call."""
    shutil.rmtree(RUNS, ignore_errors=True)
    RUNS.mkdir(parents=True)
    shutil.copy2(BUILT, PROGRAM)


def digest():
    """Of the copy and of the peers: samples of others say nothing of these."""
    content = hashlib.sha256()
    for path in (PROGRAM, *sorted(PEERS.glob("*.py"))):
        content.update(path.read_bytes())
    return content.hexdigest()


def device_options(call):
    return ["--device", call.device, "--threads", call.threads]


def train_command(call, run, precision, *options):
    """Ours holds a fifth out for validation: it is given a quarter more, and learns from as many as the peers."""
    workload = call.workload
    return [PROGRAM, "train", "--model", workload.model or workload.name, *data_options(workload),
            "--limit", with_validation(workload.images), "--validation-fraction", "0.2", "--epochs", workload.epochs,
            "--batch-size", workload.batch, "--learning-rate", LEARNING_RATE, "--schedule", "constant",
            "--precision", precision, "--seed", call.seed, "--out", run, "--force", *device_options(call),
            *workload.options, *options]


def with_validation(images):
    return images * 5 // 4


def data_options(workload):
    if workload.side:
        return ["--data", colour_pictures(workload), "--test-fraction", 0]
    return ["--data", "mnist", "--data-dir", images_file("train").parent]


def colour_pictures(workload):
    return pictures_file(workload.side, with_validation(workload.images))


def read_training(run, workload):
    """Its figures, for a sample. What had other examples than the peers is no measurement: Failure."""
    learned_from = examples_an_epoch(run)
    if learned_from != workload.images:
        raise Failure(f"{run} learned from {learned_from} examples an epoch, its peers from {workload.images}")
    seconds, losses = read_epochs(run)
    return {"epoch_seconds": seconds, "loss": losses[-1]}


def trained_run(call):
    """A run of ours that is only there to be used."""
    run = RUNS / f"{call.workload.name}-used"
    if not (run / "model.pt").exists():
        small = replace(call, workload=replace(call.workload, images=2000, epochs=1))
        execute(train_command(small, run, "fp32", "--quiet"), environment(call))
    return run
