"""The order in which samples are taken: in turns, so that what the machine does meanwhile reaches all rows alike."""

from ..ending import Failure
from .figures import epoch_seconds


def take_turns(part, kept, rounds, budget):
    """Each measure once, then each a second time ... One that has had its time (`budget`, seconds) or failed sits out.
    `kept` holds the samples, those of an earlier call as well, which count as turns taken."""
    say_what_is_kept(part, kept)
    for number in range(rounds):
        for name, measure in part.measures.items():
            if len(kept.of(name)) > number or is_through(kept.of(name), budget):
                continue
            sample = attempt(measure, number)
            kept.add(name, sample)
            print(f"{part.name}, round {number + 1}/{rounds}: {name:24} {brief(sample)}", flush=True)


def say_what_is_kept(part, kept):
    count = sum(len(kept.of(name)) for name in part.measures)
    if count:
        print(f"{part.name}: goes on after {count} measurements of a call that was stopped", flush=True)


def attempt(measure, number):
    try:
        return measure(number)
    except (Failure, OSError, ValueError, LookupError) as error:
        return {"error": str(error)}


def is_through(samples, budget):
    """Two rounds are for all; the longest does not count, in which torch.compile may have had to compile."""
    if any("error" in sample for sample in samples):
        return True
    return len(samples) > 1 and len(samples) * min(sample["seconds"] for sample in samples) >= budget


def brief(sample):
    if "error" in sample:
        return sample["error"]
    epoch = f"{epoch_seconds(sample):.3f} s an epoch, " if "epoch_seconds" in sample else ""
    loss = f"loss {sample['loss']:.5g}, " if "loss" in sample else ""
    return f"{epoch}{loss}{sample['seconds']:.1f} s in all"
