"""Our program, as it is called, and the runs that it leaves."""

import functools
import json
import os
import subprocess

from ..ending import Failure
from ..history import read_epochs
from ..places import BUILT, ROOT

RUNS = ROOT / "runs/reproduce"


def require_built():
    if not BUILT.exists():
        raise Failure(f"{BUILT} not found: build it with scripts/setup release autoencoder")


def program(*arguments, **more):
    environment = dict(os.environ)
    environment.setdefault("OMP_WAIT_POLICY", "passive")
    return subprocess.run([BUILT, *arguments], check=True, cwd=ROOT, env=environment, text=True, **more)


@functools.cache
def output_of(*arguments):
    """What a command prints as JSON; once a call of this script, as many figures come from the same command."""
    return json.loads(program(*arguments, "--json", stdout=subprocess.PIPE).stdout)


def is_finished(run):
    return (run / "model.pt").exists()


def training_seconds(run):
    """What training takes on a machine with nothing else to do: its fastest epoch, as often as there were epochs."""
    seconds, _ = read_epochs(run)
    return min(seconds) * len(seconds)
