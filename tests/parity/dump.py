"""Runs a program that dumps what the C++ code computes, and reads what it wrote."""

import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

try:
    import numpy
    import torch
except ImportError as missing:
    print(f"skipped: {missing} (scripts/setup installs it into build/venv)")
    sys.exit(SKIPPED)


class Dump:
    """The folder that `program` wrote of `what`; gone with this object."""

    def __init__(self, program, what):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name)
        subprocess.run([program, what, self._folder.name], check=True)

    def names(self):
        """The names of all cases."""
        return sorted(path.stem for path in self.path.glob("*.tensors"))

    def tensors(self, name):
        """The tensors of a case, by name."""
        # Dictionaries from C++ carry a type tag that weights_only does not know.
        return torch.load(self.path / f"{name}.tensors", weights_only=False)


def difference(found, expected):
    """The largest difference, relative to the largest value expected."""
    if found.shape != expected.shape:
        raise AssertionError(f"shape {tuple(found.shape)}, expected {tuple(expected.shape)}")
    scale = float(abs(expected).max())
    return float(abs(found - expected).max()) / (scale if scale > 0 else 1)
