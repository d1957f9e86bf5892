"""JAX with Adam written out, in two variants.

scan: a whole epoch is one compiled function, a scan over its steps. step: each step is a call of a compiled function,
for XLA's convolutions are slow within a scan on CPUs.
"""

from functools import partial

import jax
import numpy
from common import load_floats, read_settings, report, time_epochs
from jax import lax
from jax import numpy as jnp

DECAYS = (0.9, 0.999)
EPSILON = 1e-8
LAYOUT = ("NHWC", "HWIO", "NHWC")


class Initialiser:
    """PyTorch's default, uniform within 1 / sqrt(fan in), weights and biases alike; or He's, sqrt(6 / fan in)."""

    def __init__(self, seed):
        self.generator = numpy.random.default_rng(seed)

    def linear(self, inputs, outputs):
        return self.layer((inputs, outputs), inputs)

    def conv(self, inputs, outputs):
        return self.layer((3, 3, inputs, outputs), 9 * inputs)

    def he_conv(self, inputs, outputs):
        bound = (6 / (9 * inputs)) ** 0.5
        weight = self.generator.uniform(-bound, bound, (3, 3, inputs, outputs))
        return weight.astype(numpy.float32), numpy.zeros(outputs, numpy.float32)

    def transposed_conv(self, inputs, outputs):
        return self.layer((3, 3, inputs, outputs), 9 * outputs)

    def layer(self, shape, fan_in):
        draw = partial(self.generator.uniform, -(fan_in**-0.5), fan_in**-0.5)
        return draw(shape).astype(numpy.float32), draw(shape[-1]).astype(numpy.float32)


def linear(layer, values):
    weight, bias = layer
    return values @ weight + bias


def conv(layer, images, stride=1):
    weight, bias = layer
    return lax.conv_general_dilated(images, weight, (stride, stride), [(1, 1), (1, 1)], dimension_numbers=LAYOUT) + bias


def transposed_conv(layer, images):
    weight, bias = layer
    return bias + lax.conv_general_dilated(images, weight, (1, 1), [(1, 2), (1, 2)], lhs_dilation=(2, 2),
                                           dimension_numbers=LAYOUT)


