"""Data in files that need not fit into memory: how fast training goes on, beside memory and beside a DataLoader."""

import json
from dataclasses import replace

from ..mnist import images_file
from ..places import PEERS
from .made_data import DATA, made
from .peers import PYTHON, install
from .processes import environment, execute
from .program import PROGRAM, RUNS, device_options, read_training
from .workloads import LEARNING_RATE, WORKLOADS, Call, Workload

ROWS = replace(WORKLOADS["dense"], epochs=6)
ROWS_BOUND = "64M"  # a third of what they are

PICTURES = Workload("jpegs", "3x256x256-8-4-8-3x256x256, ReLU, sigmoid output, mean squared error",
                    {"hidden": 8, "code": 4}, 20_000, 128, 2, ())
PICTURES_BOUND = "1G"  # a quarter of what they are
LOADER = "pytorch-dataloader"


def rows_measures(arguments):
    return in_both_ways(Call(ROWS, arguments.device, arguments.threads), rows_file, ROWS_BOUND)


def pictures_measures(arguments):
    call = Call(PICTURES, arguments.device, arguments.threads)
    both = in_both_ways(call, pictures_folder, PICTURES_BOUND)
    return both | {LOADER: lambda seed: loader(replace(call, seed=seed))}


def in_both_ways(call, data, bound):
    """Ours in memory, and with less memory than its data take."""
    return {
        "autoencoder": lambda seed: ours(replace(call, seed=seed), data()),
        f"autoencoder --memory {bound}": lambda seed: ours(replace(call, seed=seed), data(), "--memory", bound),
    }


def ours(call, data, *options):
    workload = call.workload
    run = RUNS / workload.name
    command = [PROGRAM, "train", "--bare", "--model", "dense", "--data", data, "--hidden", workload.network["hidden"],
               "--latent-dim", workload.network["code"], "--epochs", workload.epochs, "--batch-size", workload.batch,
               "--learning-rate", LEARNING_RATE, "--schedule", "constant", "--output-activation", "sigmoid",
               "--validation-fraction", "0", "--test-fraction", "0", "--seed", call.seed, "--out", run, "--force", "--quiet",
               *device_options(call), *options]
    finished = execute(command, environment(call))
    return finished.sample(**read_training(run, workload), examples=workload.images * workload.epochs)


def loader(call):
    """A Dataset of the files, and a DataLoader with two processes."""
    workload = call.workload
    settings = {"folder": str(pictures_folder()), "network": workload.network, "batch": workload.batch,
                "epochs": workload.epochs, "learning_rate": LEARNING_RATE, "threads": call.threads, "device": call.device,
                "seed": call.seed}
    finished = execute([PYTHON, PEERS / "dataloader.py", json.dumps(settings)], environment(call))
    return finished.sample(**finished.last_line(), examples=workload.images * workload.epochs)


def rows_file():
    """The pictures of MNIST as a matrix of float32 in a .npy file."""
    return made(DATA / "rows.npy", "rows", ROWS.images, images_file("train"))


def pictures_folder():
    """JPEGs of 256x256 pixels in colour, about 30 kB each."""
    install("PIL", "pillow")
    return made(DATA / "jpegs", "jpegs", PICTURES.images)
