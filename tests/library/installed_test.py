"""Installs the library of a build, and builds and runs a program of another project with it:
python installed_test.py BUILD COMPILER."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
GUIDE = HERE.parents[1] / "GUIDE.md"
COMPILER = sys.argv.pop()
BUILD = sys.argv.pop()


def output_of(*words, **options):
    result = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if result.returncode != 0:
        raise AssertionError(f"{words}: exit status {result.returncode}\n{result.stdout}")
    return result.stdout


class InstalledLibraryTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.prefix = cls.folder / "prefix"
        output_of("cmake", "--install", BUILD, "--component", "library", "--prefix", cls.prefix)

    def test_a_program_of_twenty_lines_trains_and_encodes(self):
        build = self.folder / "build"
        choices = (f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_CXX_COMPILER={COMPILER}")
        output_of("cmake", "-G", "Ninja", "-S", HERE / "example", "-B", build, *choices)
        output_of("cmake", "--build", build)
        printed = output_of(build / "example", cwd=self.folder)
        self.assertRegex(printed, r"epoch +20/20 ")
        self.assertRegex(printed, r"test split of circle, 100 examples: codes \[100, 1\]")

    # A project that uses them may have a folder common/ or data/ of its own.
    def test_no_header_leads_out_of_the_installed_ones(self):
        headers = sorted((self.prefix / "include").rglob("*.h"))
        self.assertGreater(len(headers), 100)
        for header in headers:
            for included in re.findall(r'#include "([^"]+)"', header.read_text()):
                self.assertTrue((self.prefix / "include" / included).exists(), f"{header}: {included}")

    def test_the_guide_shows_that_program(self):
        self.assertIn((HERE / "example" / "main.cpp").read_text(), GUIDE.read_text())
        self.assertIn("find_package(autoencoder REQUIRED)", GUIDE.read_text())


if __name__ == "__main__":
    unittest.main()
