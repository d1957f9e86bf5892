"""Tests in which order the benchmark measures, and when it stops."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.benchmark.parts import Part  # noqa: E402
from measuring.benchmark.rounds import brief, is_through, take_turns  # noqa: E402
from measuring.benchmark.unfinished import Unfinished  # noqa: E402
from measuring.ending import Failure  # noqa: E402


class Turns(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "unfinished.json"
        self.taken, self.outcomes = [], {}

    def measure(self, name):
        """Notes the turn, then does what the test has laid down for it; else it takes a second."""
        def measure(number):
            self.taken.append(f"{name}{number}")
            outcome = self.outcomes.get(self.taken[-1], {"seconds": 1})
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        return measure

    def call(self, rounds=3, budget=30):
        part = Part("training", {}, {name: self.measure(name) for name in "ab"})
        kept = Unfinished(self.path, "cpu", {}, "").part("training", {}, 0)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            take_turns(part, kept, rounds, budget)
        self.printed = printed.getvalue().splitlines()
        return kept.samples

    def test_each_has_a_turn_before_any_has_its_next(self):
        samples = self.call()
        self.assertEqual(self.taken, ["a0", "b0", "a1", "b1", "a2", "b2"])
        self.assertEqual(samples, {"a": [{"seconds": 1}] * 3, "b": [{"seconds": 1}] * 3})
        self.assertEqual(self.printed[2], f"training, round 2/3: {'a':24} 1.0 s in all")

    def test_one_that_failed_sits_out(self):
        self.outcomes = {"a0": Failure("no memory"), "b1": ValueError("no JSON")}
        samples = self.call()
        self.assertEqual(self.taken, ["a0", "b0", "b1"])
        self.assertEqual(samples, {"a": [{"error": "no memory"}], "b": [{"seconds": 1}, {"error": "no JSON"}]})

    def test_one_that_had_its_time_sits_out_after_two(self):
        self.outcomes = {"a0": {"seconds": 40}, "a1": {"seconds": 20}}
        self.call(budget=30)
        self.assertEqual(self.taken, ["a0", "b0", "a1", "b1", "b2"])

    def test_stopped_in_the_middle_it_goes_on_from_there(self):
        self.outcomes = {"b1": KeyboardInterrupt()}
        with self.assertRaises(KeyboardInterrupt):
            self.call()
        self.assertEqual(self.taken, ["a0", "b0", "a1", "b1"])
        self.taken, self.outcomes = [], {}
        samples = self.call()
        self.assertEqual(self.taken, ["b1", "a2", "b2"])
        self.assertEqual([len(samples[name]) for name in "ab"], [3, 3])
        self.assertEqual(self.printed[0], "training: goes on after 3 measurements of a call that was stopped")

    def test_a_part_that_had_all_its_turns_has_none_again(self):
        self.call()
        self.taken = []
        self.call()
        self.assertEqual(self.taken, [])


class Sample(unittest.TestCase):
    def test_two_rounds_are_for_all_and_the_shortest_one_counts(self):
        def seconds(*values):
            return [{"seconds": value} for value in values]

        self.assertFalse(is_through([], 30))
        self.assertFalse(is_through(seconds(100), 30))
        self.assertFalse(is_through(seconds(100, 14), 30))
        self.assertTrue(is_through(seconds(100, 15), 30))
        self.assertTrue(is_through([{"error": "x"}], 30))

    def test_is_told_in_a_line(self):
        self.assertEqual(brief({"error": "x"}), "x")
        self.assertEqual(brief({"seconds": 7, "epoch_seconds": [9, 1, 2], "loss": 0.123456}),
                         "1.500 s an epoch, loss 0.12346, 7.0 s in all")


if __name__ == "__main__":
    unittest.main()
