"""Trains a dense autoencoder on a folder of JPEGs through a DataLoader with two processes, as PyTorch's tutorials do."""

import json
import pathlib
import sys
import time

import numpy
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Folder(Dataset):
    def __init__(self, folder):
        self.paths = sorted(pathlib.Path(folder).iterdir())

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        with Image.open(self.paths[index]) as picture:
            return torch.from_numpy(numpy.asarray(picture.convert("RGB")).copy())  # bytes: a quarter of what floats would be


def network(inputs, hidden, code):
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), nn.Linear(hidden, code), nn.Linear(code, hidden), nn.ReLU(),
                         nn.Linear(hidden, inputs), nn.Sigmoid())


def main(settings):
    torch.manual_seed(settings["seed"])
    torch.set_num_threads(settings["threads"])
    device = torch.device(settings["device"])
    pictures = Folder(settings["folder"])
    loader = DataLoader(pictures, settings["batch"], shuffle=True, num_workers=2, persistent_workers=True,
                        pin_memory=device.type == "cuda")
    model = network(pictures[0].numel(), **settings["network"]).to(device)
    optimizer = torch.optim.Adam(model.parameters(), settings["learning_rate"], fused=True)
    epochs = []
    for _ in range(settings["epochs"]):
        start, total = time.perf_counter(), torch.zeros((), device=device)
        for batch in loader:
            batch = batch.to(device, non_blocking=True).flatten(1).float().div_(255)
            loss = nn.functional.mse_loss(model(batch), batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            total += loss.detach() * len(batch)
        mean = total.item() / len(pictures)
        epochs.append(time.perf_counter() - start)
    print(json.dumps({"epoch_seconds": epochs, "loss": mean}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
