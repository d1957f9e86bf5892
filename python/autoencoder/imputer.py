"""An autoencoder as an imputer."""

from numbers import Number

import numpy as np
from sklearn.base import OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from autoencoder.examples import Tables, cell_of, columns_of, is_frame, is_hole
from autoencoder.trained import TrainedModel


def is_number(value):
    return isinstance(value, Number) and not isinstance(value, (bool, np.bool_))


def words_of(column):
    """What a column holds that is no number, by the text of its cells."""
    return {cell_of(value).strip(): value for value in column if not is_hole(value) and not is_number(value)}


def value_of(text, dtype, words):
    """What a cell's text says, as a column of that type holds it."""
    if text in words:
        return words[text]
    kind = getattr(dtype, "kind", "O")
    if kind == "M":
        import pandas

        return pandas.to_datetime(text)
    if kind in "iu":
        return round(float(text))
    return float(text) if kind == "f" or not words else text


def filled_column(column, texts, words):
    """A column of a pandas data frame, of the same type, with what `texts` says in its holes."""
    filled = column.copy()
    is_missing = column.isna().to_numpy()
    values = [value_of(text, column.dtype, words) for text, missing in zip(texts, is_missing) if missing]
    if hasattr(column, "cat"):
        new = [value for value in dict.fromkeys(values) if value not in column.cat.categories]
        filled = filled.cat.add_categories(new)
    filled[is_missing] = values
    return filled


class AutoencoderImputer(OneToOneFeatureMixin, TransformerMixin, TrainedModel):
    """Fills holes by an autoencoder that the program `autoencoder` trains on what is there.

    X is an array of numbers, n_samples x n_features, or a pandas data frame, whose columns may be numbers, categories,
    dates or yes-no. Columns of whole numbers and those of only 0 and 1 are filled with such.

    Parameters
    ----------
    Those of Autoencoder but image_shape, and besides:

    missing_values : float, default=nan
        What stands for a hole, beside NaN and None.

    Attributes
    ----------
    run_ : dict of str to bytes
        The files of the trained run.
    """

    def __init__(
        self,
        model="dense",
        *,
        missing_values=np.nan,
        latent_dim=8,
        epochs=20,
        batch_size=32,
        learning_rate=None,
        scale="auto",
        output_activation="none",
        validation_fraction=0.0,
        options=None,
        random_state=None,
        verbose=None,
        program=None,
    ):
        self.model = model
        self.missing_values = missing_values
        self.latent_dim = latent_dim
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.scale = scale
        self.output_activation = output_activation
        self.validation_fraction = validation_fraction
        self.options = options
        self.random_state = random_state
        self.verbose = verbose
        self.program = program

    def fit(self, X, y=None):
        """Learns from X, n_samples x n_features, with or without holes. Raises ProgramError where the program
        refuses, ValueError where a column has nothing but holes."""
        self._form = Tables()
        X = self._form.check(self, self._with_holes(X), reset=True)
        self._words = [words_of(column) for column in columns_of(X)]
        self._train(X)
        return self

    def transform(self, X):
        """X with a value in each of its holes: an array of floats, or a data frame with the columns and types of X."""
        check_is_fitted(self)
        X = self._form.check(self, self._with_holes(X))
        holes = [[is_hole(value) for value in column] for column in columns_of(X)]
        if not np.any(holes):
            return X.copy()
        with self._unpacked() as folder:
            table = self._form.write(folder, X)["data"]
            self._call("impute", folder / "run", table, "--out", folder / "filled.csv")
            texts = self._form.read(folder / "filled.csv")
        return self._filled_frame(X, texts) if is_frame(X) else filled_array(X, texts)

    def _with_holes(self, X):
        if is_hole(self.missing_values):
            return X
        if is_frame(X):
            return X.mask(X == self.missing_values)
        X = np.asarray(X)
        return np.where(X == self.missing_values, np.nan, X)

    def _filled_frame(self, X, texts):
        filled = X.copy()
        for i, column in enumerate(columns_of(X)):
            if column.isna().any():
                filled.isetitem(i, filled_column(column, texts[i], self._words[i]))
        return filled


def filled_array(X, texts):
    return np.where(np.isnan(X), np.array(texts, dtype=X.dtype).T, X)
