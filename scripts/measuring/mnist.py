"""The files of MNIST."""

import gzip
import os
from pathlib import Path

from .ending import Failure
from .places import ROOT


def images_file(part):
    """The pictures of `part`, which is train or t10k: in this repository's data, or where AUTOENCODER_DATA says."""
    folders = [ROOT / "data/mnist", Path(os.environ.get("AUTOENCODER_DATA", "")) / "mnist"]
    path = next((path for folder in folders for path in folder.glob(f"{part}-images*")), None)
    if path is None:
        raise Failure("MNIST not found: scripts/download-mnist fetches it, or AUTOENCODER_DATA names its place")
    return path


def read_images(count):
    """The first `count` pictures of the test set, as lists of 784 numbers from 0 to 1 in four digits."""
    file = images_file("t10k")
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rb") as pictures:
        pixels = pictures.read()[16:16 + 784 * count]
    return [[round(pixel / 255, 4) for pixel in pixels[start:start + 784]] for start in range(0, len(pixels), 784)]
