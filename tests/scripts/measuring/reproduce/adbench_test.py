"""Tests what is measured on the tables, and what is kept of it when it is stopped. Tables and detectors are made up."""

import json
import pathlib
import sys
import tempfile
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[4] / "scripts"))
from measuring.ending import Failure  # noqa: E402
from measuring.reproduce import adbench as module  # noqa: E402
from measuring.reproduce import scored_study, study  # noqa: E402

SPLIT = types.SimpleNamespace(train=[0], test=[0, 1], is_anomaly=[False, True])


class Tables(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "tables").mkdir()
        for name in ("glass", "wine"):
            (self.root / f"tables/{name}.npz").touch()
        self.asked = []
        for where, name, value in ((module, "split_of", lambda path, seed: SPLIT),
                                   (scored_study, "RUNS", self.root / "runs"),
                                   (module, "PEERS", {"theirs": self.theirs}), (module, "SCORES", {"ours": "auto"}),
                                   (module, "scores_by", self.ours), (scored_study, "print", mock.Mock()),
                                   (study, "ROOT", self.root), (study, "PICTURES", self.root / "pictures")):
            self.enterContext(mock.patch.object(where, name, value, create=name == "print"))
        self.enterContext(mock.patch.dict("os.environ", {"AUTOENCODER_DATA": str(self.root)}))
        self.study = module.AnomalyTables("made-up", "tables", seeds=2)

    def ours(self, names, split, run, seed):
        self.asked.append(f"{run.name} {' '.join(names)}")
        return {name: [0, 1] for name in names}

    def theirs(self, train, test, seed):
        self.asked.append(f"theirs {seed}")
        return [seed, 0]

    def test_each_seed_of_each_table_is_measured_by_all(self):
        result = self.study.do()
        self.assertEqual(self.asked, ["glass-0 ours", "theirs 0", "wine-0 ours", "theirs 0",
                                      "glass-1 ours", "theirs 1", "wine-1 ours", "theirs 1"])
        self.assertEqual(result["values"]["AUROC"], {name: {"ours": 100, "theirs": 25} for name in ("glass", "wine")})
        self.assertEqual(result["figures"]["AUROC by theirs, mean / mean rank"], "25.0 / 2.0")
        self.assertEqual(result["picture"], "pictures/made-up.md")
        self.assertIn("| glass | **100.0** | 50.0 |", (self.root / "pictures/made-up.md").read_text())
        self.assertEqual(json.loads((self.root / "pictures/made-up.json").read_text()), result["values"])

    def test_what_was_stopped_goes_on_where_it_was(self):
        with mock.patch.dict(module.PEERS, {"theirs": mock.Mock(side_effect=KeyboardInterrupt)}), \
                self.assertRaises(KeyboardInterrupt):
            self.study.do()
        self.assertFalse(self.study.is_done())
        self.asked.clear()
        self.study.do()
        self.assertEqual(self.asked[:2], ["theirs 0", "wine-0 ours"])
        self.assertTrue(self.study.is_done())
        self.study.forget()
        self.assertFalse(self.study.is_done())

    def test_a_folder_without_tables_is_told(self):
        with self.assertRaisesRegex(Failure, "nothing: no tables; AUTOENCODER_DATA names the folder above it"):
            module.AnomalyTables("made-up", "nothing").do()


if __name__ == "__main__":
    unittest.main()
