"""Tests the measures of detectors by hand."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.ranking import area_under_roc, average_precision  # noqa: E402


class Ranking(unittest.TestCase):
    def test_area_under_roc_is_the_share_of_pairs_in_order(self):
        self.assertEqual(area_under_roc([4, 3, 2, 1], [1, 0, 1, 0]), 3 / 4)
        self.assertEqual(area_under_roc([1, 2, 3], [0, 0, 1]), 1)

    def test_equal_scores_count_half(self):
        self.assertEqual(area_under_roc([1, 1, 1, 1, 1], [1, 0, 0, 1, 0]), 1 / 2)
        self.assertEqual(area_under_roc([2, 1, 1], [0, 1, 0]), 1 / 4)

    def test_average_precision_weighs_precision_by_what_recall_it_adds(self):
        self.assertAlmostEqual(average_precision([4, 3, 2, 1], [1, 0, 1, 0]), (1 + 2 / 3) / 2)

    def test_of_equal_scores_it_is_the_share_of_anomalies(self):
        self.assertAlmostEqual(average_precision([7, 7, 7, 7], [1, 0, 0, 0]), 1 / 4)

    def test_order_of_the_rows_is_of_no_account(self):
        self.assertEqual(average_precision([3, 1, 1, 2], [1, 1, 0, 0]), average_precision([1, 2, 3, 1], [0, 0, 1, 1]))


if __name__ == "__main__":
    unittest.main()
