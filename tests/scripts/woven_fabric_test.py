"""Tests what scripts/woven-fabric writes."""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy as np
    from PIL import Image
except ImportError:
    print("skipped: numpy or Pillow is missing")
    sys.exit(0)

sys.dont_write_bytecode = True
from loading import SCRIPTS, load_script  # noqa: E402

KINDS = {"scratch", "spot", "stain", "hole", "blur", "thread", "float"}


script = load_script("woven-fabric")


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.png")}


def pixels_of(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


class WovenFabric(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def write(self, name, **changed):
        folder = self.root / name
        usual = {"size": 32, "seed": 0, "train": 2, "good": 1, "each": 1}
        script.write_set(folder, argparse.Namespace(**{**usual, **changed}))
        return files_of(folder)

    def test_has_the_layout_of_industrial_sets(self):
        self.assertEqual(set(self.write("fabric")),
                         {"train/good/000.png", "train/good/001.png", "test/good/000.png",
                          *(f"test/{kind}/000.png" for kind in KINDS),
                          *(f"ground_truth/{kind}/000_mask.png" for kind in KINDS)})

    def test_pictures_have_the_size_and_masks_are_black_and_white(self):
        self.write("fabric")
        for kind in KINDS:
            picture = pixels_of(self.root / "fabric/test" / kind / "000.png")
            mask = pixels_of(self.root / "fabric/ground_truth" / kind / "000_mask.png")
            self.assertEqual((picture.shape, mask.shape, set(np.unique(mask))), ((32, 32, 3), (32, 32), {0, 255}), kind)
            self.assertLess((mask > 0).mean(), 0.5)

    def test_masks_hold_what_differs_from_the_whole_piece(self):
        for kind, damage in script.DEFECTS.items():
            for seed in range(5):
                generator = np.random.default_rng(seed)
                piece = script.draw_piece(generator, 64)
                threads = script.lay_threads(piece, 64)
                damaged, shares = damage(generator, piece, threads)
                differs = np.abs(damaged - script.whole(generator, piece, threads)[0]).max(2) > 1e-9
                self.assertFalse((differs & (shares == 0)).any(), kind)
                self.assertGreater((differs & (shares >= 0.5)).sum(), 0.5 * (shares >= 0.5).sum(), kind)

    def test_the_seed_decides(self):
        first = self.write("fabric")
        self.assertEqual(first, self.write("again"))
        self.assertNotEqual(first, self.write("other", seed=1))

    def test_more_pictures_leave_the_others_as_they_are(self):
        first, more = self.write("fabric"), self.write("more", train=3, each=2)
        self.assertEqual(first, {name: more[name] for name in first})

    def call(self, *options):
        return subprocess.run([sys.executable, SCRIPTS / "woven-fabric", self.root / "fabric", "--size", "32", "--train", "1", "--good",
                               "1", "--each", "1", *options], capture_output=True, text=True)

    def test_leaves_a_whole_set_or_none(self):
        self.assertEqual(self.call().returncode, 0)
        self.assertEqual([path.name for path in self.root.iterdir()], ["fabric"])
        again = self.call()
        self.assertEqual((again.returncode, again.stdout), (1, ""))
        self.assertIn("fabric: it is there already; remove it", again.stderr)

    def test_says_what_it_cannot_do(self):
        usual = {"out": self.root / "fabric", "size": 32, "seed": 0, "train": 1, "good": 1, "each": 1}
        for changed, message in (({"size": 8}, "--size is 8; it must be at least 32"), ({"seed": -1}, "--seed is -1"),
                                 ({"each": 0}, "--each is 0")):
            with self.assertRaisesRegex(script.Unusable, message):
                script.check(argparse.Namespace(**{**usual, **changed}))


if __name__ == "__main__":
    unittest.main()
