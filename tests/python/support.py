"""What the tests of python/ share: the package on the path, a program to call, examples. Ends the test as skipped (77)
where there is no scikit-learn."""

import pathlib
import subprocess
import sys
import unittest
import warnings

PYTHON = pathlib.Path(__file__).resolve().parents[2] / "python"
sys.path.insert(0, str(PYTHON))
try:
    import numpy as np
    from sklearn.utils.estimator_checks import check_estimator

    import autoencoder  # noqa: F401
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else "autoencoder"
SMALL = {"latent_dim": 2, "epochs": 2, "random_state": 0, "program": PROGRAM}


def can_build_wheels():
    """Asked of a Python of its own: setuptools refuses to be imported behind the distutils of others."""
    parts = "import setuptools, setuptools.command.bdist_wheel, pip"
    return subprocess.run([sys.executable, "-c", parts], capture_output=True).returncode == 0


def check_conventions(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        check_estimator(estimator)


def clouds():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 5)) * [5, 3, 1, 0.1, 0.1] + 10


def line_with_outliers():
    """60 x 2: 54 near the line y = x, and 6 on a wide circle around them."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=54)
    angles = np.arange(6) * np.pi / 3
    near = np.column_stack([x, x + rng.normal(size=54) * 0.05])
    return np.concatenate([near, 12 * np.column_stack([np.cos(angles), np.sin(angles)])])


def patients(rows=80):
    """A data frame with every kind of column. Weight and dose follow from the drug. Skips where there is no pandas."""
    try:
        import pandas
    except ImportError:
        raise unittest.SkipTest("no pandas") from None
    rng = np.random.default_rng(0)
    drug = rng.choice(["none, yet", "statin"], rows)
    days = pandas.to_timedelta(rng.integers(0, 900, rows), unit="D")
    return pandas.DataFrame(
        {
            "weight": np.where(drug == "statin", 90.0, 60.0) + rng.normal(size=rows),
            "visits": pandas.array(rng.integers(0, 9, rows), dtype="Int64"),
            "drug": pandas.Categorical(drug),
            "ward": pandas.Categorical(rng.choice([1, 2, 3], rows)),
            "smoker": rng.random(rows) < 0.3,
            "since": pandas.Timestamp("2020-01-01") + days,
            "dose": np.where(drug == "statin", 20, 0),
            "site": 7,
        }
    )


def with_holes(frame):
    """A copy with 8 holes in each column whose type has any."""
    rng = np.random.default_rng(1)
    holed = frame.copy()
    for name in ("weight", "visits", "drug", "ward", "since"):
        holed.loc[rng.choice(len(frame), 8, replace=False), name] = None
    return holed
