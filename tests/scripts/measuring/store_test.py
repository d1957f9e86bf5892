"""Tests what scripts/benchmark and scripts/reproduce keep between their calls."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts"))
from measuring import store as module  # noqa: E402
from measuring.store import Store  # noqa: E402


class StoredResults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = Store(self.folder, "FIGURES", lambda results: f"# {', '.join(results)} ± 1")

    def files(self):
        return {path.name: path.read_bytes().decode() for path in self.folder.iterdir()}

    def test_holds_nothing_before_the_first_write(self):
        self.assertEqual(self.store.load(), {})

    def test_what_is_written_is_loaded_and_its_table_is_beside_it(self):
        self.store.write({"a": 1, "b": "±"})
        self.assertEqual(self.store.load(), {"a": 1, "b": "±"})
        self.assertEqual(self.files(), {"FIGURES.json": '{\n "a": 1,\n "b": "\\u00b1"\n}\n',
                                        "FIGURES.md": "# a, b ± 1\n"})

    def test_results_that_make_no_table_leave_both_files_as_they_were(self):
        self.store.write({"a": 1})
        before = self.files()
        with self.assertRaises(TypeError):
            self.store.write({1: "no name"})
        self.assertEqual(self.files(), before)

    def test_stopped_while_it_writes_it_leaves_the_old_file_whole(self):
        self.store.write({"a": 1})
        with mock.patch.object(module.json, "dumps", return_value="{half"), \
                mock.patch.object(pathlib.Path, "replace", side_effect=KeyboardInterrupt), \
                self.assertRaises(KeyboardInterrupt):
            self.store.write({"b": 2})
        self.assertEqual(self.store.load(), {"a": 1})


if __name__ == "__main__":
    unittest.main()
