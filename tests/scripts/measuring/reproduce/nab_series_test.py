"""Tests how series are read, and how windows' scores become those of steps."""

import json
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.reproduce.nab_series import by_step, mean_by_step, series_in  # noqa: E402


class Read(unittest.TestCase):
    def test_series_with_an_anomaly_are_those_that_are_measured(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "a").mkdir()
            for name in ("odd", "even"):
                rows = "".join(f"2015-02-26 21:4{minute}:53,{minute}.5\n" for minute in range(4))
                (root / f"a/{name}.csv").write_text(f"timestamp,value\n{rows}")
            spans = [["2015-02-26 21:41:53.000000", "2015-02-26 21:42:00.000000"]]
            (root / "combined_windows.json").write_text(
                json.dumps({"a/even.csv": [], "a/odd.csv": spans, "a/missing.csv": spans}))
            series = series_in(root)
        self.assertEqual(list(series), ["a/odd"])
        self.assertEqual(series["a/odd"].values, [0.5, 1.5, 2.5, 3.5])
        self.assertEqual(series["a/odd"].is_anomaly, [False, True, False, False])


class Steps(unittest.TestCase):
    def test_a_step_has_the_score_of_the_window_around_it(self):
        self.assertEqual(by_step([1, 2, 3], 3), [1, 1, 2, 3, 3])
        self.assertEqual(by_step([1, 2, 3], 4), [1, 1, 1, 2, 3, 3])
        self.assertEqual(by_step([1, 2], 1), [1, 2])

    def test_or_the_mean_of_those_that_cover_it(self):
        self.assertEqual(mean_by_step([1, 2, 6], 2), [1, 1.5, 4, 6])
        self.assertEqual(mean_by_step([1, 2], 1), [1, 2])


if __name__ == "__main__":
    unittest.main()
