"""The study of photographs: crops of some, by a code, and how the others are told by it."""

import subprocess
import sys
from dataclasses import dataclass

from ..places import ROOT
from .figures import Figure
from .program import RUNS
from .row import Row

CROPS = RUNS / "photographs"
COMPARED = ("compare", "--with-pca")


def compared(name, key, digits, number):
    """Of the run, 0, or of the components beside it, 1."""
    return Figure(name, digits, COMPARED, lambda output: output[number][key])


@dataclass(frozen=True)
class Photographs(Row):
    """Trained on crops that scripts/photos cuts on the first call."""

    options: tuple[str, ...] = ("--data", str(CROPS))

    def do(self):
        if not CROPS.exists():
            subprocess.run([sys.executable, ROOT / "scripts/photos", CROPS], check=True)
        return super().do()
