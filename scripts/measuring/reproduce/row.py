"""A model, trained with each seed and measured: what most rows are."""

import statistics
from dataclasses import dataclass

from ..ending import Failure
from .figures import Figure, spread
from .program import RUNS, is_finished, program, training_seconds
from .study import Study, keep_picture, machine


@dataclass(frozen=True)
class Row(Study):
    name: str  # of the row, and of its recipe where none is named
    setting: str
    figures: tuple[Figure, ...]
    published: str = ""  # with its source
    seeds: int = 3
    recipe: str = ""
    options: tuple[str, ...] = ()
    picture: str = "reconstructions.png"
    runs_of: "Row | None" = None  # whose runs are measured, where that is another row

    @property
    def trained(self):
        return self.runs_of or self

    def run(self, seed):
        return RUNS / f"{self.trained.name}-{seed}"

    def runs(self):
        return [self.run(seed) for seed in range(self.seeds)]

    def forget(self):
        if not self.runs_of:
            super().forget()

    def do(self):
        runs = [train(self.trained, seed) for seed in range(self.seeds)]
        measured = {figure.name: [figure.measure(run) for run in runs] for figure in self.figures}
        return {
            "figures": {figure.name: spread(measured[figure.name], figure.digits) for figure in self.figures},
            "values": measured,
            "seeds": self.seeds,
            "seconds": statistics.mean(training_seconds(run) for run in runs),
            "machine": machine(),
            "picture": keep_picture(self.name, runs[0] / self.picture),
        }


def train(row, seed):
    """The finished run of a row and seed: trained, or trained on from where it stopped."""
    run = row.run(seed)
    if is_finished(run):
        return run
    print(f"==> {row.name}, seed {seed}", flush=True)
    program("train", *train_options(row, seed))
    if not is_finished(run):
        raise Failure(f"{run}: stopped before the end; call this again to go on")
    return run


def train_options(row, seed):
    run = row.run(seed)
    if any((run / "checkpoints").glob("*")):
        return ("--resume", str(run))
    recipe = () if "--model" in row.options else ("--recipe", row.recipe or row.name)
    return (*recipe, *row.options, "--seed", str(seed), "--out", str(run), "--force")
