"""wganbench: a reproducibility benchmark for Wasserstein GANs."""

__version__ = "0.1.0"
