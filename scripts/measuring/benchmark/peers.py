"""The peers' environment of Python: build/benchmark/venv, or what BENCHMARK_VENV names."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from ..ending import Failure
from ..machine import gpu
from ..places import BENCHMARK

OWN_ENVIRONMENT = BENCHMARK / "venv"
ENVIRONMENT = Path(os.environ.get("BENCHMARK_VENV", OWN_ENVIRONMENT)).absolute()
PYTHON = ENVIRONMENT / "bin/python"

TORCH = "2.13.0"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
JAX = "0.10.2"
PACKAGES = ("keras==3.15.1", "scikit-learn==1.9.1", "numpy==2.4.6")
VERSIONS_OF = ("torch", "jax", "keras", "scikit-learn", "numpy")


def ensure_environment():
    """Makes it, where it is ours and not yet as wanted."""
    wanted = f"torch=={TORCH} jax=={JAX} {' '.join(PACKAGES)}"
    stamp = OWN_ENVIRONMENT / ".complete"
    if "BENCHMARK_VENV" in os.environ or (stamp.exists() and stamp.read_text() == wanted):
        if not PYTHON.exists():
            raise Failure(f"{ENVIRONMENT}: no Python environment; leave BENCHMARK_VENV unset to have one made")
        return
    print("==> making a Python environment for the peers in build/benchmark/venv: minutes", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--clear", OWN_ENVIRONMENT], check=True)
    install_torch()
    pip("install", f"jax[cuda13]=={JAX}" if gpu() else f"jax=={JAX}", *PACKAGES)
    stamp.write_text(wanted)


def install_torch():
    """As scripts/setup does: without a GPU the CPU build, from pip's own sources or from PyTorch's index."""
    cpu = ("--no-deps", f"torch=={TORCH}+cpu")
    if not gpu() and not succeeds("install", "--no-index", *cpu):
        succeeds("install", "--index-url", CPU_INDEX, *cpu)
    pip("install", f"torch=={TORCH}")


def pip(*arguments, **more):
    command = [PYTHON, "-m", "pip", "-qq", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, check=True, **more)


def install(module, *packages):
    """What only one part needs: packages of a module that is not there yet."""
    if subprocess.run([PYTHON, "-c", f"import {module}"], capture_output=True).returncode:
        pip("install", *packages)


def succeeds(*arguments):
    try:
        pip(*arguments, stderr=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        return False
    return True


def require_gpu():
    check = "import sys, torch; sys.exit(not torch.cuda.is_available())"
    if subprocess.run([PYTHON, "-c", check]).returncode:
        raise Failure("--device cuda: PyTorch sees no GPU here; leave the option away")


def versions():
    """Python's that runs this script, and those of the peers' packages."""
    code = (f"import importlib.metadata as m, json\n"
            f"print(json.dumps({{name: m.version(name) for name in {VERSIONS_OF}}}))")
    output = subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout
    return {"python": platform.python_version(), **json.loads(output)}
