"""Tests scripts/benchmark as a whole, stopped and called again, in a made-up tree: nothing is trained in it."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[4] / "scripts"

# Each training is a line in calls; where `stop` says which one, that one does not end.
NOTED = f"""#!{sys.executable}
import json, os, pathlib, sys, time
tree = pathlib.Path(os.environ["MADE_UP_TREE"])

def note(call):
    with (tree / "calls").open("a") as calls:
        calls.write(call + "\\n")
    if (tree / "stop").exists() and (tree / "stop").read_text() == call:
        (tree / "reached").touch()
        script = os.getppid()
        while os.getppid() == script:
            time.sleep(0.05)
"""
PROGRAM = NOTED + """
def option(name):
    return sys.argv[sys.argv.index(name) + 1]

if sys.argv[1] == "--version":
    print("autoencoder 1.2.3")
else:
    note(f"autoencoder {option('--model')} {option('--seed')}")
    run = pathlib.Path(option("--out"))
    run.mkdir(exist_ok=True)
    (run / "metrics.csv").write_text("train_loss,train_seconds,images_per_second\\n0.5,1.5,32000\\n")
"""
PEER = NOTED + """
if sys.argv[1] == "-c":
    print('{"torch": "2.0"}')
else:
    settings = json.loads(sys.argv[2])
    note(f"{settings['variant']} {settings['workload']} {settings['seed']}")
    print(json.dumps({"epoch_seconds": [3.0], "loss": 0.5}))
"""
COMMAND = ("scripts/benchmark", "training", "--workloads", "vae,dense", "--contestants", "autoencoder,pytorch-eager",
           "--rounds", "2", "--threads", "1", "--out", "results")
ALL = [f"{name} {workload} {seed}" for workload in ("vae", "dense") for seed in "01"
       for name in ("autoencoder", "eager")]


class Stopped(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.tree = pathlib.Path(folder.name)
        shutil.copytree(SCRIPTS, self.tree / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        self.write("build/release/autoencoder", PROGRAM)
        self.write("venv/bin/python", PEER)
        self.write("data/mnist/train-images-idx3-ubyte", "")

    def write(self, name, text):
        path = self.tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def start(self):
        variables = {**os.environ, "BENCHMARK_VENV": str(self.tree / "venv"), "MADE_UP_TREE": str(self.tree)}
        return subprocess.Popen(COMMAND, cwd=self.tree, env=variables, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)

    def calls(self):
        """Those since the last time this was called."""
        path = self.tree / "calls"
        calls = path.read_text().splitlines() if path.exists() else []
        path.unlink(missing_ok=True)
        return calls

    def stop_at(self, call, number):
        """Stops the script with the signal `number` while it is at this call."""
        self.write("stop", call)
        process = self.start()
        while process.poll() is None and not (self.tree / "reached").exists():
            time.sleep(0.01)
        process.send_signal(number)
        output, _ = process.communicate()
        for name in ("stop", "reached"):
            (self.tree / name).unlink(missing_ok=True)
        return process.returncode, output

    def finish(self):
        process = self.start()
        output, _ = process.communicate()
        self.assertEqual(process.returncode, 0, output)
        return output

    def counts(self):
        """How many samples that did not fail the results hold, by part and row."""
        path = self.tree / "results/BENCHMARKS.json"
        kinds = json.loads(path.read_text()) if path.exists() else {"none": {}}
        (parts,) = kinds.values()
        return {name: {row: sum("error" not in sample for sample in samples) for row, samples in part["rows"].items()}
                for name, part in parts.items()}

    WHOLE = {f"training {name}": {"autoencoder": 2, "pytorch-eager": 2} for name in ("vae", "dense")}

    def test_not_stopped_it_begins_at_the_start_each_time(self):
        for _ in range(2):
            output = self.finish()
            self.assertEqual(self.calls(), ALL)
            self.assertEqual(self.counts(), self.WHOLE)
            self.assertTrue(output.endswith("results/BENCHMARKS.md: written\n"), output)

    def test_stopped_in_a_workload_it_goes_on_from_there(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            status, output = self.stop_at("eager dense 0", number)
            self.assertEqual(status, 130, output)
            self.assertEqual(self.calls(), ALL[:6])
            self.assertEqual(self.counts()["training vae"], self.WHOLE["training vae"])
            self.finish()
            self.assertEqual(self.calls(), ALL[5:])
            self.assertEqual(self.counts(), self.WHOLE)

    def test_killed_it_goes_on_from_there(self):
        self.stop_at("autoencoder vae 1", signal.SIGKILL)
        self.calls()
        self.finish()
        self.assertEqual(self.calls(), ALL[2:])

    def test_another_program_is_measured_from_the_start(self):
        self.stop_at("eager dense 0", signal.SIGTERM)
        self.calls()
        self.write("build/release/autoencoder", PROGRAM + "# built anew")
        self.finish()
        self.assertEqual(self.calls(), ALL)

    def test_without_a_program_it_says_what_to_do(self):
        (self.tree / "build/release/autoencoder").unlink()
        process = self.start()
        output, _ = process.communicate()
        self.assertEqual((process.returncode, output),
                         (1, f"error: {self.tree.resolve()}/build/release/autoencoder not found: build it with "
                             "scripts/setup release autoencoder\n"))


if __name__ == "__main__":
    unittest.main()
