"""What of the workloads and contestants a call takes."""

from dataclasses import replace

from ..machine import has_fast_bfloat16
from .contestants import CONTESTANTS
from .workloads import WORKLOADS


def chosen_workloads(arguments):
    return [adjusted(WORKLOADS[name], arguments) for name in arguments.workloads or WORKLOADS]


def adjusted(workload, arguments):
    return replace(workload, images=arguments.images or workload.images, epochs=arguments.epochs or workload.epochs)


def chosen(arguments, names):
    """Those of `names` that were asked for; without a choice, all but those that this machine is not made for."""
    if arguments.contestants:
        return [name for name in names if name in arguments.contestants]
    if arguments.device == "cuda":
        return [name for name in names if CONTESTANTS[name].on_gpu]
    return [name for name in names if CONTESTANTS[name].precision == "fp32" or has_fast_bfloat16()]
