"""Training by several processes of one thread each: the same work divided among them (strong scaling), and work that grows
with them (weak scaling)."""

import functools
from dataclasses import dataclass, replace

from ..machine import CORES
from .processes import environment, execute
from .program import RUNS, read_training, train_command

# Open MPI starts no processes of root's, nor any on a core that another one has, unless it is told to.
MPI_VARIABLES = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
                 "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_hwloc_base_binding_policy": "none"}


@dataclass(frozen=True)
class Team:
    """The processes that train one model, and how they are called."""

    name: str
    size: int
    launcher: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def teams():
    """The first is what the others are compared with."""
    yield Team("1 process", 1)
    yield Team("1 process, --reproducible", 1, options=("--reproducible",))
    for size in (2, 4, 8, 16):
        if size <= len(CORES):
            yield Team(f"{size} processes, mpirun", size, launcher=("mpirun", "-n", str(size)))
            yield Team(f"{size} processes, --workers", size, options=("--workers", str(size)))


def strong(workload, _size):
    return workload


def weak(workload, size):
    """As much for each process in each step."""
    return replace(workload, images=size * workload.images, batch=size * workload.batch)


KINDS = {"strong": strong, "weak": weak}


def scaling_measures(call, kind):
    return {team.name: functools.partial(train_together, call, team, KINDS[kind]) for team in teams()}


def train_together(call, team, grown, number):
    alone = replace(call, workload=grown(call.workload, team.size), threads=1, seed=number)
    run = RUNS / f"{alone.workload.name}-scaling"
    variables = environment(replace(alone, threads=team.size)) | MPI_VARIABLES
    command = [*team.launcher, *train_command(alone, run, "fp32", "--quiet", *team.options)]
    finished = execute(command, variables)
    seconds, losses = read_training(run, alone.workload)
    return finished.sample(epoch_seconds=seconds, loss=losses[-1], processes=team.size, images=alone.workload.images,
                           batch=alone.workload.batch)
