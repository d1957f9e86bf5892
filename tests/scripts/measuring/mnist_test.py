"""Tests where the files of MNIST are looked for."""

import gzip
import os
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "scripts"))
from measuring import mnist  # noqa: E402
from measuring.ending import Failure  # noqa: E402


class Found(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root, self.elsewhere = pathlib.Path(folder.name) / "root", pathlib.Path(folder.name) / "elsewhere"
        self.enterContext(mock.patch.object(mnist, "ROOT", self.root))
        self.enterContext(mock.patch.dict(os.environ, AUTOENCODER_DATA=str(self.elsewhere)))

    def put(self, folder, name):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
        return folder / name

    def test_in_this_repository_before_elsewhere(self):
        there = self.put(self.elsewhere / "mnist", "train-images-idx3-ubyte.gz")
        self.assertEqual(mnist.images_file("train"), there)
        here = self.put(self.root / "data/mnist", "train-images-idx3-ubyte")
        self.assertEqual(mnist.images_file("train"), here)

    def test_neither_labels_nor_another_part_will_do(self):
        for name in ("train-labels-idx1-ubyte", "t10k-images-idx3-ubyte"):
            self.put(self.root / "data/mnist", name)
        with self.assertRaisesRegex(Failure, "MNIST not found: scripts/download-mnist fetches it"):
            mnist.images_file("train")

    def test_pictures_are_numbers_from_0_to_1(self):
        file = self.put(self.root / "data/mnist", "t10k-images-idx3-ubyte.gz")
        file.write_bytes(gzip.compress(bytes(16) + bytes([0, 255, 51]) + bytes(781) + bytes([102]) * 784))
        first, second = mnist.read_images(2)
        self.assertEqual((len(first), first[:4]), (784, [0, 1, 0.2, 0]))
        self.assertEqual(second, [0.4] * 784)


if __name__ == "__main__":
    unittest.main()
