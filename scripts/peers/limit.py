"""The bare matrix products and convolutions of a training step, as PyTorch computes them, and nothing else.

The calls of one step are recorded with what they are given, and made again alone; the faster memory layout counts.
"""

import statistics
import time

import torch
from common import read_settings, report
from pytorch import autocast, blas, load_tensor, synchronise
from pytorch_networks import make_model
from torch.utils._python_dispatch import TorchDispatchMode

REPEATS = 30
PRODUCTS = ("aten.mm", "aten.addmm", "aten.bmm", "aten.baddbmm", "aten.convolution",
            "aten._scaled_dot_product", "aten.mkldnn_")


class Recorder(TorchDispatchMode):
    def __init__(self):
        super().__init__()
        self.calls = []

    def __torch_dispatch__(self, function, types, arguments=(), options=None):
        if str(function).startswith(PRODUCTS):
            self.calls.append((function, arguments, options or {}))
        return function(*arguments, **(options or {}))


def products_of_step(settings, layout):
    model = make_model(settings).to(memory_format=layout)
    batch = load_tensor(settings)[: settings.batch].contiguous(memory_format=layout)
    with Recorder() as recorder:
        with autocast(settings):
            loss = model.loss(batch)
        loss.backward()
    return recorder.calls


def seconds_of(calls, device):
    times = []
    for _ in range(REPEATS):
        synchronise(device)
        start = time.perf_counter()
        for function, arguments, options in calls:
            function(*arguments, **options)
        synchronise(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times[REPEATS // 5:])


def main():
    settings = read_settings()
    torch.set_num_threads(settings.threads)
    torch.set_flush_denormal(True)
    layouts = [torch.contiguous_format]
    if settings.workload.startswith("conv"):
        layouts.append(torch.channels_last)
    recorded = [products_of_step(settings, layout) for layout in layouts]
    with torch.no_grad():
        step = min(seconds_of(calls, settings.device) for calls in recorded)
    report({"epoch_seconds": [step * settings.images / settings.batch], "products": len(recorded[0]),
            **blas(settings.device)})


if __name__ == "__main__":
    main()
