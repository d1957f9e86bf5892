"""Autoencoders for scikit-learn, trained by the program `autoencoder`."""

from autoencoder.detector import AutoencoderDetector
from autoencoder.estimator import Autoencoder
from autoencoder.imputer import AutoencoderImputer
from autoencoder.program import ProgramError

__all__ = ["Autoencoder", "AutoencoderDetector", "AutoencoderImputer", "ProgramError"]
