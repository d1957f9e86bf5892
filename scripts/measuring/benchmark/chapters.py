"""BENCHMARKS.md, from what BENCHMARKS.json holds."""

import re

from .many_processes import BYTES, parameters_of, step_seconds
from .tables import (
    TOLERANCE,
    command_table,
    endurance_table,
    inference_table,
    large_table,
    libraries,
    many_processes_table,
    scaling_table,
    service_table,
    start_table,
    sweep_table,
    training_table,
)

INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")

HEAD = f"""# Benchmarks

Written by `scripts/benchmark`. Contestants take turns, each in a process of its own; the figures are medians over the
rounds. Time an epoch is the median over a process's epochs after the first one. `x ours`, and brackets, say how many
times the time or memory of ours it is: above 1, ours is faster or smaller. Spread is the largest less the smallest, as
a share of the median.

Network, initialisation, data, batch, epochs and Adam at 0.001 are the same for all who train; a loss in bold differs by more
than {100 * TOLERANCE:.0f} % from ours. Our program chooses its training images at random and validates on a quarter as many more in
each epoch (in start to exit, not in the time an epoch); the peers take the first of MNIST and write nothing.

- `pytorch-script` is a loop as people write it, with a Dataset and a DataLoader.
- `pytorch-eager` has the data in one tensor, fused Adam, flushed denormals, and channels last for convolutions.
- `torch-compile` is the same, compiled; what it compiles is kept between rounds.
- `jax-scan` is a scan over an epoch, `jax-step` a call for each step: within a scan convolutions are slow on CPUs.
- `sklearn` has a linear output, a ReLU's code and its own initialisation, and therefore another loss.
- `limit` is PyTorch's time for the bare matrix products and convolutions of as many steps.

A contestant that has had its share of time sits out the rounds that remain. Where there are no bf16 rows the processor
has no instructions for them, and bf16 is many times slower than fp32."""


