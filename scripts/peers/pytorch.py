"""PyTorch in three variants.

script: what people write. eager: the same step tuned by hand. compile: the tuned step through torch.compile.
"""

import re
import time

import torch
from common import load_floats, load_images, read_settings, report, time_epochs
from pytorch_networks import make_model
from torch.utils.data import DataLoader, Dataset

MEASURED_SECONDS = 0.5  # at least, of each rate


class Pictures(Dataset):
    """Turns each picture into a tensor when it is asked for, as torchvision's ToTensor does."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return torch.from_numpy(self.images[index]).float() / 255


def train_script(settings):
    model = make_model(settings)
    loader = DataLoader(Pictures(with_channels(load_images(settings))), batch_size=settings.batch, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)

    def train_epoch():
        total = 0.0
        for batch in loader:
            batch = batch.to(settings.device)
            optimizer.zero_grad()
            loss = model.loss(batch)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        return total / settings.images

    return time_epochs(settings.epochs, train_epoch)


def train_tuned(settings):
    model, layout = in_fastest_layout(settings)
    images = load_tensor(settings)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate, fused=True)
    loss_of = compiled(settings, model.loss)

    def train_epoch():
        total = torch.zeros((), device=settings.device)
        for indices in torch.randperm(len(images), device=settings.device).split(settings.batch):
            batch = images.index_select(0, indices).contiguous(memory_format=layout)
            optimizer.zero_grad(set_to_none=True)
            with autocast(settings):
                loss = loss_of(batch)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(batch)
        return total.item() / len(images)

    return time_epochs(settings.epochs, train_epoch)


def measure_rates(settings):
    """Images a second of encode and reconstruct, by batch size."""
    model, layout = in_fastest_layout(settings)
    model.eval()
    images = load_tensor(settings).contiguous(memory_format=layout)
    calls = {"encode": compiled(settings, model.encode), "reconstruct": compiled(settings, model.forward)}
    with torch.inference_mode(), autocast(settings):
        return {name: {size: rate(call, images[:size], settings.device) for size in settings.batch_sizes}
                for name, call in calls.items()}


def rate(call, batch, device):
    for _ in range(5):
        call(batch)
    calls, start, seconds = 0, time.perf_counter(), 0.0
    while seconds < MEASURED_SECONDS:
        call(batch)
        synchronise(device)
        calls += 1
        seconds = time.perf_counter() - start
    return calls * len(batch) / seconds


def in_fastest_layout(settings):
    layout = torch.channels_last if settings.workload.startswith("conv") else torch.contiguous_format
    return make_model(settings).to(memory_format=layout), layout


def load_tensor(settings):
    return torch.from_numpy(with_channels(load_floats(settings))).to(settings.device)


def with_channels(images):
    """N x C x H x W."""
    return images if images.ndim == 4 else images[:, None]


def autocast(settings):
    return torch.autocast(settings.device, torch.bfloat16, enabled=settings.precision == "bf16")


def compiled(settings, call):
    if settings.variant != "compile":
        return call
    return torch.compile(call, dynamic=False, mode="reduce-overhead" if settings.device == "cuda" else None)


def blas(device):
    """What computes matrix products, {} on a GPU. Convolutions are oneDNN's, whatever this says."""
    found = re.search(r"Math Kernel Library Version (\S+?)-", torch.__config__.show())
    return {} if device == "cuda" else {"blas": f"MKL {found.group(1)}" if found else "PyTorch's own"}


def synchronise(device):
    if device == "cuda":
        torch.cuda.synchronize()


def main():
    settings = read_settings()
    torch.set_num_threads(settings.threads)
    if settings.variant != "script":
        torch.set_flush_denormal(True)  # before the first parallel region, whose threads inherit it
    jobs = {"rates": measure_rates, "train": train_script if settings.variant == "script" else train_tuned}
    report({**jobs[settings.job](settings), **blas(settings.device)})


if __name__ == "__main__":
    main()
