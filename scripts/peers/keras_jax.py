"""Keras on JAX: model.fit, as its examples call it. KERAS_BACKEND is set by scripts/benchmark."""

import time

import keras
from common import load_floats, read_settings, report
from keras import layers, ops


def uniform(fan_in):
    """PyTorch's default initialisation, of weights and biases alike."""
    bound = fan_in**-0.5
    return {"kernel_initializer": keras.initializers.RandomUniform(-bound, bound),
            "bias_initializer": keras.initializers.RandomUniform(-bound, bound)}


def linear(inputs, outputs, activation=None):
    return layers.Dense(outputs, activation=activation, **uniform(inputs))


def conv(inputs, outputs, activation=None, strides=1):
    return layers.Conv2D(outputs, 3, strides, "same", activation=activation, **uniform(9 * inputs))


def he_conv(outputs, activation=None):
    return layers.Conv2D(outputs, 3, padding="same", activation=activation, kernel_initializer="he_uniform")


def transposed_conv(inputs, outputs, activation=None):
    return layers.Conv2DTranspose(outputs, 3, 2, "same", activation=activation, **uniform(9 * outputs))


class Sample(layers.Layer):
    """Draws a code from the mean and log variance that it is given, and adds the divergence to the loss."""

    def __init__(self):
        super().__init__()
        self.noise = keras.random.SeedGenerator()

    def call(self, posterior):
        mean, log_variance = ops.split(posterior, 2, axis=1)
        divergence = -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=1)
        self.add_loss(ops.mean(divergence))
        return mean + ops.exp(0.5 * log_variance) * keras.random.normal(ops.shape(mean), seed=self.noise)


def summed_cross_entropy(images, logits):
    return ops.sum(ops.softplus(logits) - images * logits, axis=(1, 2, 3))


def dense(network):
    hidden, code = network["hidden"], network["code"]
    return "mse", [layers.Flatten(), linear(784, hidden, "relu"), linear(hidden, code), linear(code, hidden, "relu"),
                   linear(hidden, 784, "sigmoid"), layers.Reshape((28, 28, 1))]


def vae(network):
    hidden, code = network["hidden"], network["code"]
    return summed_cross_entropy, [
        layers.Flatten(), linear(784, hidden, "relu"), linear(hidden, 2 * code), Sample(),
        linear(code, hidden, "relu"), linear(hidden, 784), layers.Reshape((28, 28, 1))]


def strided_conv(network):
    few, many = network["channels"]
    code = network["code"]
    return "mse", [
        conv(1, few, "relu", strides=2), conv(few, many, "relu", strides=2), layers.Flatten(), linear(many * 49, code),
        linear(code, many * 49, "relu"), layers.Reshape((7, 7, many)),
        transposed_conv(many, few, "relu"), transposed_conv(few, 1, "sigmoid")]


def conv_pool(network):
    few, many = network["channels"]
    code = network["code_channels"]
    return "mse", [
        he_conv(few, "relu"), layers.MaxPooling2D(), he_conv(many, "relu"), layers.MaxPooling2D(),
        he_conv(code), he_conv(many, "relu"), layers.UpSampling2D(), he_conv(few, "relu"),
        layers.UpSampling2D(), he_conv(1)]


NETWORKS = {"dense": dense, "vae": vae, "conv": strided_conv, "conv-pool": conv_pool}


class Clock(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.seconds = []

    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.start)


def main():
    settings = read_settings()
    keras.utils.set_random_seed(settings.seed)
    loss, stack = NETWORKS[settings.workload](settings.network)
    model = keras.Sequential([keras.Input((28, 28, 1)), *stack])
    model.compile(keras.optimizers.Adam(settings.learning_rate, epsilon=1e-8), loss)
    images = load_floats(settings)[..., None]
    clock = Clock()
    history = model.fit(images, images, settings.batch, settings.epochs, verbose=0, callbacks=[clock])
    report({"epoch_seconds": clock.seconds, "loss": history.history["loss"][-1], "blas": "XLA"})


if __name__ == "__main__":
    main()
