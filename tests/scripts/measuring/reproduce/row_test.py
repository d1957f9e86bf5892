"""Tests how a row is trained and measured, with a program that is made up."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.ending import Failure  # noqa: E402
from measuring.reproduce import row as module  # noqa: E402
from measuring.reproduce import study  # noqa: E402
from measuring.reproduce.figures import Figure  # noqa: E402
from measuring.reproduce.row import Row, train, train_options  # noqa: E402


class MadeUpProgram(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.calls, self.finishes = [], True
        for where, name, value in ((module, "RUNS", self.root / "runs"), (module, "program", self.program),
                                   (module, "print", mock.Mock()), (study, "ROOT", self.root),
                                   (study, "PICTURES", self.root / "pictures")):
            self.enterContext(mock.patch.object(where, name, value, create=name == "print"))

    def program(self, *words):
        """What training leaves: of seed n, epochs of n + 2 and n + 1 seconds."""
        self.calls.append(" ".join(words).replace(str(self.root / "runs"), "RUNS"))
        run = pathlib.Path(words[-1] if words[1] == "--resume" else words[words.index("--out") + 1])
        seed = int(run.name[-1])
        self.write(run, "metrics.csv", f"train_loss,train_seconds\n1,{seed + 2}\n1,{seed + 1}\n")
        self.write(run, "reconstructions.png", f"picture {seed}")
        if self.finishes:
            self.write(run, "model.pt", "")

    def write(self, run, name, text):
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_text(text)

    def row(self, **changes):
        return Row("some", "a setting", (), **changes)

    def test_the_recipe_is_that_of_the_name_unless_another_or_a_model_is_named(self):
        self.assertEqual(" ".join(train_options(self.row(), 2)),
                         f"--recipe some --seed 2 --out {self.root}/runs/some-2 --force")
        self.assertEqual(train_options(self.row(recipe="other", options=("--strength", "0")), 0)[:4],
                         ("--recipe", "other", "--strength", "0"))
        self.assertEqual(train_options(self.row(options=("--model", "conv")), 0)[:3], ("--model", "conv", "--seed"))

    def test_what_was_stopped_is_trained_on(self):
        self.write(self.root / "runs/some-1", "checkpoints/last", "")
        self.assertEqual(train(self.row(), 1), self.root / "runs/some-1")
        self.assertEqual(self.calls, ["train --resume RUNS/some-1"])

    def test_what_is_finished_is_not_trained_again(self):
        train(self.row(), 0)
        train(self.row(), 0)
        self.assertEqual(len(self.calls), 1)

    def test_what_stops_before_its_end_is_a_failure(self):
        self.finishes = False
        with self.assertRaisesRegex(Failure, "some-0: stopped before the end; call this again to go on"):
            train(self.row(), 0)

    def test_each_seed_is_trained_and_measured(self):
        figure = Figure("length", 1, (), None)
        row = Row("some", "a setting", (figure,), seeds=2)
        with mock.patch.object(Figure, "measure", lambda self, run: int(run.name[-1]) + 1):
            result = row.do()
        self.assertEqual(self.calls, [f"train --recipe some --seed {seed} --out RUNS/some-{seed} --force"
                                      for seed in (0, 1)])
        self.assertEqual(result, {
            "figures": {"length": "1.5 ± 0.7"}, "values": {"length": [1, 2]}, "seeds": 2, "seconds": 3,
            "machine": study.machine(), "picture": "pictures/some.png"})
        self.assertEqual((self.root / "pictures/some.png").read_text(), "picture 0")

    def test_a_row_of_another_row_s_runs_measures_those_and_leaves_them(self):
        trained = self.row(seeds=1)
        of_it = Row("of-it", "a setting", (), seeds=1, runs_of=trained)
        self.assertFalse(of_it.is_done())
        self.assertEqual(of_it.do()["picture"], "pictures/of-it.png")
        self.assertEqual(self.calls, ["train --recipe some --seed 0 --out RUNS/some-0 --force"])
        of_it.forget()
        self.assertTrue(of_it.is_done() and trained.is_done())
        trained.forget()
        self.assertFalse(of_it.is_done() or trained.is_done())


if __name__ == "__main__":
    unittest.main()
