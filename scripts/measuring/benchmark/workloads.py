"""What is trained: networks and their training, the same for all contestants."""

from dataclasses import dataclass

OURS = ("autoencoder", "autoencoder-bf16")
TORCHES = ("pytorch-script", "pytorch-eager", "pytorch-eager-bf16", "torch-compile", "torch-compile-bf16")
LIMITS = ("limit", "limit-bf16")
LEARNING_RATE = 0.001
COLOUR_CHANNELS = [32, 64, 64]


@dataclass(frozen=True)
class Workload:
    """A network and its training; `options` are those of our program, `network` is what the peers read. Learned from are
    MNIST's pictures, or made-up ones in colour."""

    name: str
    description: str
    network: dict
    images: int
    batch: int
    epochs: int
    contestants: tuple[str, ...]
    options: tuple[str, ...] = ()
    has_inference: bool = False
    model: str = ""  # of our program, where it is not called as the workload
    side: int = 0  # of pictures in colour; 0: MNIST's


@dataclass(frozen=True)
class Call:
    """One training, or one measurement of rates: a workload as it is done now."""

    workload: Workload
    device: str
    threads: int
    seed: int = 0


def colour(side, images, batch):
    """As models `conv` of large pictures are: normalised by batch, to a code that is a picture."""
    levels = ",".join(map(str, COLOUR_CHANNELS))
    return Workload(f"conv-{side}", f"3x{side}x{side}: 3x3 convolutions of stride 2 to {levels} channels with batch normalisation, "
                    "a code of 8 channels, doubled pixels and convolutions back",
                    {"channels": COLOUR_CHANNELS, "code_channels": 8}, images, batch, 3, (*OURS, *TORCHES),
                    options=("--channels", levels, "--code-channels", "8"), model="conv", side=side)


WORKLOADS = {workload.name: workload for workload in (
    Workload("dense", "784-128-32-128-784, ReLU, sigmoid output, mean squared error", {"hidden": 128, "code": 32},
             48_000, 256, 6, (*OURS, *TORCHES, "jax-scan", "keras-jax", "sklearn", *LIMITS), has_inference=True),
    Workload("vae", "variational 784-400-20-400-784, ReLU, summed cross-entropy and KL divergence",
             {"hidden": 400, "code": 20}, 48_000, 128, 3, (*OURS, *TORCHES, "jax-scan", "keras-jax", *LIMITS)),
    Workload("conv", "3x3 convolutions of stride 2 to 32 and 64 channels, a code of 32, transposed ones back",
             {"channels": [32, 64], "code": 32}, 12_000, 128, 3,
             (*OURS, *TORCHES, "jax-scan", "jax-step", "keras-jax", *LIMITS), has_inference=True),
    Workload("conv-pool", "3x3 convolutions of 16 and 32 channels, max pooling, a 7x7 code, upsampling, linear output",
             {"channels": [16, 32], "code_channels": 1}, 12_000, 128, 3,
             (*OURS, *TORCHES, "jax-scan", "jax-step", "keras-jax", *LIMITS)),
    Workload("masked", "patch transformer: 12 of 49 patches seen, width 64, 4 blocks and 1 of the decoder",
             {"patch": 4, "width": 64, "depth": 4, "heads": 4, "decoder_width": 64, "decoder_depth": 1,
              "mask_ratio": 0.75}, 6_000, 64, 3, (*OURS, *TORCHES, *LIMITS), options=("--warmup", "0")),
    colour(128, 512, 16),
    colour(256, 128, 8),
)}
