"""Tests what scripts/photos cuts, from photographs that are made up."""

import pathlib
import sys
import tempfile
import unittest
from unittest import mock

try:
    import numpy as np
    from PIL import Image
except ImportError:
    print("skipped: numpy or Pillow is missing")
    sys.exit(77)

sys.dont_write_bytecode = True
from loading import load_script  # noqa: E402

script = load_script("photos")


def made_up(name):
    """60 rows, 100 columns: red is the column, blue tells which photograph it is."""
    number = script.PHOTOGRAPHS.index(name)
    pixels = np.zeros((60, 100, 3), np.uint8)
    pixels[..., 0] = np.arange(100)
    pixels[..., 2] = number
    return pixels


class Photos(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.enterContext(mock.patch.object(script, "photograph", made_up))

    def cut(self, name, *options):
        words = ["photos", str(self.root / name), "--size", "16", "--train", "40", "--val", "20", "--test", "20", *options]
        with mock.patch.object(sys, "argv", words):
            script.main()
        return {part: [np.asarray(Image.open(path)) for path in sorted((self.root / name / part).glob("*.png"))]
                for part in ("train", "val", "test")}

    def test_no_pixel_is_in_two_parts(self):
        crops = self.cut("set")
        self.assertEqual([len(each) for each in crops.values()], [40, 20, 20])
        columns = {part: {int(red) for each in found for red in each[..., 0].flat} for part, found in crops.items()}
        self.assertLess(max(columns["train"]), 64)
        self.assertGreaterEqual(min(columns["val"]), 64)
        self.assertLess(max(columns["val"]), 82)
        self.assertGreaterEqual(min(columns["test"]), 82)
        photographs = {int(each[0, 0, 2]) for each in crops["train"]}
        self.assertEqual(photographs, set(range(len(script.PHOTOGRAPHS))))

    def test_the_same_seed_cuts_the_same(self):
        first, again, other = (self.cut(name, "--seed", seed) for name, seed in (("a", "1"), ("b", "1"), ("c", "2")))
        self.assertTrue(np.array_equal(first["train"], again["train"]))
        self.assertFalse(np.array_equal(first["train"], other["train"]))

    def test_what_cannot_be_is_said_and_leaves_nothing(self):
        for options, says in ((("--size", "24"), "smallest part of a photograph has 18 pixels"), (("--val", "0"), "at least 1")):
            with self.assertRaisesRegex(script.Unusable, says):
                self.cut("set", *options)
        self.assertEqual(list(self.root.iterdir()), [])
        self.cut("set")
        with self.assertRaisesRegex(script.Unusable, "there already"):
            self.cut("set")

    def test_a_photograph_that_is_not_installed_is_named(self):
        with self.assertRaisesRegex(script.Unusable, "no_such_package/a.png is not installed"):
            script.path_of("no_such_package/a.png")


if __name__ == "__main__":
    unittest.main()
