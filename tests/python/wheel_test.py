"""Tests the wheel of python/: python wheel_test.py PROGRAM, of build/release. Skipped (77) where nothing can build it."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import PROGRAM, PYTHON, can_build_wheels, clouds, np

try:
    import torch
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)
if not can_build_wheels():
    print("skipped: no pip, or no setuptools from 70.1 on")
    sys.exit(77)
if Path(PROGRAM).parent != PYTHON.parent / "build" / "release":
    print("skipped: a wheel holds the program of build/release")
    sys.exit(77)

# Of the system's C and C++ libraries, which torch needs as well.
SYSTEM = ("ld-linux", "libc.", "libm.", "libdl.", "librt.", "libpthread.", "libutil.", "libresolv.", "libstdc++.", "libgcc_s.")

FIT = """
import sys
import numpy
from autoencoder import Autoencoder
from autoencoder.program import find_program
print(find_program())
print(Autoencoder(latent_dim=2, epochs=2, random_state=0).fit_transform(numpy.load(sys.argv[1])).shape)
"""


class WheelTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        pip = [sys.executable, "-m", "pip", "--quiet"]
        subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", cls.folder, PYTHON], check=True)
        (cls.wheel,) = cls.folder.glob("*.whl")
        cls.site = cls.folder / "site"
        subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", cls.site, cls.wheel], check=True)
        (cls.site / "torch").symlink_to(Path(torch.__file__).parent)

    def printed(self, *words):
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.site), "HOME": str(self.folder)}
        result = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, env=environment)
        self.assertEqual(result.returncode, 0, result)
        return result.stdout

    def test_is_of_this_system_and_any_python_and_asks_for_its_torch(self):
        self.assertRegex(self.wheel.name, r"^autoencoder-.*-py3-none-linux_")
        (metadata,) = self.site.glob("autoencoder-*.dist-info/METADATA")
        self.assertIn(f"Requires-Dist: torch=={torch.__version__.partition('+')[0]}\n", metadata.read_text())

    def test_its_program_trains_and_draws(self):
        self.printed(self.site / "bin" / "autoencoder", "train", "--recipe", "circle", "--epochs", "2", "--out", "circle", "--quiet")
        self.assertTrue(any((self.folder / "circle").glob("*.png")))

    def test_its_classes_call_its_program(self):
        np.save(self.folder / "clouds.npy", clouds())
        program, shape = self.printed(sys.executable, "-c", FIT, self.folder / "clouds.npy").splitlines()
        self.assertEqual(program, str(self.site / "autoencoder" / "bin" / "autoencoder"))
        self.assertEqual(shape, "(60, 2)")

    def test_all_that_is_needed_lies_in_it_or_in_torch(self):
        held = self.site / "autoencoder"
        there = {path.name for folder in (held / "lib", self.site / "torch" / "lib") for path in folder.iterdir()}
        for file in [held / "bin" / "autoencoder", *(held / "lib").iterdir()]:
            for name in re.findall(r"\(NEEDED\).*\[(.*)\]", self.printed("readelf", "-d", file)):
                self.assertTrue(name in there or name.startswith(SYSTEM), f"{file.name} needs {name}")

    def test_it_computes_with_what_a_build_computes_with(self):
        blas = lambda text: re.search(r"BLAS .*", text)[0]
        build = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(blas(self.printed(self.site / "bin" / "autoencoder", "--version")), blas(build))


if __name__ == "__main__":
    unittest.main()
