"""Tests python's Autoencoder against scikit-learn: python estimator_test.py PROGRAM. Skipped (77) where there is no
scikit-learn."""

import json
import pickle
import unittest

from support import SMALL, check_conventions, clouds, np, patients, with_holes

from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from autoencoder import Autoencoder, ProgramError


def small(**more):
    return Autoencoder(**SMALL | more)


class EstimatorTest(unittest.TestCase):
    def test_keeps_to_scikit_learns_conventions(self):
        check_conventions(small())

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


class HolesTest(unittest.TestCase):
    def test_holes_of_an_array_are_told_to_the_model(self):
        X = clouds()
        X[::7, 0] = np.nan
        model = small().fit(X)
        codes = model.transform(X)
        self.assertTrue(np.isfinite(codes).all())
        self.assertTrue(np.isfinite(model.reconstruction_loss_))
        with self.assertRaisesRegex(ValueError, "that of fit had none"):
            small().fit(clouds()).transform(X)
        with self.assertRaisesRegex(ValueError, "infinity"):
            small().fit(np.where(np.isnan(X), np.inf, X))


class DataFrameTest(unittest.TestCase):
    def test_takes_every_kind_of_column_and_names_its_codes(self):
        frame = with_holes(patients())
        model = small().set_output(transform="pandas").fit(frame)
        codes = model.transform(frame)
        self.assertEqual(list(codes.columns), ["autoencoder0", "autoencoder1"])
        self.assertEqual(list(model.get_feature_names_out()), list(codes.columns))
        self.assertEqual(list(model.feature_names_in_), list(frame.columns))
        self.assertTrue(np.isfinite(codes.to_numpy()).all())
        self.assertAlmostEqual(model.score(frame), -model.reconstruction_loss_)

    def test_nothing_is_dropped_and_categories_of_numbers_are_no_numbers(self):
        model = small(options={"column_type": "visits=count"}).fit(patients())
        columns = {column["name"]: column["kind"] for column in json.loads(model.run_["schema.json"])["columns"]}
        self.assertEqual(
            columns,
            {
                "weight": "number",
                "visits": "count",
                "drug": "category",
                "ward": "category",
                "smoker": "yes-no",
                "since": "time",
                "dose": "number",
                "site": "number",
            },
        )

    def test_a_word_changes_the_code_of_its_row_alone(self):
        frame = patients()
        model = small().fit(frame)
        other = frame.copy()
        other.loc[3, "drug"] = "statin" if frame.loc[3, "drug"] == "none, yet" else "none, yet"
        changed = (model.transform(frame) != model.transform(other)).any(axis=1)
        self.assertEqual(list(np.flatnonzero(changed)), [3])

    def test_names_that_options_cannot_list_are_taken_too(self):
        frame = patients()[["weight", "drug"]].set_axis(["weight, kg", "12"], axis=1)
        self.assertEqual(small().fit(frame).transform(frame).shape, (80, 2))

    def test_a_column_without_a_value_is_refused_by_name(self):
        frame = patients().assign(height=np.nan)
        with self.assertRaisesRegex(ValueError, "height"):
            small().fit(frame)


if __name__ == "__main__":
    unittest.main()
