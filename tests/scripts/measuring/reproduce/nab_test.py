"""Tests what is measured on series, and what is kept of it when it is stopped. Series and detectors are made up."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.ending import Failure  # noqa: E402
from measuring.reproduce import nab as module  # noqa: E402
from measuring.reproduce import scored_study, study  # noqa: E402
from measuring.reproduce.nab_series import Series  # noqa: E402

SERIES = {name: Series([0.0] * 300, [100 <= step < 130 for step in range(300)]) for name in ("a/one", "a/two")}


class Study(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "nab").mkdir()
        (self.root / "nab/combined_windows.json").touch()
        self.asked = []
        for where, name, value in ((module, "series_in", lambda folder: SERIES),
                                   (scored_study, "RUNS", self.root / "runs"),
                                   (module, "DETECTORS", ("right", "blind")), (module, "scores_by", self.scores_by),
                                   (study, "ROOT", self.root), (study, "PICTURES", self.root / "pictures"),
                                   (scored_study, "print", mock.Mock())):
            self.enterContext(mock.patch.object(where, name, value, create=name == "print"))
        self.enterContext(mock.patch.dict("os.environ", {"AUTOENCODER_DATA": str(self.root)}))
        self.study = module.NumentaSeries(seeds=1)

    def scores_by(self, detector, values, seed):
        self.asked.append(detector)
        return SERIES["a/one"].is_anomaly if detector == "right" else [1] * len(values)

    def test_each_series_is_measured_by_each_detector(self):
        result = self.study.do()
        self.assertEqual(self.asked, ["right", "blind"] * 2)
        self.assertEqual(result["figures"]["AUC-PR by right, mean / mean rank"], "100.0 / 1.0")
        self.assertEqual(result["figures"]["AUC-PR by blind, mean / mean rank"], "10.0 / 2.0")
        self.assertEqual(list(result["values"]), ["AUC-PR", "VUS-PR"])
        self.assertEqual(result["picture"], "pictures/nab.md")

    def test_what_was_stopped_goes_on_where_it_was(self):
        stopped = mock.Mock(side_effect=[SERIES["a/one"].is_anomaly, KeyboardInterrupt])
        with mock.patch.object(module, "scores_by", stopped), self.assertRaises(KeyboardInterrupt):
            self.study.do()
        self.assertFalse(self.study.is_done())
        self.study.do()
        self.assertEqual(self.asked, ["blind", "right", "blind"])
        self.assertTrue(self.study.is_done())

    def test_a_folder_without_series_is_told(self):
        (self.root / "nab/combined_windows.json").unlink()
        with self.assertRaisesRegex(Failure, "nab: no series; AUTOENCODER_DATA names the folder above it"):
            self.study.do()


if __name__ == "__main__":
    unittest.main()
