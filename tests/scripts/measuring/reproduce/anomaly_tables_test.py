"""Tests how a table is divided; needs NumPy."""

import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.anomaly_tables import split_of, tables_in  # noqa: E402


@unittest.skipUnless(importlib.util.find_spec("numpy"), "no NumPy here")
class Split(unittest.TestCase):
    def setUp(self):
        import numpy

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "made-up.npz"
        rows = numpy.stack([numpy.arange(30), numpy.full(30, 7)], 1).astype(numpy.float32)  # the second is constant
        numpy.savez(self.path, X=rows, y=numpy.arange(30) >= 20)

    def test_half_of_the_normal_rows_are_learned_from(self):
        split = split_of(self.path, 0)
        self.assertEqual((split.train.shape, split.test.shape), ((10, 2), (20, 2)))
        self.assertEqual(split.is_anomaly.sum(), 10)

    def test_columns_are_standardised_by_what_is_learned_from(self):
        split = split_of(self.path, 0)
        self.assertAlmostEqual(float(split.train[:, 0].mean()), 0, 6)
        self.assertAlmostEqual(float(split.train[:, 0].std()), 1, 6)
        self.assertEqual(abs(split.test[:, 1]).max(), 0)
        self.assertGreater(split.test[split.is_anomaly, 0].min(), split.train[:, 0].max())

    def test_the_seed_draws_the_halves(self):
        first, same, other = (split_of(self.path, seed).test.tolist() for seed in (0, 0, 1))
        self.assertEqual(first, same)
        self.assertNotEqual(first, other)

    def test_of_a_larger_table_so_many_rows_are_drawn(self):
        split = split_of(self.path, 0, 12)
        self.assertEqual(len(split.train) + len(split.test), 12)

    def test_tables_are_found_by_name(self):
        self.assertEqual(tables_in(self.path.parent), {"made-up": self.path})


if __name__ == "__main__":
    unittest.main()
