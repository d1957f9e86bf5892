"""The program `autoencoder`: how it is found and called."""

import os
import shutil
import subprocess
from pathlib import Path


class ProgramError(ValueError):
    """What the program said when it refused."""


def find_program(program=None):
    """The path of `program`, of $AUTOENCODER_PROGRAM, or of `autoencoder` in $PATH. Raises FileNotFoundError."""
    wanted = program or os.environ.get("AUTOENCODER_PROGRAM") or "autoencoder"
    found = shutil.which(wanted)
    if found is None:
        raise FileNotFoundError(
            f"{wanted}: no such program; install it with 'cmake --install build/release', or name it with "
            "Autoencoder(program=...) or AUTOENCODER_PROGRAM"
        )
    return Path(found)


def call(program, *words):
    """Runs the program, and returns what it printed. Raises ProgramError with its message where it refuses."""
    result = subprocess.run([program, *map(str, words)], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        message = result.stderr.strip().removeprefix("error: ")
        raise ProgramError(message or f"{program}: exit status {result.returncode}")
    return result.stdout


def option_words(options):
    """{"latent_dim": 8, "hidden": [64, 32]} -> ["--latent-dim=8", "--hidden=64,32"]; None is left out."""
    words = []
    for name, value in options.items():
        if value is None:
            continue
        if isinstance(value, (list, tuple)):
            value = ",".join(map(str, value)) or "none"
        elif isinstance(value, bool):
            value = str(value).lower()
        words.append(f"--{name.replace('_', '-')}={value}")
    return words