def markdown(results):
    """The text of BENCHMARKS.md."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines_of(results)).rstrip())


def lines_of(results):
    yield HEAD
    for device, parts in results.items():
        yield f"\n## {device.upper()}\n"
        yield from machines(parts)
        for title, chapter in CHAPTERS.items():
            lines = list(chapter(parts))
            if lines:
                yield f"\n### {title}\n"
                yield from lines


def machines(parts):
    described = {}
    for name, part in parts.items():
        described.setdefault(machine_text(part["machine"]), []).append(name)
    for text, names in described.items():
        yield f"Machine: {text}." if len(described) == 1 else f"- Machine of {', '.join(names)}: {text}."


def machine_text(its):
    instructions = ", ".join(its["instructions"]) or "none of " + ", ".join(INSTRUCTIONS)
    versions = ", ".join(f"{name} {version.removeprefix(name).strip()}" for name, version in its["versions"].items())
    gpu_text = f"; {its['gpu']}" if its["gpu"] else ""
    limits = "".join(f", {name}={value}" for name, value in its.get("limits", {}).items())
    return (f"{its['processor']}, {its['cores']} core(s), {its['memory_gb']} GB{gpu_text}; {instructions}{limits}; "
            f"{versions}")


def training_chapter(parts):
    for name, part in named(parts, "training").items():
        its = part["settings"]
        yield (f"\n#### {name}\n\n{its['description']}; {its['images']:,} images, batch {its['batch']}, "
               f"{its['epochs']} epochs, {its['threads']} thread(s).\n{circumstances(part)}\n")
        yield from training_table(part)
        yield from libraries(part)


def inference_chapter(parts):
    for name, part in named(parts, "inference").items():
        yield f"#### {name}\n\n{part['settings']['threads']} thread(s). {circumstances(part)}\n"
        yield from inference_table(part)
        yield from libraries(part)
        yield ""


def command_chapter(parts):
    for part in named(parts, "command").values():
        its = part["settings"]
        yield (f"`train` of dense, {its['epochs']} epochs of {its['images']:,} images. Ours also validates each epoch, "
               f"and writes pictures, a report,\ncheckpoints and the exported model; the script writes nothing. "
               f"{circumstances(part)}\n")
        yield from command_table(part)
        yield from libraries(part)


def start_chapter(parts):
    for part in named(parts, "start").values():
        yield f"{circumstances(part)}\n"
        yield from start_table(part)


def service_chapter(parts):
    for part in named(parts, "service").values():
        its = part["settings"]
        yield (f"Codes of one picture of MNIST, sent as JSON, by {its['network']}: the same model behind each, {its['threads']} "
               f"thread(s),\nthe clients (wrk) on the same cores. The peers batch as ours does. {circumstances(part)}\n")
        yield from service_table(part)


LARGE = {
    "rows": "float32 in a .npy file: in memory, and in blocks from the file",
    "pictures": "JPEGs in a folder. Ours decodes them once, into memory or a file on the disk; the DataLoader has two "
                "processes,\nwhich decode them anew in each epoch",
}


def large_chapter(parts):
    for name, part in named(parts, "large").items():
        its = part["settings"]
        yield (f"#### {name}\n\n{its['images']:,} {LARGE[name]}.\n{its['description']}; batch {its['batch']}, {its['epochs']} "
               f"epochs, {its['threads']} thread(s). {circumstances(part)}\n")
        yield from large_table(part)
        yield ""


def endurance_chapter(parts):
    for part in named(parts, "endurance").values():
        yield (f"{part['settings']['seconds'] / 60:.0f} minutes of good requests, whose codes are compared, bad ones, connections "
               f"that break off in\nthe middle, and clients that send or take a byte at a time, all at once. Settled is what the "
               f"memory was after a tenth of the time. {circumstances(part)}\n")
        yield from endurance_table(part)


def sweep_chapter(parts):
    for name, part in named(parts, "sweep").items():
        its = part["settings"]
        yield (f"#### {name}\n\n{its['description']}; where not swept {its['images']:,} images, batch {its['batch']}, "
               f"{its['threads']} thread(s).\nAn epoch's arithmetic {its['growth']}. {circumstances(part)}\n")
        yield from sweep_table(part)
        yield from libraries(part)
        yield ""


def scaling_chapter(parts):
    found = named(parts, "scaling")
    if found:
        yield ("Processes of one thread each share every batch, and each holds the whole model. Strong: the same batch for all of "
               "them;\nweak: a batch and as many images for each. The gain is in images a second, and efficiency what of it each "
               "process has.")
    for name, part in found.items():
        its = part["settings"]
        yield (f"\n#### {name}\n\n{its['description']}; for one process {its['images']:,} images, batch {its['batch']}, "
               f"{its['epochs']} epochs.\n{circumstances(part)}\n")
        yield from scaling_table(part)
        if name.endswith("weak") and step_seconds(part):
            yield from many_processes(part)


def many_processes(part):
    megabytes = BYTES * parameters_of(part["settings"]["network"]) / 1e6
    yield (f"\nWhat the arithmetic says of more processes, each with a batch of {part['settings']['batch']} of its own: they climb "
           f"the tree of sums in pairs, log2 n\nexchanges of the gradient, here {megabytes:.2f} MB, one after the other and after "
           "the step, of which t is what one process takes\nwith `--reproducible`. Efficiency is t / (t + log2 n (gradient / "
           "bandwidth + latency)). Bandwidths are published ones, latencies\n50, 10 and 2 microseconds; not in it are the time to add "
           "and to wait for the slowest. The second table has a hundredth of the\nstep measured here, as a GPU's may be.\n")
    for faster in (1, 100):
        yield from many_processes_table(part, faster)
        yield ""


def named(parts, kind):
    """The parts of a kind by what follows it in their names."""
    return {name.removeprefix(kind).strip(): part for name, part in parts.items() if name.split()[0] == kind}


def circumstances(part):
    return f"Measured {part['measured']}, load average before it {part['load']:.1f}."


CHAPTERS = {"Training": training_chapter, "Inference": inference_chapter, "The whole command": command_chapter,
            "Start": start_chapter, "As a service": service_chapter, "A service under everything at once": endurance_chapter,
            "Data beyond memory": large_chapter, "How cost grows": sweep_chapter,
            "Several processes": scaling_chapter}
