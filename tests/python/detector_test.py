"""Tests python's AutoencoderDetector: python detector_test.py PROGRAM. Skipped (77) where there is no scikit-learn."""

import unittest

from support import SMALL, check_conventions, line_with_outliers, np, patients

from autoencoder import AutoencoderDetector, pyod

OUTLIERS = np.arange(60) >= 54


def small(kind=AutoencoderDetector, **more):
    return kind(**SMALL | {"contamination": 0.1} | more)


class DetectorTest(unittest.TestCase):
    def test_keeps_to_scikit_learns_conventions(self):
        check_conventions(small())

    def test_finds_what_lies_far_from_all_others(self):
        X = line_with_outliers()
        detector = small(model="pca")
        np.testing.assert_array_equal(detector.fit_predict(X) == -1, OUTLIERS)
        np.testing.assert_array_equal(detector.predict([[0, 0], [0, -30]]), [1, -1])

    def test_its_attributes_are_pyods(self):
        X = line_with_outliers()
        detector = small().fit(X)
        scores = detector.decision_scores_
        self.assertEqual(scores.shape, (60,))
        self.assertEqual(np.sum(scores > detector.threshold_), 6)
        np.testing.assert_array_equal(detector.labels_, (scores > detector.threshold_).astype(int))
        np.testing.assert_allclose(detector.decision_function(X), detector.threshold_ - scores)
        chances = detector.predict_proba(X)
        np.testing.assert_allclose(chances.sum(axis=1), 1)
        self.assertEqual(np.argmax(chances[:, 1]), np.argmax(scores))
        self.assertEqual((chances[:, 1].min(), chances[:, 1].max()), (0, 1))

    def test_in_pyods_conventions_it_says_the_same_the_other_way_round(self):
        X = line_with_outliers()
        ours, theirs = small().fit(X), small(pyod.AutoencoderDetector).fit(X)
        np.testing.assert_array_equal(theirs.predict(X), ours.predict(X) == -1)
        np.testing.assert_array_equal(theirs.decision_function(X), -ours.score_samples(X))
        np.testing.assert_array_equal(theirs.decision_function(X), theirs.decision_scores_)
        np.testing.assert_array_equal(theirs.predict_proba(X), ours.predict_proba(X))
        np.testing.assert_array_equal(small(pyod.AutoencoderDetector).fit_predict(X), theirs.labels_)

    def test_finds_odd_rows_of_data_frames(self):
        frame = patients()
        frame.loc[5, ["weight", "dose"]] = [900.0, 700]
        detector = small(contamination=1 / 80, anomaly_score="error").fit(frame)
        self.assertEqual(list(np.flatnonzero(detector.predict(frame) == -1)), [5])

    def test_refuses_a_share_of_outliers_that_is_none(self):
        for contamination in (0, 0.6, -1):
            with self.assertRaisesRegex(ValueError, "contamination"):
                small(contamination=contamination).fit(line_with_outliers())


if __name__ == "__main__":
    unittest.main()
