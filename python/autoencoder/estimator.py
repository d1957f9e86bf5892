"""An autoencoder as a scikit-learn transformer."""

import json
import tempfile
from pathlib import Path

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted, check_random_state

from autoencoder.program import call, find_program, option_words

try:
    from sklearn.utils.validation import validate_data
except ImportError:  # before scikit-learn 1.6

    def validate_data(estimator, X, **arguments):
        return estimator._validate_data(X, **arguments)


INDEX = "checkpoints/index.json"
KEPT = ("config.json", "split.safetensors", INDEX)  # of a run: what encoding and decoding need, and the best checkpoint


def kept_files(run):
    """Paths inside the run and what lies there."""
    best = json.loads((run / INDEX).read_text())["best"]
    return {name: (run / name).read_bytes() for name in (*KEPT, f"checkpoints/{best}")}


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Codes of examples by an autoencoder that the program `autoencoder` trains.

    Parameters
    ----------
    model : str, default="dense"
        A name that `autoencoder models` lists.
    latent_dim : int, default=8
        Numbers of a code.
    epochs : int, default=20
        Passes over the training data.
    batch_size : int, default=32
        Examples in a step.
    learning_rate : float, optional
        Step size; the model's own where it is left out.
    scale : {"none", "minmax", "standard"}, default="standard"
        What is taken off the features before they are learned, and put back on reconstructions.
    output_activation : str, default="none"
        Activation of the reconstruction, on scaled features.
    validation_fraction : float, default=0
        Share of the examples that are held out: the best epoch is chosen by them.
    image_shape : tuple of int, optional
        (C, H, W) or (H, W) of the pictures that rows of X are, flattened, with values in [0, 1].
    options : dict, optional
        Any other option of `autoencoder train`: {"hidden": [64, 32], "corruption": "gaussian:0.3"}.
    random_state : int or RandomState, optional
        Decides weights, order and noise.
    program : str, optional
        The program; $AUTOENCODER_PROGRAM, or `autoencoder` in $PATH, where it is left out.

    Attributes
    ----------
    reconstruction_loss_ : float
        Mean squared error of the training examples' reconstructions, in the units of X.
    run_ : dict of str to bytes
        The files of the trained run.
    """

    def __init__(
        self,
        model="dense",
        *,
        latent_dim=8,
        epochs=20,
        batch_size=32,
        learning_rate=None,
        scale="standard",
        output_activation="none",
        validation_fraction=0.0,
        image_shape=None,
        options=None,
        random_state=None,
        program=None,
    ):
        self.model = model
        self.latent_dim = latent_dim
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.scale = scale
        self.output_activation = output_activation
        self.validation_fraction = validation_fraction
        self.image_shape = image_shape
        self.options = options
        self.random_state = random_state
        self.program = program

    def fit(self, X, y=None):
        """Trains on X, n_samples x n_features. Raises ProgramError where the program refuses."""
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        options = {
            "model": self.model,
            "latent_dim": self.latent_dim,
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "scale": self.scale,
            "output_activation": self.output_activation,
            "validation_fraction": self.validation_fraction,
            "test_fraction": 0,
            "seed": int(check_random_state(self.random_state).randint(2**31 - 1)),
        } | (self.options or {})
        with tempfile.TemporaryDirectory() as folder:
            data, run = Path(folder, "data.npy"), Path(folder, "run")
            self._save_examples(data, X)
            call(find_program(self.program), "train", "--data", data, "--out", run, "--quiet", *option_words(options))
            self.run_ = kept_files(run)
        codes = self._transform(X)
        self._n_features_out = codes.shape[1]
        self.reconstruction_loss_ = float(np.mean((self.inverse_transform(codes) - X) ** 2))
        return self

    def transform(self, X):
        """The codes of X, n_samples x latent_dim, of the type of X."""
        check_is_fitted(self)
        return self._transform(validate_data(self, X, dtype=[np.float64, np.float32], reset=False))

    def inverse_transform(self, X):
        """What codes (n_samples x latent_dim) stand for: n_samples x n_features, of the codes' type."""
        check_is_fitted(self)
        codes = check_array(X, dtype=[np.float64, np.float32])
        return self._through_program(codes, self._decode).reshape(len(codes), -1).astype(codes.dtype)

    def score(self, X, y=None):
        """Minus the mean squared error of the reconstructions: larger is better."""
        codes = self.transform(X)
        return -float(np.mean((self.inverse_transform(codes) - np.asarray(X)) ** 2))

    def _transform(self, X):
        return self._through_program(X, self._encode).astype(X.dtype)

    def _save_examples(self, path, X):
        shape = X.shape[1:] if self.image_shape is None else self.image_shape
        np.save(path, X.astype(np.float32).reshape(-1, *shape))

    def _encode(self, run, folder, X):
        self._save_examples(folder / "data.npy", X)
        # A row's code must not depend on the rows beside it, to the last digit.
        self._call(
            "encode", run, "--data", folder / "data.npy", "--split", "all", "--out", folder / "result.npy", "--double-precision"
        )

    def _decode(self, run, folder, codes):
        np.save(folder / "codes.npy", codes.astype(np.float32))
        self._call("decode", run, folder / "codes.npy", "--out", folder / "result.npy")

    def _call(self, *words):
        call(find_program(self.program), *words)

    def _through_program(self, array, work):
        """What `work` writes to result.npy of a folder in which the run lies."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            for path, content in self.run_.items():
                (folder / "run" / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / "run" / path).write_bytes(content)
            work(folder / "run", folder, array)
            return np.load(folder / "result.npy")
