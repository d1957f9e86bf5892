"""`detect` of our program on rows that a study has divided: trained, fitted and scored as from the command line."""

import subprocess

from .program import is_finished, program

SCORES = {"autoencoder": "auto", "autoencoder, error alone": "error"}  # by detector, the word for --score
TRAINING = ("--model", "outliers", "--validation-fraction", "0", "--test-fraction", "0")
EPOCHS = "20"  # of windows, which are many and alike


def scores_by(names, split, run, seed):
    """The scores of the test rows by detector; `run` is the folder of the one model that all of them use."""
    files = {part: run.with_name(f"{run.name}-{part}.npy") for part in ("train", "test")}
    run.parent.mkdir(parents=True, exist_ok=True)
    write_arrays(files, split)
    if not is_finished(run):
        program("train", "--data", str(files["train"]), *TRAINING, "--seed", str(seed), "--out", str(run), "--force",
                "--quiet")
    return {name: scores_of(run, files, SCORES[name], seed) for name in names}


def scores_of(run, files, score, seed, *fitting):
    told = run.with_name(f"{run.name}-scores.csv")
    program("detect", "fit", str(run), "--score", score, "--split", "train", "--seed", str(seed), *fitting,
            stdout=subprocess.DEVNULL)
    program("detect", "score", str(run), "--data", str(files["test"]), "--seed", str(seed), "--out", str(told),
            stdout=subprocess.DEVNULL)
    return read_scores(told)


def step_scores(values, length, run, seed):
    """A score a step of a series, by windows of so many steps; `run` is the folder of the model, made anew."""
    import numpy

    data = run.with_name(f"{run.name}-series.npy")
    run.parent.mkdir(parents=True, exist_ok=True)
    numpy.save(data, numpy.asarray(values, numpy.float32).reshape(-1, 1))
    program("train", "--data", str(data), "--window", str(length), *TRAINING, "--epochs", EPOCHS, "--seed", str(seed),
            "--out", str(run), "--force", "--quiet")
    return scores_of(run, {"test": data}, "auto", seed, "--combine", "mean")


def write_arrays(files, split):
    import numpy

    for part, path in files.items():
        numpy.save(path, getattr(split, part))


def read_scores(path):
    """The column `score` of what `detect score` writes, in the order of the rows."""
    import csv

    with path.open(encoding="utf-8") as file:
        return [float(row["score"]) for row in csv.DictReader(file)]
