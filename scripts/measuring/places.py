"""Where things are in this repository."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build/release/autoencoder"
BENCHMARK = ROOT / "build/benchmark"
PEERS = ROOT / "scripts/peers"
