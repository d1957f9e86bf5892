"""Tests VUS-PR: by hand, and against what the program of its authors (vus 0.0.6, RangeAUC_volume_opt) says."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.volume import (  # noqa: E402
    Alarms, area_under_pr, buffer_weights, merged, stretches_of, volume_under_pr)


class Volume(unittest.TestCase):
    # Three stretches, two of which are close to each other and one at the end; scores that are equal here and there.
    IS_ANOMALY = [100 <= step < 120 or 125 <= step < 130 or step >= 295 for step in range(300)]
    SCORES = [step * 37 % 101 + 30 * is_anomaly for step, is_anomaly in enumerate(IS_ANOMALY)]

    def test_is_that_of_the_authors_program(self):
        self.assertAlmostEqual(volume_under_pr(self.SCORES, self.IS_ANOMALY, 0), 0.408097790414129, 12)
        self.assertAlmostEqual(volume_under_pr(self.SCORES, self.IS_ANOMALY, 20), 0.4836637837794998, 12)

    def test_what_is_told_apart_without_a_mistake_is_worth_1(self):
        self.assertAlmostEqual(volume_under_pr(self.IS_ANOMALY, self.IS_ANOMALY, 0), 1)

    def test_without_a_score_that_tells_anything_it_is_the_share_of_anomalies(self):
        self.assertAlmostEqual(volume_under_pr([1] * 300, self.IS_ANOMALY, 0), 30 / 300)

    def test_an_alarm_beside_a_stretch_is_partly_right(self):
        """Step 1 counts sqrt(1/2) of 1 and half of that; then all three, of the 1 + sqrt(1/2) that are there."""
        weight = 0.5 ** 0.5
        area = area_under_pr(Alarms([0, 9, 0, 0]), [(2, 2)], 2)
        first = weight / (1 + weight / 2)
        self.assertAlmostEqual(area, first * weight + (1 - first) * (1 + 2 * weight) / 4)


class Stretches(unittest.TestCase):
    def test_are_runs_of_anomalous_steps(self):
        self.assertEqual(stretches_of([1, 1, 0, 1, 0, 0, 1]), [(0, 1), (3, 3), (6, 6)])
        self.assertEqual(stretches_of([0, 0]), [])

    def test_with_margins_are_merged_where_they_touch(self):
        self.assertEqual(merged([(1, 2), (5, 6), (12, 13)], 2, 14), [(0, 8), (10, 13)])

    def test_have_buffers_that_fall_off_and_end(self):
        self.assertEqual(buffer_weights([(1, 2)], {1, 2}, 4, 5), {0: 0.75 ** 0.5, 3: 0.75 ** 0.5, 4: 0.5 ** 0.5})
        self.assertEqual(buffer_weights([(0, 0), (2, 2)], {0, 2}, 2, 4), {1: 1, 3: 0.5 ** 0.5})
        self.assertEqual(buffer_weights([(1, 2)], {1, 2}, 1, 5), {})


if __name__ == "__main__":
    unittest.main()
