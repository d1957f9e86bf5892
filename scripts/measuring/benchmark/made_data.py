"""Data that are made up, once, for workloads that MNIST is too small for."""

import subprocess

from ..places import BENCHMARK, PEERS
from .peers import PYTHON

DATA = BENCHMARK / "large"


def made(path, *words):
    """Made where it is not there yet, under another name first: a call that is stopped leaves nothing half made."""
    if not path.exists():
        print(f"==> making {path}: minutes", flush=True)
        half = path.with_name(f"{path.name}.half")
        path.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run([str(word) for word in (PYTHON, PEERS / "made_data.py", half, *words)], check=True)
        half.rename(path)
    return path


def pictures_file(side, count):
    """So many pictures in colour, count x 3 x side x side bytes, as a .npy file."""
    return made(DATA / f"{count}-of-{side}.npy", "pictures", count, side)
