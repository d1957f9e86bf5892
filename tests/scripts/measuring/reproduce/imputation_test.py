"""Tests what scripts/reproduce makes of filled tables."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[4] / "scripts"))

try:
    import numpy
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from measuring.reproduce.imputation import error_in_deviations, header_of, hidden_cells, write_table


class ImputationTest(unittest.TestCase):
    def test_errors_are_in_deviations_of_each_column_and_of_hidden_cells_alone(self):
        rows = numpy.array([[0.0, 0.0], [2.0, 20.0], [0.0, 0.0], [2.0, 20.0]])
        filled = rows + numpy.array([[1, 10], [0, 10], [0, 0], [99, 0]])
        hidden = numpy.array([[1, 1], [1, 1], [0, 0], [0, 0]], dtype=bool)
        # Deviations of 1 and 10; mean squares of 1/2 and 1.
        self.assertAlmostEqual(error_in_deviations(rows, filled, hidden), (0.5**0.5 + 1) / 2)

    def test_a_fifth_is_hidden_and_the_same_for_a_seed(self):
        rows = numpy.zeros((1000, 5))
        self.assertAlmostEqual(hidden_cells(rows, 1).mean(), 0.2, delta=0.03)
        self.assertTrue((hidden_cells(rows, 1) == hidden_cells(rows, 1)).all())
        self.assertFalse((hidden_cells(rows, 1) == hidden_cells(rows, 2)).all())

    def test_what_is_hidden_is_an_empty_cell(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "table.csv")
            write_table(path, numpy.array([[1.5, 2.0]]), numpy.array([[False, True]]))
            self.assertEqual(path.read_text(), "x0,x1\n1.5,\n")
            self.assertEqual(header_of(path), ["x0", "x1"])


if __name__ == "__main__":
    unittest.main()
