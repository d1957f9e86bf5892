"""What all rows of RESULTS.md have in common."""

import shutil

from ..machine import CORES, processor
from ..places import ROOT
from .program import is_finished

PICTURES = ROOT / ".github/results"


class Study:
    """A row of RESULTS.md: `name`, `setting`, `published`, and `do`, which returns what was measured as RESULTS.json
    holds it: {"figures", "values", "seeds", "seconds", "machine"} and mostly "picture". Runs are where `runs` says."""

    published = ""

    def runs(self):
        return []

    def is_done(self):
        return all(is_finished(run) for run in self.runs())

    def forget(self):
        """The next `do` begins at the start."""
        for run in self.runs():
            shutil.rmtree(run, ignore_errors=True)


def machine():
    return f"{processor()}, {len(CORES)} core(s)"


def keep_picture(name, picture):
    """Copies a row's picture into this repository, and returns its path there."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    kept = PICTURES / f"{name}.png"
    shutil.copyfile(picture, kept)
    return str(kept.relative_to(ROOT))
