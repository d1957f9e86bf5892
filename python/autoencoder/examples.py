"""Examples on their way to the program: arrays as .npy, data frames as tables (.csv) with a header."""

import csv

import numpy as np
from sklearn.utils.validation import validate_data

FLOATS = [np.float64, np.float32]
FEWEST = 2  # examples to learn from


def is_frame(X):
    """Whether X is a data frame, of pandas or alike."""
    return hasattr(X, "columns") and hasattr(X, "dtypes")


def columns_of(X):
    """The columns of a data frame, or of an array n_samples x n_features, in their order."""
    if not is_frame(X):
        return list(np.asarray(X).T)
    width = len(X.columns)
    return [X.iloc[:, i] if hasattr(X, "iloc") else X[:, i] for i in range(width)]


def is_hole(value):
    """None, NaN, and the NaT and NA of pandas."""
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def is_category(column):
    return str(column.dtype).lower().startswith(("categ", "enum"))


def cell_of(value):
    """A value as a table has it: "" for a hole. Numbers that can have fractions keep all their digits, and
    so show the program that fractions are wanted. Days are written without an hour."""
    if is_hole(value):
        return ""
    if isinstance(value, np.float32):
        return f"{value:.8e}"
    if isinstance(value, (float, np.floating)):
        return f"{value:.16e}"
    return str(value).removesuffix(" 00:00:00") if hasattr(value, "hour") else str(value)


def can_be_listed(name):
    """Whether options of the program, with commas between them, can name a column so."""
    is_plain = isinstance(name, str) and name == name.strip() and not set(name) & set(',"\n\r')
    return is_plain and name != "" and not name.lstrip("+-").isdigit()


def table_names(columns):
    """The columns' own names; x0, x1 ... where one of them cannot be an option's word."""
    names = list(columns)
    if all(map(can_be_listed, names)) and len(set(names)) == len(names):
        return names
    return [f"x{i}" for i in range(len(names))]


class Arrays:
    """X as an array of finite numbers or holes (NaN): examples of `shape`, or vectors where that is None."""

    usual_scale = "standard"

    def __init__(self, shape=None):
        self.shape = shape

    def check(self, estimator, X, reset=False):
        """X as an array of floats. With `reset` it is the X of fit. Raises ValueError where it cannot be one, is not like
        the X of fit, or has holes and that had none: a model that has not seen holes would make NaN of them."""
        X = check_array_of(estimator, X, reset)
        has_holes = bool(np.isnan(X).any())
        if reset:
            self.knows_holes = has_holes
        if has_holes and not self.knows_holes:
            raise ValueError("X has holes (NaN), but that of fit had none, so that the model cannot tell them; fill them")
        return X

    def write(self, folder, X):
        """Writes X into a folder. Returns the options by which the program reads it."""
        shape = X.shape[1:] if self.shape is None else self.shape
        np.save(folder / "data.npy", X.astype(np.float32).reshape(-1, *shape))
        return {"data": folder / "data.npy"}


class Tables:
    """X as a table. Later ones may be a data frame or an array of numbers, whichever the X of fit was."""

    usual_scale = "auto"  # words, and what is yes or no, as they are

    def check(self, estimator, X, reset=False):
        """A data frame as it is, anything else as an array of floats. With `reset` it is the X of fit, and the names
        and kinds of columns are learned from it. Raises ValueError where X is not like that, has too few rows, or
        columns of nothing but holes to learn from."""
        if not is_frame(X):
            X = check_array_of(estimator, X, reset)
        else:
            validate_data(estimator, X, skip_check_array=True, reset=reset)
            least = FEWEST if reset else 1
            if len(X) < least:
                raise ValueError(f"Found a data frame with {len(X)} sample(s) while a minimum of {least} is required.")
        if reset:
            self._learn(X)
        return X

    def _learn(self, X):
        columns = columns_of(X)
        self.names = table_names(X.columns if is_frame(X) else range(len(columns)))
        named = list(zip(self.names, columns))
        self.categories = [name for name, column in named if is_frame(X) and is_category(column)]
        if empty := [name for name, column in named if all(map(is_hole, column))]:
            raise ValueError(f"columns without a single value, of which nothing can be learned: {', '.join(empty)}")

    def write(self, folder, X):
        """Writes X into a folder. Returns the options by which the program reads it, all columns of it."""
        with (folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(self.names)
            table.writerows(zip(*(map(cell_of, column) for column in columns_of(X))))
        options = {"data": folder / "data.csv", "keep": self.names}
        if self.categories:
            options["column_type"] = [f"{name}=category" for name in self.categories]
        return options

    def read(self, path):
        """The cells of a table that the program wrote: a list of texts for each column."""
        with path.open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        by_name = dict(zip(header, zip(*rows)))
        return [list(by_name[name]) for name in self.names]


def form_of(X, image_shape=None):
    """How X goes to the program: data frames as tables, but for pictures; all else as arrays."""
    return Tables() if is_frame(X) and image_shape is None else Arrays(image_shape)


def check_array_of(estimator, X, reset):
    return validate_data(
        estimator, X, dtype=FLOATS, ensure_all_finite="allow-nan", reset=reset, ensure_min_samples=FEWEST if reset else 1
    )
