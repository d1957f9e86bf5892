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
REPRODUCIBLE = "1 process, --reproducible"


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
    yield Team(REPRODUCIBLE, 1, options=("--reproducible",))
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
    """The call is that of each process."""
    return {team.name: functools.partial(train_together, call, team, KINDS[kind]) for team in teams()}


def train_together(call, team, grown, number):
    workload = grown(call.workload, team.size)
    each = replace(call, workload=workload, seed=number)
    run = RUNS / f"{workload.name}-scaling"
    command = [*team.launcher, *train_command(each, run, "fp32", "--quiet", *team.options)]
    finished = execute(command, environment(replace(each, threads=team.size)) | MPI_VARIABLES)
    return finished.sample(**read_training(run, workload), processes=team.size, images=workload.images, batch=workload.batch)
