"""Tests means and mean ranks on figures that are made up."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.standings import detectors_in, markdown, mean_ranks, means_of, ranks_of  # noqa: E402

RESULTS = {"wine": {"ours": 90, "theirs": 80, "late": 99}, "glass": {"ours": 60, "theirs": 60}}


class Standings(unittest.TestCase):
    def test_only_those_with_a_figure_everywhere_are_compared(self):
        self.assertEqual(detectors_in(RESULTS), ["ours", "theirs"])
        self.assertEqual(detectors_in({}), [])

    def test_means_are_over_the_tables(self):
        self.assertEqual(means_of(RESULTS), {"ours": 75, "theirs": 70})

    def test_equal_figures_share_their_ranks(self):
        self.assertEqual(ranks_of({"a": 1, "b": 3, "c": 3, "d": 2}), {"a": 4, "b": 1.5, "c": 1.5, "d": 3})
        self.assertEqual(mean_ranks(RESULTS), {"ours": 1.25, "theirs": 1.75})

    def test_the_best_of_each_line_is_bold(self):
        self.assertEqual(markdown("AUROC", RESULTS), """\
## AUROC

| table | ours | theirs |
|---|---|---|
| wine | **90.0** | 80.0 |
| glass | **60.0** | **60.0** |
| **mean** | **75.0** | 70.0 |
| **mean rank** | **1.25** | 1.75 |""")


if __name__ == "__main__":
    unittest.main()
