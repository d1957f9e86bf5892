"""Other programs' detectors, each as it comes: a function of rows to learn from, rows to score, and a seed."""


def isolation_forest(train, test, seed):
    from pyod.models.iforest import IForest

    return scores_of(IForest(random_state=seed), train, test)


def local_outlier_factor(train, test, seed):
    from pyod.models.lof import LOF

    return scores_of(LOF(novelty=True), train, test)


def nearest_neighbours(train, test, seed):
    from pyod.models.knn import KNN

    return scores_of(KNN(), train, test)


def empirical_tails(train, test, seed):
    from pyod.models.ecod import ECOD

    return scores_of(ECOD(), train, test)


def principal_components(train, test, seed):
    """PyOD's divides by the variance along each component, which is kept from being 0."""
    import numpy
    from pyod.models.pca import PCA

    rank = int(numpy.linalg.matrix_rank(train - train.mean(0), tol=1e-4 * len(train) ** 0.5))
    return scores_of(PCA(n_components=rank, random_state=seed), train, test)


def autoencoder(train, test, seed):
    from pyod.models.auto_encoder import AutoEncoder

    return scores_of(AutoEncoder(random_state=seed, verbose=0), train, test)


def variational_autoencoder(train, test, seed):
    from pyod.models.vae import VAE

    return scores_of(VAE(random_state=seed, verbose=0), train, test)


def scores_of(detector, train, test):
    """They grow with strangeness."""
    return detector.fit(train).decision_function(test)


PEERS = {
    "PyOD AutoEncoder": autoencoder,
    "PyOD VAE": variational_autoencoder,
    "IForest": isolation_forest,
    "LOF": local_outlier_factor,
    "KNN": nearest_neighbours,
    "ECOD": empirical_tails,
    "PCA": principal_components,
}
