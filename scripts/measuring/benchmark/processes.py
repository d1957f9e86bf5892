"""Processes that are measured: how long they take, how much memory, what they print."""

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from ..ending import Failure
from ..machine import CORES
from ..places import BENCHMARK, ROOT

TIMEOUT = 900  # seconds, of a process


@dataclass(frozen=True)
class Finished:
    """A process that ended well."""

    seconds: float  # from start to exit
    peak_mb: float
    output: str

    def sample(self, **figures):
        return {"seconds": self.seconds, "peak_mb": self.peak_mb, **figures}

    def last_line(self):
        """What its last line is as JSON. Throws LookupError without a line, ValueError where that is no JSON."""
        return json.loads(self.output.strip().splitlines()[-1])


def execute(command, variables):
    """Runs a command to its end. Throws Failure with its last line of error where that is not a good one."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = started(command, variables, output, errors)
        late = threading.Event()
        with ended(process), timer(process, late):
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise Failure(f"no end after {TIMEOUT} s" if late.is_set() else reason(process.returncode, errors.read()))
        return Finished(seconds, usage.ru_maxrss / 1000, output.read())


def started(command, variables, output, errors):
    """In a session of its own, so that Ctrl-C reaches only this script, which ends it."""
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                            env=variables, cwd=ROOT, text=True, start_new_session=True)


def reason(status, errors):
    lines = [line for line in errors.strip().splitlines() if line.strip()]
    return lines[-1].strip()[:200] if lines else f"exit status {status}"


@contextlib.contextmanager
def ended(process):
    """The process and what it started are gone in any case afterwards."""
    try:
        yield
    finally:
        end(process)
        if process.returncode is None:
            process.wait()


@contextlib.contextmanager
def timer(process, late):
    """Ends the process after TIMEOUT, and sets `late` then."""
    def end_late():
        late.set()
        end(process)

    waiting = threading.Timer(TIMEOUT, end_late)
    waiting.start()
    try:
        yield
    finally:
        waiting.cancel()


def end(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def environment(call):
    """The variables of a call's processes. Threads are held to the first cores as well, which is what JAX goes by."""
    os.sched_setaffinity(0, CORES[: call.threads])
    threads = {name: str(call.threads) for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    return {**os.environ, **threads, "JAX_PLATFORMS": call.device, "KERAS_BACKEND": "jax",
            "KERAS_HOME": str(BENCHMARK / "keras"), "TORCHINDUCTOR_CACHE_DIR": str(BENCHMARK / "inductor"),
            "PYTHONDONTWRITEBYTECODE": "1"}
