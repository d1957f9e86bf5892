"""BENCHMARKS.md, from what BENCHMARKS.json holds: scripts/benchmark's tables."""

import functools
import re
import statistics
from dataclasses import dataclass

REFERENCE = "autoencoder"
TOLERANCE = 0.02  # of the final loss, against ours
INSTRUCTIONS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")

HEAD = """# Benchmarks

Written by `scripts/benchmark`. Contestants take turns, each in a process of its own; the figures are medians over the
rounds. Time an epoch is the median over a process's epochs after the first one. `x ours`, and brackets, say how many
times the time or memory of ours it is: above 1, ours is faster or smaller. Spread is the largest less the smallest, as
a share of the median."""

TRAINING = f"""\
The same network, initialisation, data, batch, epochs and Adam at 0.001 for all; a loss in bold differs by more than
{100 * TOLERANCE:.0f} % from ours. Our program chooses its training images at random and validates on a quarter as many more in
each epoch (in start to exit, not in the time an epoch); the peers take the first of MNIST and write nothing.

- `pytorch-script` is a loop as people write it, with a Dataset and a DataLoader.
- `pytorch-eager` has the data in one tensor, fused Adam, flushed denormals, and channels last for convolutions.
- `torch-compile` is the same, compiled; what it compiles is kept between rounds.
- `jax-scan` is a scan over an epoch, `jax-step` a call for each step: within a scan convolutions are slow on CPUs.
- `sklearn` has a linear output, a ReLU's code and its own initialisation, and therefore another loss.
- `limit` is PyTorch's time for the bare matrix products and convolutions of as many steps.

A contestant that has had its share of time sits out the rounds that remain. Where there are no bf16 rows the processor
has no instructions for them, and bf16 is many times slower than fp32."""


@dataclass(frozen=True)
class Spread:
    values: list[float]

    @property
    def median(self):
        return statistics.median(self.values)

    @property
    def percent(self):
        return f"{100 * (max(self.values) - min(self.values)) / self.median:.0f} %" if len(self.values) > 1 else ""


def spread(samples, read):
    values = [read(sample) for sample in samples if "error" not in sample]
    return Spread(values) if values else None


def ratio(value, reference):
    return f"{value / reference:.2f}" if value and reference else ""


def median_of(rows, name, read):
    found = spread(rows.get(name, []), read)
    return found.median if found else None


