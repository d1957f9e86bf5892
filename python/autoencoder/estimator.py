"""An autoencoder as a scikit-learn transformer."""

import json

import numpy as np
from sklearn.base import ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted

from autoencoder.examples import FLOATS, Tables, form_of, is_frame
from autoencoder.trained import TrainedModel


class Autoencoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, TrainedModel):
    """Codes of examples by an autoencoder that the program `autoencoder` trains.

    X is an array of numbers, n_samples x n_features, or a data frame, whose columns may be numbers, categories, dates
    or yes-no. NaN and None are holes: cells that are not known.

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
    scale : {"auto", "none", "minmax", "standard"}, default="auto"
        What is taken off the features before they are learned, and put back on reconstructions: mean and standard
        deviation, of a data frame those of its numbers and dates.
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
    verbose : bool, optional
        True prints the program's progress while it trains, False does not; left out, it is printed where there is a
        terminal, from the tenth second on.
    program : str, optional
        The program; $AUTOENCODER_PROGRAM, or `autoencoder` in $PATH, where it is left out.

    Attributes
    ----------
    reconstruction_loss_ : float
        Mean squared error of the training examples' reconstructions, in the units of X, over what is no hole. Of a
        data frame the mean of its columns' errors, each in its own measure, as `autoencoder evaluate` gives it.
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
        scale="auto",
        output_activation="none",
        validation_fraction=0.0,
        image_shape=None,
        options=None,
        random_state=None,
        verbose=None,
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
        self.verbose = verbose
        self.program = program

    def fit(self, X, y=None):
        """Trains on X, n_samples x n_features. Raises ProgramError where the program refuses."""
        self._form = form_of(X, self.image_shape)
        X = self._form.check(self, X, reset=True)
        self._train(X)
        codes = self._encode(X)
        self._n_features_out = codes.shape[1]
        self.reconstruction_loss_ = self._loss(X, codes)
        return self

    def transform(self, X):
        """The codes of X, n_samples x latent_dim, of the type of X; float32 of a data frame."""
        check_is_fitted(self)
        return self._encode(self._form.check(self, X))

    def inverse_transform(self, X):
        """What codes (n_samples x latent_dim) stand for: n_samples x n_features, of the codes' type. Raises
        NotImplementedError where fit was given a data frame."""
        check_is_fitted(self)
        if isinstance(self._form, Tables):
            raise NotImplementedError("codes of a data frame cannot be decoded to one; fit on an array of numbers")
        return self._decode(check_array(X, dtype=FLOATS))

    def score(self, X, y=None):
        """Minus the error of the reconstructions, as reconstruction_loss_ is one: larger is better."""
        check_is_fitted(self)
        X = self._form.check(self, X)
        return -self._loss(X, self._encode(X))

    def _loss(self, X, codes):
        if not isinstance(self._form, Tables):
            return float(np.nanmean((self._decode(codes) - X) ** 2))
        with self._unpacked() as folder:
            return json.loads(self._call("evaluate", folder / "run", *self._data_words(folder, X), "--json"))["mse"]

    def _encode(self, X):
        with self._unpacked() as folder:
            # A row's code must not depend on the rows beside it, to the last digit.
            out = ["--out", folder / "codes.npy", "--double-precision"]
            self._call("encode", folder / "run", *self._data_words(folder, X), *out)
            codes = np.load(folder / "codes.npy")
        return codes if is_frame(X) else codes.astype(X.dtype)

    def _decode(self, codes):
        with self._unpacked() as folder:
            np.save(folder / "codes.npy", codes.astype(np.float32))
            self._call("decode", folder / "run", folder / "codes.npy", "--out", folder / "decoded.npy")
            return np.load(folder / "decoded.npy").reshape(len(codes), -1).astype(codes.dtype)
