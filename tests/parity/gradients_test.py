"""The program's losses, gradients and optimizers against PyTorch's, and against backpropagation written out in
NumPy: gradients_test.py PATH/TO/dump.

The networks are built here once more, from torch.nn; nothing of the program's is used but the weights, the batch and
the noise that it dumped. References are computed in float64.
"""

import sys
import unittest

import dump
import numpy
import torch
from torch import nn

TOLERANCE = 5e-5  # of the largest value of a tensor
DESCENT_RATE = 20  # as in dump_gradients.cpp, like all settings of optimizers


def dense(shape, outputs, latent_dim, hidden):
    channels, height, width = shape
    pixels = channels * height * width
    return nn.ModuleDict({
        "encoder": nn.Sequential(nn.Flatten(), nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, outputs)),
        "decoder": nn.Sequential(
            nn.Linear(latent_dim, hidden), nn.ReLU(), nn.Linear(hidden, pixels), nn.Unflatten(1, shape)),
    })


def halved(shape):
    """The shape that a convolution of stride 2 leaves, and what its transpose must add to come back."""
    smaller = tuple((side + 1) // 2 for side in shape)
    return smaller, tuple(1 - side % 2 for side in shape)


def convolutional(shape, outputs, latent_dim):
    channels, *size = shape
    half, add_to_half = halved(size)
    quarter, add_to_quarter = halved(half)
    features = 64 * quarter[0] * quarter[1]
    step = {"kernel_size": 3, "stride": 2, "padding": 1}
    return nn.ModuleDict({
        "encoder": nn.Sequential(
            nn.Conv2d(channels, 32, **step), nn.ReLU(), nn.Conv2d(32, 64, **step), nn.ReLU(),
            nn.Flatten(), nn.Linear(features, outputs)),
        "decoder": nn.Sequential(
            nn.Linear(latent_dim, features), nn.ReLU(), nn.Unflatten(1, (64, *quarter)),
            nn.ConvTranspose2d(64, 32, output_padding=add_to_quarter, **step), nn.ReLU(),
            nn.ConvTranspose2d(32, channels, output_padding=add_to_half, **step)),
    })


def plain_loss(network, given):
    reconstruction = torch.sigmoid(network["decoder"](network["encoder"](given["input"])))
    return {"loss": ((reconstruction - given["target"]) ** 2).mean()}


def variational_loss(network, given, beta):
    mean, log_variance = network["encoder"](given["input"]).chunk(2, dim=1)
    posterior = torch.distributions.Normal(mean, torch.exp(log_variance / 2))
    prior = torch.distributions.Normal(torch.zeros_like(mean), torch.ones_like(mean))
    logits = network["decoder"](posterior.mean + posterior.stddev * given["noise"])
    cross_entropy = nn.functional.binary_cross_entropy(torch.sigmoid(logits), given["target"], reduction="none")
    reconstruction = cross_entropy.sum(dim=(1, 2, 3)).mean()
    divergence = torch.distributions.kl_divergence(posterior, prior).sum(dim=1).mean()
    return {"loss": reconstruction + beta * divergence, "term reconstruction": reconstruction, "term kl": divergence}


CASES = {
    "small": (dense((1, 8, 8), 3, 3, hidden=6), plain_loss),
    "dense": (dense((1, 28, 28), 32, 32, hidden=128), plain_loss),
    "conv": (convolutional((1, 28, 28), 32, 32), plain_loss),
    "conv-odd": (convolutional((3, 9, 13), 32, 32), plain_loss),
    "vae": (dense((1, 28, 28), 40, 20, hidden=128), lambda *given: variational_loss(*given, beta=1)),
    "conv-vae": (convolutional((1, 28, 28), 40, 20), lambda *given: variational_loss(*given, beta=4)),
}

OPTIMIZERS = {
    "sgd": lambda weights: torch.optim.SGD(weights, lr=0.5, momentum=0.9, weight_decay=0.01),
    "adam": lambda weights: torch.optim.Adam(weights, lr=0.05, weight_decay=0.01),
    "adamw": lambda weights: torch.optim.AdamW(weights, lr=0.05, weight_decay=0.1),
    "rmsprop": lambda weights: torch.optim.RMSprop(weights, lr=0.02, weight_decay=0.01),
    "adadelta": lambda weights: torch.optim.Adadelta(weights, lr=2, weight_decay=0.01),
}


def part(tensors, prefix):
    """The tensors whose names begin with `prefix`, without it."""
    return {name[len(prefix):]: value for name, value in tensors.items() if name.startswith(prefix)}


class Parity(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dump = dump.Dump(PROGRAM, "gradients")

    def tensors(self, name):
        return {key: value.double() for key, value in self.dump.tensors(name).items()}

    def assert_close(self, found, expected):
        self.assertEqual(found.keys(), expected.keys())
        for name in expected:
            with self.subTest(tensor=name):
                self.assertLessEqual(dump.difference(found[name], expected[name]), TOLERANCE)


class Gradients(Parity):
    def test_losses_and_gradients(self):
        for name, (network, loss) in CASES.items():
            with self.subTest(case=name):
                given = self.tensors(name)
                network = network.double()
                network.load_state_dict(part(given, "parameter "))
                expected = loss(network, given)
                expected["loss"].backward()
                gradients = {key: weight.grad for key, weight in network.named_parameters()}
                found = {key: given[key] for key in given if key == "loss" or key.startswith("term ")}
                self.assert_close(found, {key: value.detach() for key, value in expected.items()})
                self.assert_close(part(given, "gradient "), gradients)


class Optimizers(Parity):
    def test_five_steps(self):
        batch = self.tensors("small")
        for name, make in OPTIMIZERS.items():
            with self.subTest(optimizer=name):
                given = self.tensors(name)
                start = part(given, "0 ")
                network = dense((1, 8, 8), 3, 3, hidden=6).double()
                network.load_state_dict(start)
                optimizer = make(network.parameters())
                for step in range(1, 6):
                    optimizer.zero_grad()
                    plain_loss(network, batch)["loss"].backward()
                    optimizer.step()
                    # How far the weights have come, not where they are: most of that is where they began.
                    self.assert_close(
                        {key: value - start[key] for key, value in part(given, f"{step} ").items()},
                        {key: value.detach() - start[key] for key, value in network.named_parameters()})


def backpropagate(weight, images, targets):
    """The gradients of the mean squared error of 64-6-3-6-64, ReLU in between and sigmoid at the end, layer by layer."""
    layers = ("encoder.1", "encoder.3", "decoder.0", "decoder.2")
    rectified = ("encoder.1", "decoder.0")
    inputs, value = {}, images
    for layer in layers:
        inputs[layer] = value
        value = value @ weight[f"{layer}.weight"].T + weight[f"{layer}.bias"]
        if layer in rectified:
            value = numpy.maximum(value, 0)
    output = 1 / (1 + numpy.exp(-value))

    gradients = {}
    delta = 2 * (output - targets) / targets.size * output * (1 - output)
    for layer in reversed(layers):
        gradients[f"{layer}.weight"] = delta.T @ inputs[layer]
        gradients[f"{layer}.bias"] = delta.sum(axis=0)
        delta = delta @ weight[f"{layer}.weight"]
        if layer in ("encoder.3", "decoder.2"):  # the layers whose input was rectified
            delta = delta * (inputs[layer] > 0)
    return gradients


class NumPy(Parity):
    def test_one_gradient_step(self):
        given = {name: value.numpy() for name, value in self.tensors("small").items()}
        steps = {name: value.numpy() for name, value in self.tensors("gradient-descent").items()}
        weights = part(given, "parameter ")
        count = len(given["input"])
        gradients = backpropagate(weights, given["input"].reshape(count, -1), given["target"].reshape(count, -1))
        self.assert_close(part(given, "gradient "), gradients)
        moves = {name: after - weights[name] for name, after in part(steps, "1 ").items()}
        self.assert_close(moves, {name: -DESCENT_RATE * gradient for name, gradient in gradients.items()})


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
