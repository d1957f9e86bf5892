"""Tests how python/ is installed, and how it calls the program: python package_test.py PROGRAM. Skipped (77) where
there is no scikit-learn."""

import contextlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import PROGRAM, PYTHON, SMALL, can_build_wheels, clouds, np

from autoencoder import Autoencoder
from autoencoder.program import call

# Takes at least ten seconds, and has its first line of an epoch after a hundredth of that (training/epoch_lines.h).
EPOCHS = 10**4

# Says when the program has started.
LONG_FIT = """
import numpy, signal, sys
from autoencoder import Autoencoder
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a test in the background does not have
X = numpy.random.default_rng(0).normal(size=(60, 5))
try:
    Autoencoder(epochs=int(sys.argv[2]), verbose=True, program=sys.argv[1]).fit(X)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


class ProgressTest(unittest.TestCase):
    def shown(self, verbose):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            Autoencoder(**SMALL, verbose=verbose).fit(clouds())
        return output.getvalue()

    def test_is_shown_where_it_is_asked_for(self):
        self.assertRegex(self.shown(True), r"epoch +1/2 .*\n.*epoch +2/2 ")
        self.assertEqual(self.shown(False), "")
        self.assertEqual(self.shown(None), "")  # no terminal


class InterruptTest(unittest.TestCase):
    def test_the_program_saves_and_ends_before_the_interrupt_is_raised(self):
        with tempfile.TemporaryDirectory() as folder:
            data, run = Path(folder, "data.npy"), Path(folder, "run")
            np.save(data, clouds().astype(np.float32))
            fitting = ("--scale", "standard", "--output-activation", "none", "--loss", "mse")

            def interrupt(line):
                if "epoch" in line:
                    raise KeyboardInterrupt

            with self.assertRaises(KeyboardInterrupt):
                call(PROGRAM, "train", "--data", data, *fitting, "--epochs", EPOCHS, "--out", run, show=interrupt)
            self.assertTrue((run / "checkpoints" / "index.json").exists())
            # It is saved whole, and nobody is at work on it any more: it can be gone on with.
            epochs = len((run / "metrics.csv").read_text().splitlines()) - 1
            call(PROGRAM, "train", "--resume", run, "--epochs", epochs + 1, "--quiet")

    def test_ctrl_c_ends_a_fit(self):
        environment = os.environ | {"PYTHONPATH": str(PYTHON)}
        # As a terminal does it: the signal goes to the whole group.
        fit = subprocess.Popen(
            [sys.executable, "-c", LONG_FIT, PROGRAM, str(EPOCHS)],
            stdout=subprocess.PIPE, text=True, env=environment, start_new_session=True,
        )  # fmt: skip
        try:
            while "epoch" not in fit.stdout.readline():
                self.assertIsNone(fit.poll())
            os.killpg(fit.pid, signal.SIGINT)
            rest, _ = fit.communicate(timeout=300)
        finally:
            fit.kill()
        self.assertEqual((rest.splitlines()[-1], fit.returncode), ("interrupted", 0))


class InstallationTest(unittest.TestCase):
    def installed(self, package=PYTHON):
        """A folder with the package, installed from a copy of what is in `package`."""
        if not can_build_wheels():
            self.skipTest("no pip, or nothing that it builds with (setuptools from 70.1 on)")
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        shutil.copytree(package, folder / "python", ignore=shutil.ignore_patterns("build", "*.egg-info"))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation"]
        subprocess.run([*pip, "--target", folder / "site", folder / "python"], check=True)
        return folder / "site"

    def found_program(self, site):
        code = "from autoencoder.program import find_program; import autoencoder; print(autoencoder.__file__); print(find_program())"
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(site)}
        result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=site)
        self.assertTrue(result.stdout.startswith(str(site)), result)
        return result

    def test_all_of_it_is_installed(self):
        site = self.installed()
        files = lambda folder: {path.name for path in (folder / "autoencoder").glob("*.py")}
        self.assertEqual(files(site), files(PYTHON))
        self.found_program(site)

    def test_of_a_build_it_knows_the_program(self):
        found = self.found_program(self.installed(Path(PROGRAM).parent / "python"))
        self.assertEqual(found.stdout.splitlines()[1], PROGRAM)


if __name__ == "__main__":
    unittest.main()
