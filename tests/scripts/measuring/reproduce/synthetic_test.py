"""Tests what scripts/reproduce makes of made-up rows."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))

try:
    import numpy  # noqa: F401
    import sklearn  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from measuring.reproduce import synthetic

HEADER = ["age", "work", "income"]


def rows(count, wanted_from):
    """Whoever is at least so old has what is wanted."""
    return [[str(age % 90), "office" if age % 2 else "field", ">50K" if age % 90 >= wanted_from else "<=50K"]
            for age in range(count)]


class SyntheticTest(unittest.TestCase):
    def test_rows_that_tell_the_truth_teach_and_others_do_not(self):
        tested = rows(360, 45)
        truth = synthetic.score(HEADER, rows(900, 45), tested, 0)
        others = synthetic.score(HEADER, rows(900, 80), tested, 0)
        self.assertGreater(truth, 0.9)
        self.assertLess(others, truth - 0.1)

    def test_each_row_is_learned_from_or_tried(self):
        learned, tested = synthetic.divided(rows(100, 45), 3)
        self.assertEqual(len(tested), 25)
        self.assertEqual(sorted(map(tuple, learned + tested)), sorted(map(tuple, rows(100, 45))))
        self.assertNotEqual(learned, synthetic.divided(rows(100, 45), 4)[0])

    def test_copies_are_counted(self):
        real = rows(10, 45)
        self.assertEqual(synthetic.share_copied([real[0], ["1", "office", ">50K"]], real), 0.5)

    def test_columns_are_found_by_name(self):
        self.assertEqual(synthetic.in_order(["a", "b"], ["b", "c", "a"], [["1", "2", "3"]]), [["3", "1"]])
        self.assertEqual(synthetic.numeric_columns(HEADER, rows(5, 45)), ["age"])

    def test_what_is_not_known_is_a_word(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "table.csv")
            synthetic.write_rows(path, HEADER, [["1", "", "<=50K"]])
            self.assertEqual(synthetic.read_rows(path), (HEADER, [["1", "?", "<=50K"]]))


if __name__ == "__main__":
    unittest.main()
