"""The parts of the package that are not Python: in a clone of the project the program, built here, and all that it needs
beside PyPI's torch; in the folder of a build the path of its program; elsewhere none."""

import os
import shutil
import subprocess
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
CLONE = HERE.parent
BUILD = CLONE / "build" / "release"
DEPENDENCIES = ["numpy", "scikit-learn>=1.6"]
HOLDS_PROGRAM = (CLONE / "scripts" / "setup").exists() and not (HERE / "autoencoder" / "built_program.txt").exists()


def build_program():
    # pip builds packages in surroundings of their own, which are not for those who build a program.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    subprocess.run([CLONE / "scripts" / "setup", "release", "wheel_program"], env=environment, check=True)


class BuildWithProgram(build_py):
    """Adds bin/autoencoder to the package, the libraries that it needs in lib/, and a font for its pictures."""

    def run(self):
        super().run()
        package = Path(self.build_lib, "autoencoder")
        for part in ("bin", "lib", "fonts"):
            shutil.rmtree(package / part, ignore_errors=True)
        install = ["cmake", "--install", BUILD, "--component", "wheel", "--strip", "--prefix", package.resolve()]
        subprocess.run(install, stdout=subprocess.DEVNULL, check=True)


class ProgramWheel(bdist_wheel):
    """Of this system, but of any Python."""

    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


class ProgramDistribution(Distribution):
    def has_ext_modules(self):
        return True


def program_parts():
    """What setup() is told where the package holds the program."""
    build_program()
    torch_version = (BUILD / "wheel" / "torch_version.txt").read_text().strip()
    return {
        "cmdclass": {"build_py": BuildWithProgram, "bdist_wheel": ProgramWheel},
        "distclass": ProgramDistribution,
        "install_requires": [*DEPENDENCIES, f"torch=={torch_version}"],
    }


setup(**(program_parts() if HOLDS_PROGRAM else {"install_requires": DEPENDENCIES}))
