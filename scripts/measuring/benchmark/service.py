"""A model as a service: requests a second and how long they take, ours beside Python's servers."""

import contextlib
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from ..ending import Failure
from ..mnist import read_images
from ..places import PEERS
from .peers import PYTHON, install
from .processes import ended, environment, started
from .program import PROGRAM, trained_run

CLIENTS = ("1", "8", "64")
SECONDS = 6  # of load at each number of clients
PACKAGES = {"fastapi": ("fastapi==0.165.0", "uvicorn==0.54.0", "uvloop==0.23.0", "httptools==0.9.0", "orjson==3.13.0"),
            "litserve": ("litserve==0.2.19",)}
UNITS = {"us": 1e-6, "ms": 1e-3, "s": 1}


def service_measures(call):
    run = f"{call.workload.name}-used"
    return {
        "autoencoder serve": lambda _: measure(call, ours(call), f"/v1/models/{run}/encode"),
        "FastAPI, uvicorn, PyTorch": lambda _: measure(call, peer(call, "fastapi"), "/encode"),
        "LitServe": lambda _: measure(call, peer(call, "litserve"), "/encode"),
    }


def ours(call):
    run = trained_run(call)
    return lambda port: [PROGRAM, "serve", run, "--quiet", "--threads", call.threads, "--port", port]


def peer(call, name):
    install(name, *PACKAGES[name])
    model = trained_run(call) / "model.pt"
    return lambda port: [PYTHON, PEERS / f"serve_{name}.py", model, port, call.threads]


def measure(call, command_for, path):
    """The server under load at each number of clients: rate, median and 99th percentile."""
    if shutil.which("wrk") is None:
        raise Failure("wrk, which makes the load, is not there: apt-get install wrk")
    port = free_port()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        script = write_load(Path(folder))
        process = started(command_for(port), environment(call), subprocess.DEVNULL, subprocess.DEVNULL)
        with ended(process):
            wait_for(process, port)
            loads = {clients: load(script, port, path, clients) for clients in CLIENTS}
            peak = memory_mb(process.pid, "VmHWM")
    return {"seconds": time.perf_counter() - start, "peak_mb": peak, **loads}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def write_load(folder):
    """A request with one picture of MNIST as JSON."""
    numbers = ",".join(map(str, read_images(1)[0]))
    script = folder / "load.lua"
    script.write_text(f"""wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{{"examples":[[{numbers}]]}}'
""")
    return script


def wait_for(process, port):
    for _ in range(600):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).read()
            return
        if process.poll() is not None:
            raise Failure(f"the server ended with status {process.returncode}")
        time.sleep(0.1)
    raise Failure("the server does not answer")


def load(script, port, path, clients):
    words = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", "--latency", "-s", script, f"http://127.0.0.1:{port}{path}"]
    text = subprocess.run([str(word) for word in words], check=True, capture_output=True, text=True).stdout
    return figures_in(text)


def figures_in(text):
    """What wrk says. Throws Failure where an answer was no good one."""
    if wrong := re.search(r"Non-2xx or 3xx responses: (\d+)", text):
        raise Failure(f"{wrong[1]} requests failed")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", text)
    latencies = {share: float(value) * UNITS[unit] for share, value, unit in re.findall(r"(\d+)%\s+([\d.]+)(us|ms|s)", text)}
    return {"rate": float(rate[1]), "p50": latencies["50"], "p99": latencies["99"]}


def memory_mb(pid, field):
    """Of a process: VmRSS, what it has now, or VmHWM, the most that it had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{field}:\s+(\d+)", status)[1]) * 1024 / 1e6
