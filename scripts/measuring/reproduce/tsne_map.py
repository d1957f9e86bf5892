"""The study of `latent --method tsne`."""

import subprocess
import time
from dataclasses import dataclass

from ..machine import CORES
from .program import RUNS, output_of, program
from .row import Row, train
from .study import Study, keep_picture, machine


@dataclass(frozen=True)
class TsneMap(Study):
    """The map of 10,000 codes of 32 numbers by t-SNE (van der Maaten & Hinton 2008), and scikit-learn's."""

    codes_of: Row
    name = "t-sne"
    setting = "10,000 test codes of mnist-dense, perplexity 30; the whole command against scikit-learn's fit alone"

    def do(self):
        run = train(self.codes_of, 0)
        codes = RUNS / f"{self.name}.npy"
        program("encode", str(run), "--out", str(codes), stdout=subprocess.DEVNULL)
        began = time.monotonic()
        ours = output_of("latent", str(run), "--method", "tsne", "--count", "10000")["divergence"]
        seconds = time.monotonic() - began
        theirs, their_seconds = scikit_learn(codes)
        return {
            "figures": {"divergence": f"{ours:.3f}, scikit-learn {theirs:.3f}",
                        "time": f"{seconds:.0f} s, scikit-learn {their_seconds:.0f} s"},
            "values": {"divergence": [ours, theirs], "seconds": [seconds, their_seconds]},
            "seeds": 1,
            "seconds": seconds,
            "machine": machine(),
            "picture": keep_picture(self.name, run / "latent.png"),
        }


def scikit_learn(codes):
    """Divergence and seconds of its map of the codes in a .npy."""
    import numpy
    from sklearn.manifold import TSNE

    began = time.monotonic()
    fit = TSNE(n_jobs=len(CORES), random_state=0).fit(numpy.load(codes))
    return float(fit.kl_divergence_), time.monotonic() - began
