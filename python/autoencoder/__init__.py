"""Autoencoders for scikit-learn, trained by the program `autoencoder`."""

from autoencoder.estimator import Autoencoder
from autoencoder.program import ProgramError

__all__ = ["Autoencoder", "ProgramError"]
