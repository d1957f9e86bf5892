"""Makes data for scripts/benchmark: made_data.py OUT rows COUNT IDX-FILE, OUT jpegs COUNT, or OUT pictures COUNT SIDE."""

import gzip
import pathlib
import sys

import numpy


def make_rows(out, count, path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as file:
        pixels = numpy.frombuffer(file.read()[16:], numpy.uint8).reshape(-1, 784)[: int(count)]
    with open(out, "wb") as file:
        numpy.save(file, (pixels / 255).astype(numpy.float32))


def make_jpegs(out, count):
    """Clouds of all scales with some grain: as much detail as a photograph has, so that decoding takes as long."""
    from PIL import Image

    folder = pathlib.Path(out)
    folder.mkdir(exist_ok=True)
    random = numpy.random.default_rng(0)
    for number in range(int(count)):
        picture = random.normal(0, 6, (256, 256, 3))
        for side in (2, 4, 8, 16, 32, 64):
            coarse = Image.fromarray(random.integers(0, 256, (side, side, 3), dtype=numpy.uint8))
            picture += (numpy.asarray(coarse.resize((256, 256), Image.Resampling.BICUBIC), dtype=float) - 128) / side**0.5
        pixels = numpy.clip(picture + 128, 0, 255).astype(numpy.uint8)
        Image.fromarray(pixels).save(folder / f"{number:05}.jpg", quality=90)


def make_pictures(out, count, side):
    """Squares of one colour: what pictures show makes no step longer."""
    random = numpy.random.default_rng(0)
    squares = random.integers(0, 256, (int(count), 3, int(side) // 8, int(side) // 8), dtype=numpy.uint8)
    with open(out, "wb") as file:
        numpy.save(file, squares.repeat(8, 2).repeat(8, 3))


if __name__ == "__main__":
    out, kind, *words = sys.argv[1:]
    {"rows": make_rows, "jpegs": make_jpegs, "pictures": make_pictures}[kind](out, *words)
