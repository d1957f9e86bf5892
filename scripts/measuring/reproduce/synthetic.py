"""A study of `sample` on a table of numbers and words: what a classifier learns from made-up rows, ours and those of TVAE
(Xu et al. 2019), beside what it learns from real ones."""

import csv
import statistics
import subprocess

from .program import RUNS, is_finished, program, training_seconds
from .scored_study import data_folder, no_data
from .study import Study, machine

REAL, OURS, PEER = "real rows", "autoencoder", "CTGAN's TVAE"
TOLD = "income"  # which of its two words, the others of a row tell
WANTED = ">50K"
TESTED = 0.25
# Chosen on a part of the rows to learn from: nothing is to be imputed, and codes come from what training's codes are like.
TRAINING = ("--model", "vae", "--corruption", "none")
DRAWING = ("--prior", "gmm:20")
HOLES = "?"


class SyntheticRows(Study):
    """Adult: three quarters of the rows to learn from, the others to try the classifiers on."""

    name = "synthetic"
    setting = ("adult: vae with a likelihood for each column, codes from 20 normals; F1 of four classifiers that learned from as many "
               "made-up rows as real ones")
    SEEDS = (0, 1, 2)

    def run(self, seed):
        return RUNS / f"{self.name}-{seed}"

    def runs(self):
        return [self.run(seed) for seed in self.SEEDS]

    def do(self):
        header, rows = table()
        f1, copied = {}, {}
        for seed in self.SEEDS:
            learned, tested = divided(rows, seed)
            for name, made_up in self.sources(header, learned, seed):
                f1.setdefault(name, []).append(score(header, made_up, tested, seed))
                copied.setdefault(name, []).append(share_copied(made_up, learned))
        figures = {f"F1 from {name}": statistics.mean(values) for name, values in f1.items()}
        return {
            "figures": {name: f"{value:.3f}" for name, value in figures.items()}
            | {f"share copied by {name}": f"{statistics.mean(copied[name]):.4f}" for name in (OURS, PEER)},
            "values": {"F1": f1, "copied": copied},
            "seeds": len(self.SEEDS),
            "seconds": sum(training_seconds(run) for run in self.runs()),
            "machine": machine(),
        }

    def sources(self, header, learned, seed):
        """Pairs of a name and rows to learn from."""
        yield REAL, learned
        yield OURS, self.made_up_by_us(header, learned, seed)
        yield PEER, made_up_by_tvae(header, learned, seed)

    def made_up_by_us(self, header, learned, seed):
        run = self.run(seed)
        data = run.with_name(f"{run.name}.csv")
        write_rows(data, header, learned)
        if not is_finished(run):
            program("train", *TRAINING, "--data", str(data), "--test-fraction", "0", "--seed", str(seed), "--out", str(run), "--force",
                    "--quiet")
        made_up = run / "made-up.csv"
        program("sample", str(run), *DRAWING, "--count", str(len(learned)), "--seed", str(seed), "--out", str(made_up),
                stdout=subprocess.DEVNULL)
        return in_order(header, *read_rows(made_up))


def table():
    path = data_folder("adult") / "adult.csv"
    if not path.exists():
        raise no_data(path.parent, path.name)
    return read_rows(path)


def read_rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, skipinitialspace=True)
    return header, [[cell or HOLES for cell in row] for row in rows]


def write_rows(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def in_order(header, found, rows):
    places = [found.index(name) for name in header]
    return [[row[place] for place in places] for row in rows]


def divided(rows, seed):
    """Those to learn from, and those to try on."""
    import numpy

    order = numpy.random.default_rng(seed).permutation(len(rows))
    tested = round(TESTED * len(rows))
    return [rows[i] for i in order[tested:]], [rows[i] for i in order[:tested]]


def made_up_by_tvae(header, learned, seed):
    """As it comes."""
    import pandas
    import torch
    from ctgan import TVAE

    torch.manual_seed(seed)
    frame = pandas.DataFrame(learned, columns=header)
    numbers = numeric_columns(header, learned)
    frame[numbers] = frame[numbers].astype(float)
    model = TVAE(enable_gpu=False)
    model.set_random_state(seed)
    model.fit(frame, [name for name in header if name not in numbers])
    made_up = model.sample(len(learned))
    made_up[numbers] = made_up[numbers].round().astype(int)  # as all of them are
    return made_up[header].astype(str).values.tolist()


def numeric_columns(header, rows):
    return [name for column, name in enumerate(header) if all(is_number(row[column]) for row in rows)]


def is_number(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def share_copied(made_up, learned):
    real = {tuple(row) for row in learned}
    return sum(tuple(row) in real for row in made_up) / len(made_up)


def score(header, learned, tested, seed):
    """The mean F1 of the classifiers of Xu et al. 2019 (their table 5), trained on some rows and tried on others."""
    from sklearn.ensemble import AdaBoostClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.neural_network import MLPClassifier
    from sklearn.tree import DecisionTreeClassifier

    classifiers = (DecisionTreeClassifier(max_depth=20, class_weight="balanced", random_state=seed),
                   AdaBoostClassifier(random_state=seed),
                   LogisticRegression(class_weight="balanced", max_iter=200),
                   MLPClassifier((50,), max_iter=50, random_state=seed))
    (known, answers), (asked, right) = inputs_and_answers(header, learned, tested)
    return statistics.mean(f1_score(right, classifier.fit(known, answers).predict(asked)) for classifier in classifiers)


def inputs_and_answers(header, learned, tested):
    """For both parts: numbers standardised by the first, a column for each of its words, and which rows are WANTED."""
    from sklearn.compose import make_column_transformer
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    told = header.index(TOLD)
    numbers = [header.index(name) for name in numeric_columns(header, tested)]
    words = [column for column in range(len(header)) if column not in (told, *numbers)]
    encoder = make_column_transformer((StandardScaler(), numbers), (OneHotEncoder(handle_unknown="ignore"), words),
                                      sparse_threshold=0)
    encoder.fit(as_array(learned))
    return [(encoder.transform(as_array(rows)), [row[told] == WANTED for row in rows]) for rows in (learned, tested)]


def as_array(rows):
    import numpy

    return numpy.array(rows, dtype=object)
