"""Tests how processes are run that the benchmark measures."""

import os
import pathlib
import signal
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark import processes  # noqa: E402
from measuring.ending import Failure  # noqa: E402


def run(script):
    return processes.execute(["/bin/sh", "-c", script], os.environ)


def is_there(process):
    status = pathlib.Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] != "Z"


class Ended(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.note = pathlib.Path(folder.name) / "process"

    def endless(self):
        """Says in self.note which process it has started, and when that has ended by itself."""
        return f"sleep 30 & echo $! > {self.note}.new; mv {self.note}.new {self.note}; wait; echo ended > {self.note}"

    def assert_gone(self):
        process = self.note.read_text().strip()
        self.assertNotEqual(process, "ended")
        for _ in range(1000):
            if not is_there(process):
                return
            time.sleep(0.01)
        self.fail(f"process {process!r} is still there")

    def test_well_it_has_an_output(self):
        finished = run("echo one; echo two >&2; echo '[3]'")
        self.assertEqual(finished.output, "one\n[3]\n")
        self.assertEqual(finished.last_line(), [3])
        self.assertGreater(finished.peak_mb, 0)

    def test_badly_it_fails_with_its_last_line_of_error(self):
        for script, told in (("echo first >&2; echo '  last ' >&2; echo >&2; exit 3", "last"),
                             ("echo out; exit 3", "exit status 3"), ("kill -9 $$", "exit status -9")):
            with self.assertRaisesRegex(Failure, f"^{told}$"):
                run(script)

    def test_without_end_it_fails_and_what_it_started_is_gone(self):
        with mock.patch.object(processes, "TIMEOUT", 0.5), self.assertRaisesRegex(Failure, "no end after 0.5 s"):
            run(self.endless())
        self.assert_gone()

    def test_stopped_what_it_started_is_gone(self):
        def stop():
            while not self.note.exists():
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=stop, daemon=True).start()
        with self.assertRaises(KeyboardInterrupt):
            run(self.endless())
        self.assert_gone()


if __name__ == "__main__":
    unittest.main()
