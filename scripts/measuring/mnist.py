"""The files of MNIST."""

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