def line(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def head(*cells):
    return f"{line(*cells)}\n{line(*('---' for _ in cells))}"


def error_of(samples):
    return next((sample["error"].replace("|", "/") for sample in samples if "error" in sample), "")


def epoch_seconds(sample):
    """The first epoch is warm-up."""
    return statistics.median(sample["epoch_seconds"][1:] or sample["epoch_seconds"])


def whole_seconds(sample):
    return sample["seconds"]


def peak(sample):
    return sample["peak_mb"]


def final_loss(sample):
    return sample["loss"]


def training_table(part):
    rows = part["rows"]
    ours = {read: median_of(rows, REFERENCE, read) for read in (epoch_seconds, final_loss, whole_seconds, peak)}
    yield head("", "s an epoch", "minimum", "spread", "x ours", "final loss", "start to exit, s", "x ours",
               "peak memory, MB", "x ours", "rounds")
    for name in rows:
        samples = rows[name]
        epochs = spread(samples, epoch_seconds)
        if not epochs:
            yield line(name, f"failed: {error_of(samples)}", *[""] * 9)
            continue
        speed = (f"{epochs.median:.3f}", f"{min(epochs.values):.3f}", epochs.percent,
                 ratio(epochs.median, ours[epoch_seconds]))
        rest = [""] * 5 if name.startswith("limit") else usage_cells(samples, ours)
        failed = f", then: {error_of(samples)}" if error_of(samples) else ""
        yield line(name, *speed, *rest, f"{len(epochs.values)}{failed}")


def usage_cells(samples, ours):
    loss, seconds, memory = (spread(samples, read).median for read in (final_loss, whole_seconds, peak))
    return [marked_loss(loss, ours[final_loss]), f"{seconds:.1f}", ratio(seconds, ours[whole_seconds]),
            f"{memory:.0f}", ratio(memory, ours[peak])]


def marked_loss(loss, ours):
    difference = (loss - ours) / ours if ours else 0
    return f"{loss:.5g}" if abs(difference) <= TOLERANCE else f"**{loss:.5g} ({100 * difference:+.0f} %)**"


def inference_table(part):
    """A rate's bracket is a ratio of times, as everywhere: the rate of ours to it."""
    rows = part["rows"]
    columns = [(call, size) for call in ("encode", "reconstruct") for size in part["settings"]["batch_sizes"]]
    reads = [functools.partial(rate_of, call, size) for call, size in columns]
    yield head("images a second", *(f"{call}, batch {int(size):,}" for call, size in columns), "rounds")
    for name, samples in rows.items():
        if not spread(samples, whole_seconds):
            yield line(name, f"failed: {error_of(samples)}", *[""] * len(columns))
            continue
        rates = [median_of(rows, name, read) for read in reads]
        times = [ratio(median_of(rows, REFERENCE, read), rate) for read, rate in zip(reads, rates)]
        cells = [f"{rate:,.0f} ({time})" if time else f"{rate:,.0f}" for rate, time in zip(rates, times)]
        yield line(name, *cells, len(spread(samples, whole_seconds).values))


def rate_of(call, size, sample):
    return sample[call][size]


def slowdown(sample):
    return sample["epoch_seconds"][-1] / sample["epoch_seconds"][min(1, len(sample["epoch_seconds"]) - 1)]


def command_table(part):
    rows = part["rows"]
    ours = {read: median_of(rows, REFERENCE, read) for read in (whole_seconds, peak)}
    yield head("", "start to exit, s", "minimum", "spread", "x ours", "peak memory, MB", "x ours",
               "last epoch / second epoch", "rounds")
    for name in rows:
        seconds, memory = spread(rows[name], whole_seconds), spread(rows[name], peak)
        if not seconds:
            yield line(name, f"failed: {error_of(rows[name])}", *[""] * 7)
            continue
        yield line(name, f"{seconds.median:.1f}", f"{min(seconds.values):.1f}", seconds.percent,
                   ratio(seconds.median, ours[whole_seconds]), f"{memory.median:.0f}",
                   ratio(memory.median, ours[peak]), f"{spread(rows[name], slowdown).median:.2f}", len(seconds.values))


def start_table(part):
    yield head("", "s", "minimum", "spread", "rounds")
    for name, samples in part["rows"].items():
        seconds = spread(samples, whole_seconds)
        if not seconds:
            yield line(f"`{name}`", f"failed: {error_of(samples)}", "", "", "")
            continue
        yield line(f"`{name}`", f"{seconds.median:.2f}", f"{min(seconds.values):.2f}", seconds.percent,
                   len(seconds.values))


def sweep_table(part):
    its = part["settings"]
    names = its["contestants"]
    yield head(its["swept"], *(cell for name in names for cell in (f"{name}, s an epoch", "x the row above")),
               f"{names[-1]} x ours")
    above = {}
    for value in its["values"]:
        found = {name: median_of(part["rows"], f"{name} {value}", epoch_seconds) for name in names}
        cells = [cell for name in names for cell in sweep_cells(found[name], above.get(name))]
        yield line(f"{value:,}", *cells, ratio(found[names[-1]], found.get(REFERENCE)))
        above = found


def sweep_cells(seconds, above):
    return (f"{seconds:.3f}" if seconds is not None else "failed", ratio(seconds, above))


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
    return f"{its['processor']}, {its['cores']} core(s), {its['memory_gb']} GB{gpu_text}; {instructions}; {versions}"


def training_chapter(parts):
    found = named(parts, "training")
    if found:
        yield TRAINING
    for name, part in found.items():
        its = part["settings"]
        yield (f"\n#### {name}\n\n{its['description']}; {its['images']:,} images, batch {its['batch']}, "
               f"{its['epochs']} epochs, {its['threads']} thread(s).\n{circumstances(part)}\n")
        yield from training_table(part)


def inference_chapter(parts):
    for name, part in named(parts, "inference").items():
        yield f"#### {name}\n\n{part['settings']['threads']} thread(s). {circumstances(part)}\n"
        yield from inference_table(part)
        yield ""


def command_chapter(parts):
    for part in named(parts, "command").values():
        its = part["settings"]
        yield (f"`train` of dense, {its['epochs']} epochs of {its['images']:,} images. Ours also validates each epoch, "
               f"and writes pictures, a report,\ncheckpoints and the exported model; the script writes nothing. "
               f"{circumstances(part)}\n")
        yield from command_table(part)


def start_chapter(parts):
    for part in named(parts, "start").values():
        yield f"{circumstances(part)}\n"
        yield from start_table(part)


def sweep_chapter(parts):
    for name, part in named(parts, "sweep").items():
        its = part["settings"]
        yield (f"#### {name}\n\n{its['description']}; where not swept {its['images']:,} images, batch {its['batch']}, "
               f"{its['threads']} thread(s).\nAn epoch's arithmetic {its['growth']}. {circumstances(part)}\n")
        yield from sweep_table(part)
        yield ""


def named(parts, kind):
    """The parts of a kind by what follows it in their names."""
    return {name.removeprefix(kind).strip(): part for name, part in parts.items() if name.split()[0] == kind}


def circumstances(part):
    return f"Measured {part['measured']}, load average before it {part['load']:.1f}."


CHAPTERS = {"Training": training_chapter, "Inference": inference_chapter, "The whole command": command_chapter,
            "Start": start_chapter, "How cost grows": sweep_chapter}
