"""Tests python's AutoencoderImputer: python imputer_test.py PROGRAM. Skipped (77) where there is no scikit-learn."""

import unittest

from support import SMALL, check_conventions, np, patients, with_holes

from autoencoder import AutoencoderImputer

LONG = {"epochs": 200, "learning_rate": 0.01, "latent_dim": 4}


def small(**more):
    return AutoencoderImputer(**SMALL | more)


def line(rows=120):
    """Two numbers, the second twice the first."""
    x = np.random.default_rng(0).normal(size=rows)
    return np.column_stack([x, 2 * x])


class ImputerTest(unittest.TestCase):
    def test_keeps_to_scikit_learns_conventions(self):
        check_conventions(small())

    def test_fills_by_what_the_other_numbers_tell(self):
        X = line()
        holed = X.copy()
        holed[::6, 1] = np.nan
        filled = small(**LONG).fit_transform(holed)
        known = ~np.isnan(holed)
        np.testing.assert_array_equal(filled[known], X[known])
        error = np.sqrt(np.mean((filled - X)[~known] ** 2))
        self.assertLess(error, 0.5 * X[::6, 1].std())  # of the column's mean it is 1

    def test_keeps_the_type_and_what_is_whole(self):
        X = line().astype(np.float32)
        imputer = small().fit(X)
        self.assertEqual(imputer.transform(X).dtype, np.float32)
        np.testing.assert_array_equal(imputer.transform(X), X)

    def test_another_number_may_stand_for_a_hole(self):
        X = line()
        X[::6, 1] = -999
        filled = small(missing_values=-999).fit_transform(X)
        self.assertGreater(filled[:, 1].min(), -20)

    def test_a_column_without_a_value_is_refused(self):
        with self.assertRaisesRegex(ValueError, "x1"):
            small().fit(np.column_stack([line()[:, 0], np.full(120, np.nan)]))


class DataFrameTest(unittest.TestCase):
    def test_columns_and_types_stay_and_what_is_there_too(self):
        frame = with_holes(patients())
        filled = small().fit_transform(frame)
        self.assertEqual(list(filled.columns), list(frame.columns))
        self.assertEqual(list(filled.dtypes), list(frame.dtypes))
        self.assertFalse(filled.isna().any().any())
        self.assertTrue(((filled == frame) | frame.isna()).all().all())
        self.assertEqual(set(filled["drug"]), {"none, yet", "statin"})
        self.assertEqual(set(filled["ward"]), {1, 2, 3})
        self.assertTrue((filled["since"] == filled["since"].dt.normalize()).all())  # days, as the others

    def test_fills_words_and_numbers_by_the_other_columns(self):
        frame = patients()
        holed = with_holes(frame)
        filled = small(**LONG).fit_transform(holed)
        missing = holed["drug"].isna() & holed["weight"].notna()
        self.assertGreater((filled["drug"] == frame["drug"])[missing].mean(), 0.8)
        missing = holed["weight"].isna() & holed["drug"].notna()
        self.assertLess((filled["weight"] - frame["weight"])[missing].abs().max(), 15)  # the drugs lie 30 apart

    def test_names_what_it_gives(self):
        frame = with_holes(patients())[["weight", "dose"]]
        imputer = small().fit(frame)
        self.assertEqual(list(imputer.get_feature_names_out()), ["weight", "dose"])
        imputer.set_output(transform="pandas")
        self.assertEqual(list(imputer.transform(frame.to_numpy()).columns), ["weight", "dose"])


if __name__ == "__main__":
    unittest.main()
