"""Tests python against scikit-learn: python estimator_test.py PROGRAM. Skipped (77) where there is no scikit-learn."""

import pathlib
import pickle
import sys
import unittest
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "python"))
try:
    import numpy as np
    from sklearn.base import clone
    from sklearn.datasets import load_digits
    from sklearn.model_selection import GridSearchCV
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.utils.estimator_checks import check_estimator
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from autoencoder import Autoencoder, ProgramError

PROGRAM = ""


def small(**more):
    return Autoencoder(**{"latent_dim": 2, "epochs": 2, "random_state": 0, "program": PROGRAM} | more)


def clouds():
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 5)) * [5, 3, 1, 0.1, 0.1] + 10


class EstimatorTest(unittest.TestCase):
    def test_keeps_to_scikit_learns_conventions(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            check_estimator(small())

    def test_the_loss_is_that_of_the_reconstructions(self):
        X = clouds()
        model = small(model="pca", scale="none").fit(X)
        restored = model.inverse_transform(model.transform(X))
        self.assertAlmostEqual(model.reconstruction_loss_, np.mean((restored - X) ** 2))
        self.assertAlmostEqual(model.score(X), -model.reconstruction_loss_)
        # What two components leave of variances 25, 9, 1, 0.01 and 0.01.
        self.assertLess(model.reconstruction_loss_, 0.3)

    def test_the_same_seed_gives_the_same_codes(self):
        X = clouds()
        np.testing.assert_array_equal(small().fit_transform(X), clone(small()).fit_transform(X))

    def test_a_pickled_model_is_the_same_model(self):
        X = clouds()
        model = small().fit(X)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).transform(X), model.transform(X))

    def test_is_a_step_of_a_pipeline_and_of_a_search(self):
        X, y = load_digits(return_X_y=True)
        pipeline = make_pipeline(small(model="pca", scale="none", options={"clip_norm": 1}), KNeighborsClassifier(5))
        search = GridSearchCV(pipeline, {"autoencoder__latent_dim": [1, 8]}, cv=2).fit(X[:400], y[:400])
        self.assertEqual(search.best_params_, {"autoencoder__latent_dim": 8})
        self.assertGreater(search.best_score_, 0.85)

    def test_pictures_go_through_convolutions(self):
        X = np.random.default_rng(0).random((20, 64))
        model = small(model="conv", image_shape=(8, 8), scale="none", options={"channels": [4, 8]}).fit(X)
        self.assertEqual(model.inverse_transform(model.transform(X)).shape, (20, 64))

    def test_the_programs_message_is_the_error(self):
        with self.assertRaisesRegex(ProgramError, "did you mean 'dense'"):
            small(model="dence").fit(clouds())
        with self.assertRaisesRegex(FileNotFoundError, "no such program"):
            small(program="no-such-program").fit(clouds())


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
