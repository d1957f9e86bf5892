"""What the peers share: their settings, the pictures, the clock and how they report."""

import gzip
import json
import sys
import time
from types import SimpleNamespace

import numpy


def read_settings():
    """The JSON of the first argument, which scripts/benchmark writes."""
    return SimpleNamespace(**json.loads(sys.argv[1]))


def load_images(settings):
    """The first pictures of the training file, bytes: N x 28 x 28, or in colour N x 3 x side x side."""
    if settings.data.endswith(".npy"):
        return numpy.load(settings.data)[: settings.images]
    opened = gzip.open if settings.data.endswith(".gz") else open
    with opened(settings.data, "rb") as file:
        pictures = numpy.frombuffer(file.read(), numpy.uint8, offset=16).reshape(-1, 28, 28)
    return pictures[: settings.images].copy()


def load_floats(settings):
    """The same from 0 to 1 in float32."""
    return load_images(settings).astype(numpy.float32) / 255


def time_epochs(epochs, train_epoch):
    """train_epoch returns the mean loss of its epoch as a number, so that nothing is still under way then."""
    seconds, loss = [], None
    for _ in range(epochs):
        start = time.perf_counter()
        loss = float(train_epoch())
        seconds.append(time.perf_counter() - start)
    return {"epoch_seconds": seconds, "loss": loss}


def report(result):
    print(json.dumps(result), flush=True)
