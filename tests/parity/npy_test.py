"""NumPy's files as the program reads them, and the program's as NumPy reads them: npy_test.py PATH/TO/dump."""

import itertools
import pathlib
import subprocess
import sys
import tempfile
import unittest

import dump  # skips the test where there is no NumPy
import numpy

TYPES = "<f2 >f2 <f4 >f4 <f8 >f8 |u1 |i1 <i2 >i2 <i4 >i4 <i8 >i8".split()
SHAPES = [(), (1,), (5,), (0, 3), (3, 4), (2, 3, 4), (2, 3, 4, 5)]
VERSIONS = [(1, 0), (2, 0), (3, 0)]


def written(kind):
    """The type that the program writes for one that it read."""
    return {"f": "<f4", "i": "<i8", "u": "|u1"}[kind]


class Npy(unittest.TestCase):
    def test_every_type_shape_order_and_version(self):
        random = numpy.random.default_rng(1)
        arrays = {}
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for case in itertools.product(TYPES, SHAPES, "CF", VERSIONS):
                kind, shape, order, version = case
                array = numpy.array(100 * random.random(shape), dtype=kind, order=order)
                arrays[len(arrays)] = case, array
                with open(folder / f"{len(arrays) - 1}.npy", "wb") as file:
                    numpy.lib.format.write_array(file, array, version)
            subprocess.run([PROGRAM, "npy", name], check=True)
            for number, (case, array) in arrays.items():
                with self.subTest(case=case):
                    found = numpy.load(folder / f"{number}.out.npy")
                    expected = array.astype(written(array.dtype.kind))
                    self.assertEqual(found.dtype, expected.dtype)
                    numpy.testing.assert_array_equal(found, expected, strict=True)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
