"""What all estimators share: a model that the program has trained, kept as the files of its run."""

import json
import tempfile
from contextlib import contextmanager
from pathlib import Path

from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_random_state

from autoencoder.program import call, find_program, option_list, option_words
from autoencoder.progress import Progress

INDEX = "checkpoints/index.json"
# Of a run: what its model needs to be used, beside the best checkpoint. Not every run has all of them.
KEPT = ("config.json", "split.safetensors", "schema.json", "detector.safetensors", INDEX)

# Parameters that are options of `autoencoder train` by the same name.
TRAIN_OPTIONS = (
    "model",
    "latent_dim",
    "epochs",
    "batch_size",
    "learning_rate",
    "scale",
    "output_activation",
    "validation_fraction",
)


def kept_files(run):
    """Paths inside the run and what lies there."""
    best = json.loads((run / INDEX).read_text())["best"]
    names = [name for name in (*KEPT, f"checkpoints/{best}") if (run / name).exists()]
    return {name: (run / name).read_bytes() for name in names}


class TrainedModel(BaseEstimator):
    """Trains an autoencoder by the program, and keeps it as run_. Estimators have TRAIN_OPTIONS, `options`,
    `random_state`, `verbose` and `program` as parameters (Autoencoder describes them), and `_form`, which hands their
    examples over."""

    def _train(self, X):
        """Trains on X, as self._form took it. Ctrl-C stops the program, and raises KeyboardInterrupt."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            words = option_words(self._train_options(self._form.write(folder, X)))
            self._call("train", "--bare", "--out", folder / "run", *words, show=Progress(self.verbose))
            self._go_on(folder / "run")
            self.run_ = kept_files(folder / "run")

    def _train_options(self, data):
        """Options of `autoencoder train`; data: those that name and describe the examples."""
        options = {name: getattr(self, name) for name in TRAIN_OPTIONS}
        options["scale"] = self._form.usual_scale if self.scale == "auto" else self.scale
        options |= {"test_fraction": 0, "seed": int(check_random_state(self.random_state).randint(2**31 - 1))}
        own = dict(self.options or {})
        if "column_type" in data and "column_type" in own:
            own["column_type"] = [*data["column_type"], *option_list(own["column_type"])]
        return options | data | own

    def _go_on(self, run):
        """What is to be done with a trained run while its data lies there."""

    def _call(self, *words, show=None):
        return call(find_program(self.program), *words, show=show)

    @contextmanager
    def _unpacked(self):
        """A folder in which the run lies, as `run`, for the time being."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path, content in self.run_.items():
                (folder / "run" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "run" / path).write_bytes(content)
            yield folder

    def _data_words(self, folder, X):
        """Writes X, and names it to a command that works on the whole of it."""
        return ["--data", self._form.write(folder, X)["data"], "--split", "all"]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
