"""What `autoencoder train --log tensorboard` writes, read by TensorBoard itself. Skipped where Python has none."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

try:
    from tensorboard.backend.event_processing.event_accumulator import IMAGES, SCALARS, EventAccumulator
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

PROGRAM = sys.argv[1]
PNG = b"\x89PNG\r\n"


def train(run, *more):
    subprocess.run([PROGRAM, "train", *more, "--quiet"], check=True, cwd=run.parent)


def events_of(run):
    events = EventAccumulator(str(run / "tensorboard"), size_guidance={IMAGES: 0, SCALARS: 0})
    events.Reload()
    return events


def check_scalars(events, run):
    with (run / "metrics.csv").open() as file:
        rows = list(csv.DictReader(file))
    columns = {"loss/train": "train_loss", "loss/validation": "validation_loss", "learning_rate": "learning_rate",
               "kl/train": "train_kl", "reconstruction/validation": "validation_reconstruction"}
    for tag, column in columns.items():
        scalars = events.Scalars(tag)
        assert [scalar.step for scalar in scalars] == [int(row["epoch"]) for row in rows], tag
        for scalar, row in zip(scalars, rows):
            assert abs(scalar.value - float(row[column])) <= 1e-6 * abs(float(row[column])), (tag, scalar, row)
            assert scalar.wall_time > 1.6e9


def check_images(events, epochs):
    images = events.Images("originals_over_reconstructions")
    assert [image.step for image in images] == epochs
    for image in images:
        assert image.encoded_image_string.startswith(PNG)
        assert (image.height, image.width) == (2 * 8, 10 * 8), (image.height, image.width)


def write_digits(path):
    import numpy

    numpy.save(path, numpy.random.default_rng(0).random((100, 8, 8), dtype=numpy.float32))


with tempfile.TemporaryDirectory() as folder:
    run = Path(folder) / "run"
    write_digits(Path(folder) / "digits.npy")
    train(run, "--data", "digits.npy", "--model", "vae", "--epochs", "2", "--log", "tensorboard", "--out", "run")
    train(run, "--resume", "run", "--epochs", "3")
    events = events_of(run)
    check_scalars(events, run)
    check_images(events, [1, 2, 3])
print("TensorBoard reads what was logged")
