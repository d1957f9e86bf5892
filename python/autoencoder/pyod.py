"""The detector in the conventions of PyOD, which needs not be installed."""

from autoencoder import detector


class AutoencoderDetector(detector.AutoencoderDetector):
    """autoencoder.AutoencoderDetector, which describes parameters and attributes, with PyOD's meaning of predict,
    decision_function and fit_predict: outliers are 1, and score more than others."""

    def decision_function(self, X):
        """How strange each example is, n_samples: above threshold_ for outliers."""
        return self._scores(X)

    def predict(self, X):
        """1 for outliers, 0 for others, n_samples."""
        return (self._scores(X) > self.threshold_).astype(int)

    def fit_predict(self, X, y=None):
        """labels_, after fit."""
        return self.fit(X, y).labels_
