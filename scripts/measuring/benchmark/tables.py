"""The tables of BENCHMARKS.md, in lines of Markdown: a function for each kind of part."""

import functools

from .figures import (
    epoch_rate,
    epoch_seconds,
    error_of,
    examples_rate,
    final_loss,
    median_of,
    peak,
    rate_of,
    ratio,
    slowdown,
    spread,
    whole_seconds,
)
from .many_processes import BYTES, COUNTS, LINKS, Work, efficiency, parameters_of, step_seconds

REFERENCE = "autoencoder"
TOLERANCE = 0.02  # of the final loss, against ours


def line(*cells):
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def head(*cells):
    return f"{line(*cells)}\n{line(*('---' for _ in cells))}"


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


def service_table(part):
    """A rate's bracket is a ratio of times, as everywhere: the rate of ours to it."""
    rows = part["rows"]
    clients = part["settings"]["clients"]
    yield head("", *(cell for count in clients for cell in (f"requests a second, {count} client(s)", "p50, ms", "p99, ms")),
               "peak memory, MB", "rounds")
    for name, samples in rows.items():
        if not spread(samples, whole_seconds):
            yield line(name, f"failed: {error_of(samples)}", *[""] * (3 * len(clients) + 1))
            continue
        cells = [cell for count in clients for cell in load_cells(rows, name, count)]
        yield line(name, *cells, f"{median_of(rows, name, peak):.0f}", len(spread(samples, whole_seconds).values))


def load_cells(rows, name, clients):
    rate, p50, p99 = (median_of(rows, name, functools.partial(rate_of, clients, figure)) for figure in ("rate", "p50", "p99"))
    ours = median_of(rows, f"{REFERENCE} serve", functools.partial(rate_of, clients, "rate"))
    return [f"{rate:,.0f} ({ratio(ours, rate)})", f"{1000 * p50:.2f}", f"{1000 * p99:.2f}"]


def large_table(part):
    rows = part["rows"]
    ours = {read: median_of(rows, REFERENCE, read) for read in (epoch_seconds, whole_seconds, peak)}
    yield head("", "s an epoch after the first", "x ours", "start to exit, s", "x ours", "examples a second, start to exit",
               "peak memory, MB", "x ours", "final loss", "rounds")
    for name, samples in rows.items():
        if not spread(samples, whole_seconds):
            yield line(name, f"failed: {error_of(samples)}", *[""] * 8)
            continue
        epoch, seconds, memory, loss = (median_of(rows, name, read) for read in (epoch_seconds, whole_seconds, peak, final_loss))
        yield line(name, f"{epoch:.2f}", ratio(epoch, ours[epoch_seconds]), f"{seconds:.1f}", ratio(seconds, ours[whole_seconds]),
                   f"{median_of(rows, name, examples_rate):,.0f}", f"{memory:.0f}", ratio(memory, ours[peak]), f"{loss:.4g}",
                   len(spread(samples, whole_seconds).values))


def endurance_table(part):
    """The last round's counts: a single wrong answer must not vanish in a median."""
    yield head("", "right answers", "wrong", "none in time", "bad requests refused", "not as they should be", "broken off",
               "slow clients", "memory, MB: settled", "at the end", "peak")
    for name, samples in part["rows"].items():
        its = samples[-1]
        if "error" in its:
            yield line(name, f"failed: {error_of(samples)}", *[""] * 9)
            continue
        counts = (its[count] for count in ("good", "wrong", "unanswered", "refused", "misjudged", "broken", "slow"))
        yield line(name, *(f"{count:,}" for count in counts),
                   *(f"{its[memory]:.0f}" for memory in ("settled_mb", "last_mb", "peak_mb")))


def scaling_table(part):
    """Compared with the first row."""
    yield head("", "batch", "images", "s an epoch", "spread", "gain", "efficiency", "final loss", "rounds")
    rows = part["rows"]
    alone = median_of(rows, next(iter(rows)), epoch_rate) or 0
    for name, samples in rows.items():
        epochs = spread(samples, epoch_seconds)
        if not epochs:
            yield line(name, f"failed: {error_of(samples)}", *[""] * 7)
            continue
        its = next(sample for sample in samples if "error" not in sample)
        rate = median_of(rows, name, epoch_rate)
        yield line(name, its["batch"], f"{its['images']:,}", f"{epochs.median:.3f}", epochs.percent, ratio(rate, alone),
                   ratio(rate, its["processes"] * alone), f"{median_of(rows, name, final_loss):.5g}", len(epochs.values))


def many_processes_table(part, faster):
    """Efficiency where the step takes a `faster`-th of what was measured."""
    its = part["settings"]
    work = Work(step_seconds(part) / faster, BYTES * parameters_of(its["network"]))
    yield head(f"step of {1000 * work.seconds:.3g} ms", *(f"{count:,} processes" for count in COUNTS))
    for link in LINKS:
        yield line(link.name, *(f"{100 * efficiency(work, link, count):.0f} %" for count in COUNTS))


def libraries(part):
    """A line that says what computed the matrix products of each row; none where the samples do not tell."""
    rows_by_library = {}
    for name, samples in part["rows"].items():
        for library in dict.fromkeys(sample["blas"] for sample in samples if sample.get("blas")):
            rows_by_library.setdefault(library, []).append(name)
    if rows_by_library:
        texts = (f"{', '.join(names)}: {library}" for library, names in rows_by_library.items())
        yield f"\nMatrix products of {'; '.join(texts)}."


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
