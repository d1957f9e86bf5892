"""scikit-learn's MLPRegressor on the dense network.

Its hidden layers all have one activation and its output has none: the code is a ReLU's, the output linear, so that its
loss is another one than the others'. Its initialisation is its own, too.
"""

from common import load_floats, read_settings, report, time_epochs
from sklearn.neural_network import MLPRegressor
from threadpoolctl import threadpool_info


def blas():
    """What NumPy computes products with, and for which processor."""
    its = next(library for library in threadpool_info() if library["user_api"] == "blas")
    return f"{its['internal_api']} {its['version']} for {its.get('architecture', 'any processor')}"


def main():
    settings = read_settings()
    hidden, code = settings.network["hidden"], settings.network["code"]
    model = MLPRegressor(hidden_layer_sizes=(hidden, code, hidden), alpha=0, batch_size=settings.batch,
                         learning_rate_init=settings.learning_rate, random_state=settings.seed)
    images = load_floats(settings).reshape(settings.images, -1)

    def train_epoch():
        model.partial_fit(images, images)
        return 2 * model.loss_  # which is half the squared error

    report({**time_epochs(settings.epochs, train_epoch), "blas": blas()})


if __name__ == "__main__":
    main()
