"""Studies of `detect`: digits that were not trained on, and fraud in a table."""

import statistics
import subprocess
import sys
from dataclasses import dataclass

from ..places import ROOT
from .figures import spread
from .program import RUNS, is_finished, output_of, program, training_seconds
from .study import Study, keep_picture, machine


class OneClass(Study):
    """Anomalies: trained on one digit, tested on all; means over the ten digits of the area under the ROC."""

    name = "one-class"
    setting = "784-128-16 and back on one digit, 40 epochs"
    TRAINING = ("--latent-dim", "16", "--epochs", "40", "--batch-size", "64")

    def run(self, digit):
        return RUNS / f"{self.name}-{digit}"

    def runs(self):
        return [self.run(digit) for digit in range(10)]

    def do(self):
        scores = [self.scores_of(digit) for digit in range(10)]
        measured = {f"AUROC by {name}": [each[name]["auroc"] for each in scores] for name in scores[0]}
        return {
            "figures": {name: f"{statistics.mean(values):.4f}" for name, values in measured.items()},
            "values": measured,
            "seeds": 1,
            "seconds": sum(training_seconds(run) for run in self.runs()),
            "machine": machine(),
            "picture": keep_picture(self.name, self.run(3) / "anomalies.png"),
        }

    def scores_of(self, digit):
        run = self.run(digit)
        if not is_finished(run):
            program("train", *self.TRAINING, "--only-labels", str(digit), "--out", str(run), "--force", "--quiet")
        program("detect", "fit", str(run), stdout=subprocess.DEVNULL)
        return output_of("detect", "score", str(run), "--normal", str(digit))["scores"]


@dataclass(frozen=True)
class WovenFabric(Study):
    """Defects in made-up fabric (scripts/woven-fabric): other sets than those that the usual map was chosen on."""

    name: str  # also of the recipe
    setting: str

    SETS = (3, 4, 5)
    FIGURES = (("AUROC by picture", lambda found: found["scores"]["map"]["auroc"]),
               ("AUROC by pixel", lambda found: found["pixels"]["auroc"]),
               ("PRO up to 30 % of false positives", lambda found: found["pixels"]["pro"]))

    def run(self, number):
        return RUNS / f"{self.name}-{number}"

    def runs(self):
        return [self.run(number) for number in self.SETS]

    def do(self):
        found = [self.found_in(number) for number in self.SETS]
        measured = {name: [read(each) for each in found] for name, read in self.FIGURES}
        measured |= {f"AUROC by picture: {kind}": [each["kinds"][kind]["auroc"] for each in found] for kind in found[0]["kinds"]}
        return {
            "figures": {name: spread(values, 3) for name, values in measured.items()},
            "values": measured,
            "seeds": len(self.SETS),
            "seconds": statistics.mean(training_seconds(run) for run in self.runs()),
            "machine": machine(),
            "picture": keep_picture(self.name, self.runs()[0] / "anomalies.png"),
        }

    def found_in(self, number):
        run, seed = self.run(number), str(number)
        pictures = RUNS / f"fabric-of-seed-{seed}"
        if not pictures.exists():
            subprocess.run([sys.executable, ROOT / "scripts/woven-fabric", pictures, "--seed", seed], check=True)
        if not is_finished(run):
            program("train", "--recipe", self.name, "--data", str(pictures), "--seed", seed, "--out", str(run), "--force",
                    "--quiet")
        program("detect", "fit", str(run), stdout=subprocess.DEVNULL)
        return output_of("detect", "score", str(run))


class CardPayments(Study):
    """Anomalies in a table: fraud among made-up card payments (scripts/card-payments), unlabelled in training."""

    name = "card-payments"
    setting = "11-32-5 and back on 30,000 payments, 1 % fraud"
    TRAINING = ("--scale", "standard", "--hidden", "32", "--latent-dim", "5", "--output-activation", "none",
                "--epochs", "30", "--test-fraction", "0", "--label-column", "fraud")

    def run(self):
        return RUNS / f"{self.name}-0"

    def table(self, part):
        return RUNS / f"{self.name}-{part}.csv"

    def runs(self):
        return [self.run()]

    def do(self):
        self.write_tables()
        measured = self.ours() | {"the same by scikit-learn's IsolationForest": self.isolation_forest()}
        return {
            "figures": {name: f"{auroc:.4f} / {precision:.3f}" for name, (auroc, precision) in measured.items()},
            "values": measured,
            "seeds": 1,
            "seconds": training_seconds(self.run()),
            "machine": machine(),
            "picture": keep_picture(self.name, self.run() / "precision-recall.png"),
        }

    def write_tables(self):
        for part, seed in (("train", "0"), ("test", "1")):
            subprocess.run([ROOT / "scripts/card-payments", self.table(part), "--seed", seed], check=True)

    def ours(self):
        run = str(self.run())
        if not is_finished(self.run()):
            program("train", "--data", str(self.table("train")), *self.TRAINING, "--out", run, "--force", "--quiet")
        program("detect", "fit", run, stdout=subprocess.DEVNULL)
        scores = output_of("detect", "score", run, "--data", str(self.table("test")), "--label-column", "fraud",
                           "--anomalies", "1")["scores"]
        return {f"AUROC / average precision by {name}": (score["auroc"], score["average_precision"])
                for name, score in scores.items()}

    def isolation_forest(self):
        import numpy
        from sklearn.ensemble import IsolationForest
        from sklearn.metrics import average_precision_score, roc_auc_score

        train, test = (numpy.loadtxt(self.table(part), delimiter=",", skiprows=1) for part in ("train", "test"))
        forests = [IsolationForest(random_state=seed).fit(train[:, :-1]) for seed in range(3)]
        scores = [-forest.score_samples(test[:, :-1]) for forest in forests]
        return tuple(statistics.mean(measure(test[:, -1], each) for each in scores)
                     for measure in (roc_auc_score, average_precision_score))
