"""Tests scripts/break-tests without building anything."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True
from loading import load_script  # noqa: E402

script = load_script("break-tests")


class Table(unittest.TestCase):
    def test_every_line_is_in_its_file_once(self):
        self.assertEqual(list(filter(None, map(script.fault_of, script.BREAKS))), [])

    def test_names_are_unique_and_breaks_change_something(self):
        self.assertEqual(len({change.name for change in script.BREAKS}), len(script.BREAKS))
        for change in script.BREAKS:
            self.assertNotEqual(change.line, change.broken, change.name)


class MadeUpTree(unittest.TestCase):
    CHANGE = script.Break("sum", "src/sum.cpp", "a + b", "a - b", "Sum.*")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, self.copy = pathlib.Path(folder.name) / "tree", script.Copy(pathlib.Path(folder.name) / "copy")
        self.write("src/sum.cpp", "return a + b;")
        self.enterContext(mock.patch.object(script, "ROOT", self.root))

    def write(self, name, text):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text)

    def outcome(self, build_status, test_status):
        """What is said where building and testing end with these; what was built is then in self.built."""
        def build(_targets):
            self.built = (self.copy.folder / "src/sum.cpp").read_text()
            return types.SimpleNamespace(returncode=build_status)

        self.copy.build = build
        self.copy.test = mock.Mock(return_value=types.SimpleNamespace(returncode=test_status))
        return script.outcome(self.copy, self.CHANGE)

    def test_a_red_test_has_caught_it(self):
        self.assertEqual(self.outcome(0, 1), "caught")
        self.copy.test.assert_called_once_with("core_tests", "Sum.*")

    def test_green_tests_let_it_survive(self):
        self.assertEqual(self.outcome(0, 0), "survived")

    def test_what_does_not_build_is_not_caught(self):
        self.assertEqual(self.outcome(1, 1), "does not build")

    def test_tests_without_end_have_caught_it(self):
        self.copy.build = lambda _targets: types.SimpleNamespace(returncode=0)
        self.copy.test = mock.Mock(side_effect=subprocess.TimeoutExpired("core_tests", script.LONGEST))
        self.assertEqual(script.outcome(self.copy, self.CHANGE), "caught")

    def test_only_the_copy_is_broken_and_whole_again_afterwards(self):
        self.outcome(0, 1)
        self.assertEqual(self.built, "return a - b;")
        for folder in (self.root, self.copy.folder):
            self.assertEqual((folder / "src/sum.cpp").read_text(), "return a + b;")

    def test_a_line_that_is_not_there_once_is_a_fault(self):
        self.assertIsNone(script.fault_of(self.CHANGE))
        self.write("src/sum.cpp", "return a + b + (a + b);")
        self.assertEqual(script.fault_of(self.CHANGE), "sum: src/sum.cpp has 2 times, not once: a + b")
        (self.root / "src/sum.cpp").unlink()
        self.assertEqual(script.fault_of(self.CHANGE), "sum: src/sum.cpp has 0 times, not once: a + b")

    @unittest.skipUnless(shutil.which("git"), "no git here")
    def test_the_copy_follows_the_tree(self):
        subprocess.run(["git", "init", "--quiet"], cwd=self.root, check=True)
        self.write("src/old.cpp", "old")
        self.copy.bring_up_to_date()
        unchanged = (self.copy.folder / "src/sum.cpp").stat().st_mtime_ns
        (self.root / "src/old.cpp").unlink()
        self.write("src/new.cpp", "new")
        self.copy.bring_up_to_date()
        self.assertEqual({path.name for path in (self.copy.folder / "src").iterdir()}, {"sum.cpp", "new.cpp"})
        self.assertEqual((self.copy.folder / "src/sum.cpp").stat().st_mtime_ns, unchanged)


if __name__ == "__main__":
    unittest.main()
