"""OpenCV's denoising, beside which our denoising rows stand."""

import functools
import gzip
import itertools
import time

from ..mnist import images_file
from .figures import spread
from .study import Study, machine


class NonLocalMeans(Study):
    """What OpenCV's non-local means (Buades et al. 2005) makes of the noise that the denoising rows remove."""

    name = "opencv-nlm"
    setting = "fastNlMeansDenoising, strength and template window best on 1,000 training images"
    STRENGTHS = range(30, 101, 10)
    WINDOWS = (3, 5, 7)  # pixels
    TUNED_ON = 1000

    def do(self):
        began = time.monotonic()
        tuning = images_of("train")[: self.TUNED_ON]
        best = max(itertools.product(self.STRENGTHS, self.WINDOWS), key=lambda setting: psnr(tuning, *setting))
        values = {"PSNR from gaussian:0.3, dB": [psnr(images_of("t10k"), *best)], "strength, window": best}
        return {
            "figures": {"PSNR from gaussian:0.3, dB": spread(values["PSNR from gaussian:0.3, dB"], 2)},
            "values": values,
            "seeds": 1,
            "seconds": time.monotonic() - began,
            "machine": machine(),
        }


def psnr(images, strength, window):
    """In dB, the mean over the images of what is restored of them."""
    import cv2
    import numpy

    noise = numpy.random.default_rng(0)
    total = 0
    for clean in images:
        noisy = (clean / 255 + noise.normal(0, 0.3, clean.shape)).clip(0, 1)
        restored = cv2.fastNlMeansDenoising((noisy * 255).round().astype(numpy.uint8), None, h=strength,
                                            templateWindowSize=window)
        total -= 10 * numpy.log10(numpy.square((restored - clean.astype(float)) / 255).mean())
    return float(total / len(images))


@functools.cache
def images_of(part):
    """The pictures of MNIST's train or t10k, N x 28 x 28 bytes."""
    import numpy

    path = images_file(part)
    with (gzip.open if path.suffix == ".gz" else open)(path, "rb") as file:
        return numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