def max_pool(images):
    count, height, width, channels = images.shape
    return images.reshape(count, height // 2, 2, width // 2, 2, channels).max((2, 4))


def upsample(images):
    return images.repeat(2, 1).repeat(2, 2)


def squared_error(reconstructions, images):
    return jnp.mean(jnp.square(reconstructions.reshape(images.shape) - images))


def dense(network, init):
    hidden, code = network["hidden"], network["code"]
    layers = [init.linear(784, hidden), init.linear(hidden, code), init.linear(code, hidden), init.linear(hidden, 784)]

    def loss(layers, images, key):
        first, second, third, fourth = layers
        codes = linear(second, jax.nn.relu(linear(first, images.reshape(-1, 784))))
        return squared_error(jax.nn.sigmoid(linear(fourth, jax.nn.relu(linear(third, codes)))), images)

    return layers, loss


def vae(network, init):
    hidden, code = network["hidden"], network["code"]
    layers = [init.linear(784, hidden), init.linear(hidden, 2 * code), init.linear(code, hidden),
              init.linear(hidden, 784)]

    def loss(layers, images, key):
        first, second, third, fourth = layers
        pixels = images.reshape(-1, 784)
        mean, log_variance = jnp.split(linear(second, jax.nn.relu(linear(first, pixels))), 2, axis=1)
        codes = mean + jnp.exp(0.5 * log_variance) * jax.random.normal(key, mean.shape)
        logits = linear(fourth, jax.nn.relu(linear(third, codes)))
        errors = jnp.sum(jax.nn.softplus(logits) - pixels * logits)
        divergence = -0.5 * jnp.sum(1 + log_variance - jnp.square(mean) - jnp.exp(log_variance))
        return (errors + divergence) / len(images)

    return layers, loss


def strided_conv(network, init):
    few, many = network["channels"]
    code = network["code"]
    layers = [init.conv(1, few), init.conv(few, many), init.linear(many * 49, code), init.linear(code, many * 49),
              init.transposed_conv(many, few), init.transposed_conv(few, 1)]

    def loss(layers, images, key):
        down, further_down, to_code, from_code, up, further_up = layers
        features = jax.nn.relu(conv(down, images, 2))
        features = jax.nn.relu(conv(further_down, features, 2))
        codes = linear(to_code, features.reshape(len(images), -1))
        features = jax.nn.relu(linear(from_code, codes)).reshape(-1, 7, 7, many)
        features = jax.nn.relu(transposed_conv(up, features))
        return squared_error(jax.nn.sigmoid(transposed_conv(further_up, features)), images)

    return layers, loss


def conv_pool(network, init):
    few, many = network["channels"]
    code = network["code_channels"]
    layers = [init.he_conv(1, few), init.he_conv(few, many), init.he_conv(many, code), init.he_conv(code, many),
              init.he_conv(many, few), init.he_conv(few, 1)]

    def loss(layers, images, key):
        down, further_down, to_code, from_code, up, further_up = layers
        features = max_pool(jax.nn.relu(conv(down, images)))
        features = max_pool(jax.nn.relu(conv(further_down, features)))
        features = jax.nn.relu(conv(from_code, conv(to_code, features)))
        features = jax.nn.relu(conv(up, upsample(features)))
        return squared_error(conv(further_up, upsample(features)), images)

    return layers, loss


NETWORKS = {"dense": dense, "vae": vae, "conv": strided_conv, "conv-pool": conv_pool}


def adam(state, gradients, learning_rate):
    layers, means, squares, steps = state
    steps = steps + 1
    means = jax.tree.map(lambda mean, each: DECAYS[0] * mean + (1 - DECAYS[0]) * each, means, gradients)
    squares = jax.tree.map(lambda square, each: DECAYS[1] * square + (1 - DECAYS[1]) * each**2, squares, gradients)
    step_size = learning_rate / (1 - DECAYS[0] ** steps)
    correction = jnp.sqrt(1 - DECAYS[1] ** steps)
    layers = jax.tree.map(
        lambda weight, mean, square: weight - step_size * mean / (jnp.sqrt(square) / correction + EPSILON),
        layers, means, squares)
    return layers, means, squares, steps


def make_step(settings, loss):
    """A step of training on the chosen images: the new state, and the sum of the examples' losses."""

    def step(state, images, chosen, noise_key):
        key = jax.random.fold_in(noise_key, state[-1].astype(int))
        value, gradients = jax.value_and_grad(loss)(state[0], images[chosen], key)
        return adam(state, gradients, settings.learning_rate), value * len(chosen)

    return step


def make_scanned_epoch(settings, loss):
    step = make_step(settings, loss)
    whole = settings.images // settings.batch * settings.batch

    @partial(jax.jit, donate_argnums=0)
    def train_epoch(state, images, key):
        order_key, noise_key = jax.random.split(key)
        order = jax.random.permutation(order_key, settings.images)
        state, totals = lax.scan(lambda state, chosen: step(state, images, chosen, noise_key), state,
                                 order[:whole].reshape(-1, settings.batch))
        total = totals.sum()
        if whole < settings.images:
            state, last = step(state, images, order[whole:], noise_key)
            total += last
        return state, total / settings.images

    return train_epoch


def make_stepped_epoch(settings, loss):
    step = jax.jit(make_step(settings, loss), donate_argnums=0)
    starts = range(0, settings.images, settings.batch)

    def train_epoch(state, images, key):
        order_key, noise_key = jax.random.split(key)
        order = numpy.asarray(jax.random.permutation(order_key, settings.images))
        total = 0
        for start in starts:
            state, part = step(state, images, order[start: start + settings.batch], noise_key)
            total += part
        return state, total / settings.images

    return train_epoch


def main():
    settings = read_settings()
    layers, loss = NETWORKS[settings.workload](settings.network, Initialiser(settings.seed))
    layers = jax.tree.map(jnp.asarray, layers)
    zeros = [jax.tree.map(jnp.zeros_like, layers) for _ in DECAYS]
    state = (layers, *zeros, jnp.zeros(()))
    images = jnp.asarray(load_floats(settings)[..., None])
    make_epoch = make_scanned_epoch if settings.variant == "scan" else make_stepped_epoch
    train_epoch = make_epoch(settings, loss)
    key = jax.random.key(settings.seed)

    def run_epoch():
        nonlocal state, key
        key, this_key = jax.random.split(key)
        state, mean_loss = train_epoch(state, images, this_key)
        jax.block_until_ready(state)
        return mean_loss

    report({**time_epochs(settings.epochs, run_epoch), "blas": "XLA"})


if __name__ == "__main__":
    main()
