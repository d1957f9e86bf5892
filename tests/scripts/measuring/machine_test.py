"""Tests what is read of the machine."""

import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts"))
from measuring import machine  # noqa: E402

CPUINFO = """\
processor\t: 0
model\t\t: 1
model name\t: Some Processor: 3 GHz
flags\t\t: fpu avx2 amx_bf16

processor\t: 1
model name\t: Another
flags\t\t: fpu
"""


class Processor(unittest.TestCase):
    def test_the_first_one_counts(self):
        self.assertEqual(machine.fields_of(CPUINFO),
                         {"model name": "Some Processor: 3 GHz", "flags": "fpu avx2 amx_bf16"})

    def test_what_is_not_told_is_empty(self):
        self.assertEqual(machine.fields_of("processor\t: 0\n"), {"model name": "", "flags": ""})

    def test_bfloat16_is_fast_with_instructions_for_it_only(self):
        for flags, fast in (("fpu avx512_bf16", True), ("amx_bf16", True), ("fpu avx512f amx_tile", False)):
            with mock.patch.object(machine, "processor_fields", return_value={"flags": flags}):
                self.assertEqual(machine.has_fast_bfloat16(), fast, flags)


class Gpu(unittest.TestCase):
    def named(self, script):
        with tempfile.TemporaryDirectory() as folder:
            if script:
                program = pathlib.Path(folder) / "nvidia-smi"
                program.write_text(f"#!/bin/sh\n{script}\n")
                program.chmod(0o755)
            with mock.patch.dict(os.environ, PATH=folder):
                return machine.gpu()

    def test_is_the_first_one(self):
        self.assertEqual(self.named("echo 'Some GPU'; echo Another"), "Some GPU")

    def test_without_one_it_has_no_name(self):
        self.assertEqual([self.named(script) for script in ("", "exit 9", ":")], ["", "", ""])


if __name__ == "__main__":
    unittest.main()
