"""Tests which rows scripts/reproduce does, and what it keeps when it is stopped. The rows are made up."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.ending import Failure  # noqa: E402
from measuring.reproduce import main as module  # noqa: E402
from measuring.reproduce.study import Study  # noqa: E402


class MadeUpStudy(Study):
    """Counts how often it was done since it was forgotten."""

    setting = "a setting"

    def __init__(self, name, log):
        self.name, self.log, self.times, self.error = name, log, 0, None

    def is_done(self):
        return self.times > 0

    def forget(self):
        self.times = 0

    def do(self):
        if self.error:
            raise self.error
        self.log.append(self.name)
        self.times += 1
        return {"figures": {"times": self.times}, "seeds": 1, "seconds": 1, "machine": "A"}


class Calls(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = []
        self.rows = {name: MadeUpStudy(name, self.log) for name in "abc"}
        for name, value in (("ROWS", self.rows), ("SECTIONS", {"All": tuple(self.rows.values())}),
                            ("ROOT", pathlib.Path(folder.name)), ("require_built", lambda: None)):
            self.enterContext(mock.patch.object(module, name, value))
        self.store = module.store_in(module.ROOT)

    def call(self, *words):
        """The rows that were done, and what was printed."""
        self.log.clear()
        with mock.patch.object(sys, "argv", ["reproduce", *words]), \
                contextlib.redirect_stdout(io.StringIO()) as printed:
            module.main("")
        return "".join(self.log), printed.getvalue()

    def times(self):
        return {name: result["figures"]["times"] for name, result in self.store.load().items()}

    def test_without_names_it_is_every_row_that_is_not_done(self):
        self.assertEqual(self.call("b")[0], "b")
        self.assertEqual(self.call()[0], "ac")
        self.assertEqual(self.call(), ("", f"{module.ROOT}/RESULTS.md: written\n"))

    def test_a_row_without_its_runs_is_not_done_whoever_has_measured_it(self):
        self.call()
        self.rows["b"].forget()
        self.assertEqual(self.call()[0], "b")

    def test_rows_named_are_measured_anew_and_trained_anew_with_again(self):
        self.call()
        self.call("a", "b")
        self.assertEqual(self.times(), {"a": 2, "b": 2, "c": 1})
        self.call("--again", "b")
        self.assertEqual(self.times(), {"a": 2, "b": 1, "c": 1})

    def test_stopped_in_a_row_it_keeps_those_before_and_goes_on_with_that(self):
        self.rows["b"].error = KeyboardInterrupt()
        with self.assertRaises(KeyboardInterrupt):
            self.call()
        self.assertEqual(self.times(), {"a": 1})
        self.assertIn("| a | a setting |  | times: 1 | 1 | 1 s |", self.store.table.read_text())
        self.rows["b"].error = None
        self.assertEqual(self.call()[0], "bc")

    def test_results_of_rows_that_are_no_more_stay(self):
        self.store.write({"old": {"machine": "B"}})
        self.call("a")
        self.assertEqual(list(self.store.load()), ["old", "a"])

    def test_the_list_does_nothing(self):
        self.call("b")
        self.assertEqual(self.call("--list"), ("", f"{'a':24}\n{'b':24}done\n{'c':24}\n"))

    def test_a_module_that_is_missing_is_told_with_where_it_comes_from(self):
        self.rows["a"].error = ModuleNotFoundError(name="cv2")
        with self.assertRaisesRegex(Failure, "no Python module cv2: apt-get install python3-opencv"):
            self.call("a")

    def test_wrong_words_are_told(self):
        for words, told in ((("d",), "d: no such row"), (("--again",), "--again needs the rows to train again")):
            with contextlib.redirect_stderr(io.StringIO()) as errors, self.assertRaises(SystemExit):
                self.call(*words)
            self.assertIn(told, errors.getvalue())


if __name__ == "__main__":
    unittest.main()
