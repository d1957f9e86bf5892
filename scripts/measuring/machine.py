"""The machine that this runs on."""

import contextlib
import functools
import os
import platform
import re
import subprocess
from pathlib import Path

CORES = sorted(os.sched_getaffinity(0))  # those at the start: the benchmark restricts itself to fewer later


def fields_of(cpuinfo):
    """Model name and flags of the first processor in the text of /proc/cpuinfo, "" where it has none."""
    fields = {name: re.search(rf"^{name}\s*: (.*)$", cpuinfo, re.MULTILINE) for name in ("model name", "flags")}
    return {name: found.group(1).strip() if found else "" for name, found in fields.items()}


@functools.cache
def processor_fields():
    return fields_of(Path("/proc/cpuinfo").read_text())


def processor():
    return processor_fields()["model name"] or platform.machine()


def instructions():
    return set(processor_fields()["flags"].split())


def has_fast_bfloat16():
    return bool({"avx512_bf16", "amx_bf16"} & instructions())


def gpu():
    """The first GPU's name, "" without one."""
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        names = subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], check=True,
                               capture_output=True, text=True).stdout
        return names.strip().splitlines()[0] if names.strip() else ""
    return ""
