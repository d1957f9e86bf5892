"""A study of `impute`: a fifth of the cells of tables hidden, and filled by us and by scikit-learn."""

import csv
import statistics
import subprocess

from .program import RUNS, is_finished, program, training_seconds
from .scored_study import data_folder, no_data
from .study import Study, machine

HIDDEN = 0.2


class Imputation(Study):
    """Numbers of six tables, a fifth hidden at random: root mean squared error in standard deviations of the columns."""

    name = "imputation"
    setting = "dense and vae on tables of numbers, 20 % of the cells hidden; RMSE in standard deviations"
    NAMES = ("cardio", "pima", "wdbc", "pendigits", "thyroid", "vertebral")
    MODELS = {"dense": ("--model", "dense"), "vae": ("--model", "vae")}
    SEEDS = (0, 1, 2)

    def run(self, table, model, seed):
        return RUNS / f"{self.name}-{table}-{model}-{seed}"

    def runs(self):
        return [self.run(table, model, seed) for table in self.NAMES for model in self.MODELS for seed in self.SEEDS]

    def do(self):
        errors = {table: self.errors_of(table) for table in self.NAMES}
        ways = list(errors[self.NAMES[0]])
        means = {way: statistics.mean(statistics.mean(errors[table][way]) for table in self.NAMES) for way in ways}
        return {
            "figures": {f"{way}, mean of {len(self.NAMES)} tables": f"{mean:.3f}" for way, mean in means.items()},
            "values": errors,
            "seeds": len(self.SEEDS),
            "seconds": sum(training_seconds(run) for run in self.runs()),
            "machine": machine(),
        }

    def errors_of(self, table):
        """{way: errors by seed}"""
        rows = table_rows(table)
        errors = {}
        for seed in self.SEEDS:
            hidden = hidden_cells(rows, seed)
            for way, filled in (self.ours(table, rows, hidden, seed) | peers(rows, hidden, seed)).items():
                errors.setdefault(way, []).append(error_in_deviations(rows, filled, hidden))
        return errors

    def ours(self, table, rows, hidden, seed):
        holey = RUNS / f"{self.name}-{table}-{seed}.csv"
        write_table(holey, rows, hidden)
        return {f"autoencoder, {model}": self.filled_by(self.run(table, model, seed), words, holey, seed)
                for model, words in self.MODELS.items()}

    def filled_by(self, run, words, holey, seed):
        import numpy

        if not is_finished(run):
            program("train", *words, "--data", str(holey), "--keep", ",".join(header_of(holey)), "--test-fraction", "0",
                    "--seed", str(seed), "--out", str(run), "--force", "--quiet")
        full = run / "full.csv"
        program("impute", str(run), str(holey), "--out", str(full), stdout=subprocess.DEVNULL)
        return numpy.loadtxt(full, delimiter=",", skiprows=1)


def table_rows(name):
    """Its rows, of columns that vary; at most 5,000 of them, for the peers' sake."""
    import numpy

    path = data_folder("adbench") / f"{name}.npz"
    if not path.exists():
        raise no_data(path.parent, f"{path.name}, a table of ADBench")
    rows = numpy.load(path)["X"].astype(float)
    rows = rows[numpy.random.default_rng(0).permutation(len(rows))[:5000]]
    return rows[:, rows.std(axis=0) > 0]


def hidden_cells(rows, seed):
    import numpy

    return numpy.random.default_rng(seed).random(rows.shape) < HIDDEN


def write_table(path, rows, hidden):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(f"x{number}" for number in range(rows.shape[1]))
        for row, holes in zip(rows, hidden):
            writer.writerow("" if hole else repr(float(cell)) for cell, hole in zip(row, holes))


def header_of(path):
    with open(path, newline="") as file:
        return next(csv.reader(file))


def peers(rows, hidden, seed):
    """scikit-learn's imputers on columns of mean 0 and deviation 1, as far as their cells are there."""
    import numpy
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401: makes the next line possible
    from sklearn.impute import IterativeImputer, KNNImputer, SimpleImputer

    holey = numpy.where(hidden, numpy.nan, rows)
    mean, deviation = numpy.nanmean(holey, axis=0), numpy.nanstd(holey, axis=0)
    scaled = (holey - mean) / numpy.where(deviation > 0, deviation, 1)
    imputers = {"mean": SimpleImputer(), "5 nearest neighbours": KNNImputer(),
                "iterative, by ridge regression": IterativeImputer(random_state=seed, max_iter=20)}
    return {name: imputer.fit_transform(scaled) * deviation + mean for name, imputer in imputers.items()}


def error_in_deviations(rows, filled, hidden):
    """Mean over the columns of the root mean squared error of what was hidden, in the column's deviation."""
    import numpy

    deviation = rows.std(axis=0)
    columns = [column for column in range(rows.shape[1]) if hidden[:, column].any()]
    errors = [numpy.sqrt(numpy.mean((filled - rows)[hidden[:, column], column] ** 2)) / deviation[column]
              for column in columns]
    return float(numpy.mean(errors))
