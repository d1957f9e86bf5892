"""An autoencoder as a detector of outliers."""

import csv

import numpy as np
from sklearn.base import OutlierMixin
from sklearn.utils.validation import check_is_fitted

from autoencoder.examples import form_of
from autoencoder.trained import TrainedModel


class AutoencoderDetector(OutlierMixin, TrainedModel):
    """Outliers: examples that are strange to an autoencoder that the program `autoencoder` trains.

    It keeps to scikit-learn's conventions, with PyOD's attributes. In PyOD's throughout it is
    autoencoder.pyod.AutoencoderDetector:

    =================  =======================================  =============================================
    .                  this class                               autoencoder.pyod
    =================  =======================================  =============================================
    predict            1 normal, -1 outlier                     0 normal, 1 outlier
    decision_function  larger is more normal, outliers below 0  larger is stranger, outliers above threshold_
    fit_predict        as predict                               as predict
    =================  =======================================  =============================================

    Parameters
    ----------
    Those of Autoencoder, of which model is "outliers" and the model's own numbers serve where none are given, and
    besides:

    contamination : float, default=0.1
        Share of the examples of fit that are taken for outliers, above 0 and at most 0.5.
    anomaly_score : str, default="auto"
        How strangeness is measured: `--score` of `autoencoder detect fit`.

    Attributes
    ----------
    decision_scores_ : ndarray, n_samples
        How strange each example of fit is. Larger is stranger.
    threshold_ : float
        Outliers are stranger than that.
    offset_ : float
        Minus threshold_.
    labels_ : ndarray of int, n_samples
        Of the examples of fit, 1 for outliers and 0 for others.
    run_ : dict of str to bytes
        The files of the trained run.
    """

    def __init__(
        self,
        model="outliers",
        *,
        contamination=0.1,
        anomaly_score="auto",
        latent_dim=None,
        epochs=None,
        batch_size=None,
        learning_rate=None,
        scale="auto",
        output_activation=None,
        validation_fraction=0.0,
        image_shape=None,
        options=None,
        random_state=None,
        verbose=None,
        program=None,
    ):
        self.model = model
        self.contamination = contamination
        self.anomaly_score = anomaly_score
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
        """Trains on X, n_samples x n_features, and sets the threshold by it. Raises ProgramError where the program
        refuses, ValueError on a contamination that is none."""
        if not 0 < self.contamination <= 0.5:
            raise ValueError(f"contamination is {self.contamination}; give a share above 0 and at most 0.5")
        self._form = form_of(X, self.image_shape)
        X = self._form.check(self, X, reset=True)
        self._train(X)
        self.decision_scores_ = self._strangeness(X)
        self.threshold_ = float(np.quantile(self.decision_scores_, 1 - self.contamination))
        self.offset_ = -self.threshold_
        self.labels_ = (self.decision_scores_ > self.threshold_).astype(int)
        return self

    def score_samples(self, X):
        """Minus how strange each example is, n_samples."""
        return -self._scores(X)

    def decision_function(self, X):
        """How far each example is from the threshold, n_samples: below 0 for outliers."""
        return self.score_samples(X) - self.offset_

    def predict(self, X):
        """1 for examples that are normal, -1 for outliers, n_samples."""
        return np.where(self.decision_function(X) < 0, -1, 1)

    def predict_proba(self, X):
        """PyOD's: chances of being normal and of being an outlier, n_samples x 2. The second is 0 for what is as
        normal as the most normal example of fit, 1 for what is as strange as the strangest, and linear in between."""
        scores = self._scores(X)
        least, most = self.decision_scores_.min(), self.decision_scores_.max()
        chance = np.clip((scores - least) / max(most - least, np.finfo(float).tiny), 0, 1)
        return np.column_stack([1 - chance, chance])

    def _scores(self, X):
        check_is_fitted(self)
        return self._strangeness(self._form.check(self, X))

    def _go_on(self, run):
        self._call("detect", "fit", run, "--score", self.anomaly_score, "--double-precision")

    def _strangeness(self, X):
        """Of checked examples, n_samples; larger is stranger."""
        with self._unpacked() as folder:
            # An example's score must not depend on those beside it, to the last digit.
            out = ["--out", folder / "scores.csv", "--count", 0, "--double-precision"]
            self._call("detect", "score", folder / "run", *self._data_words(folder, X), *out)
            with (folder / "scores.csv").open(newline="", encoding="utf-8") as file:
                return np.array([float(row["score"]) for row in csv.DictReader(file)])
