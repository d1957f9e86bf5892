"""The parts of the benchmark: each with its settings and its measures, none of which has been taken yet."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

from .choice import adjusted, chosen, chosen_workloads
from .contestants import BATCH_SIZES, CONTESTANTS
from .endurance import endurance_measures
from .large import PICTURES, ROWS, pictures_measures, rows_measures
from .scaling import KINDS, scaling_measures
from .service import CLIENTS, service_measures
from .start import start_measures
from .sweep import SWEPT, sweeps
from .workloads import WORKLOADS, Call

WITH_RATES = ("autoencoder", "pytorch-eager", "torch-compile")
OF_COMMAND = ("autoencoder", "pytorch-script")
LONG_EPOCHS = 20
ENDURANCE_SECONDS = 600
OF_SCALING = ("dense", "conv")


@dataclass(frozen=True)
class Part:
    """A table of BENCHMARKS.md. A measure takes the number of its round, from 0, and returns a sample."""

    name: str
    settings: dict
    measures: dict[str, Callable[[int], dict]]


def training_parts(arguments):
    for workload in chosen_workloads(arguments):
        call = Call(workload, arguments.device, arguments.threads)
        measures = {name: functools.partial(train_once, name, call)
                    for name in chosen(arguments, workload.contestants)}
        yield Part(f"training {workload.name}", settings_of(workload, arguments), measures)


def train_once(name, call, number):
    return CONTESTANTS[name].train(replace(call, seed=number))


def inference_parts(arguments):
    for workload in chosen_workloads(arguments):
        if workload.has_inference:
            call = Call(workload, arguments.device, arguments.threads)
            measures = {name: functools.partial(rate_once, name, call) for name in chosen(arguments, WITH_RATES)}
            settings = {"threads": arguments.threads, "batch_sizes": list(BATCH_SIZES)}
            yield Part(f"inference {workload.name}", settings, measures)


def rate_once(name, call, _number):
    return CONTESTANTS[name].measure_rates(call)


def command_parts(arguments):
    workload = replace(adjusted(WORKLOADS["dense"], arguments), epochs=arguments.epochs or LONG_EPOCHS)
    call = Call(workload, arguments.device, arguments.threads)
    measures = {name: functools.partial(train_once, name, call) for name in chosen(arguments, OF_COMMAND)}
    yield Part("command", settings_of(workload, arguments), measures)


def start_parts(arguments):
    call = Call(WORKLOADS["dense"], arguments.device, arguments.threads)
    yield Part("start", {"threads": arguments.threads}, start_measures(call))


def service_parts(arguments):
    call = Call(WORKLOADS["vae"], arguments.device, arguments.threads)
    settings = {"threads": arguments.threads, "clients": list(CLIENTS), "network": WORKLOADS["vae"].description}
    yield Part("service", settings, service_measures(call))


def endurance_parts(arguments):
    call = Call(WORKLOADS["vae"], arguments.device, arguments.threads)
    yield Part("endurance", {"seconds": ENDURANCE_SECONDS}, endurance_measures(call, ENDURANCE_SECONDS))


def large_parts(arguments):
    """Data of several gigabytes are made for it, on the first call."""
    yield Part("large rows", settings_of(ROWS, arguments), rows_measures(arguments))
    yield Part("large pictures", settings_of(PICTURES, arguments), pictures_measures(arguments))


def sweep_parts(arguments):
    workload = replace(WORKLOADS["dense"], images=arguments.images or 12_000, epochs=arguments.epochs or 3)
    call = Call(workload, arguments.device, arguments.threads)
    contestants = chosen(arguments, SWEPT)
    for sweep in sweeps():
        measures = {f"{name} {value}": functools.partial(train_once, name, sweep.apply(call, value))
                    for value in sweep.values for name in contestants}
        swept = {"swept": sweep.name, "values": list(sweep.values), "contestants": contestants, "growth": sweep.growth}
        yield Part(f"sweep {sweep.name}", settings_of(workload, arguments) | swept, measures)


def scaling_parts(arguments):
    for name in OF_SCALING:
        workload = adjusted(replace(WORKLOADS[name], images=12_000), arguments)
        for kind in KINDS:
            measures = scaling_measures(Call(workload, "cpu", 1), kind)
            yield Part(f"scaling {name}, {kind}", settings_of(workload, arguments) | {"threads": 1}, measures)


def settings_of(workload, arguments):
    return {"description": workload.description, "images": workload.images, "batch": workload.batch,
            "epochs": workload.epochs, "threads": arguments.threads, "network": workload.network}


PARTS = {"training": training_parts, "inference": inference_parts, "command": command_parts, "start": start_parts,
         "service": service_parts, "endurance": endurance_parts, "large": large_parts, "sweep": sweep_parts,
         "scaling": scaling_parts}
WITHOUT_ASKING = ("training", "inference", "command", "start", "service")
