"""Tests how a start is timed, of a program that is made up. How long it takes is not tested."""

import os
import pathlib
import sys
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import processes, start  # noqa: E402
from measuring.benchmark.workloads import WORKLOADS, Call  # noqa: E402
from measuring.ending import Failure  # noqa: E402


class FirstStep(unittest.TestCase):
    def until(self, script):
        command = mock.Mock(return_value=["/bin/sh", "-c", script])
        with mock.patch.multiple(start, train_command=command, environment=lambda _: os.environ), \
                mock.patch.object(processes, "TIMEOUT", 60):
            return start.until_first_step(Call(WORKLOADS["dense"], "cpu", 1))

    def test_is_when_the_data_is_told(self):
        sample = self.until("echo model; echo 'data 48,000 images'; exec sleep 30")
        self.assertEqual(list(sample), ["seconds"])

    def test_without_it_there_is_no_sample(self):
        with self.assertRaisesRegex(Failure, "ended before its first step: error: no data"):
            self.until("echo model; echo 'error: no data' >&2")
        with self.assertRaisesRegex(Failure, "ended before its first step: $"):
            self.until("exit 1")


if __name__ == "__main__":
    unittest.main()
