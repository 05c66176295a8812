"""Small configurations and data for tests that train."""

from typing import Any

import numpy as np

from wganbench.data import Arrays
from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.resolve import taken
from wganbench.plan.settings import layer, nest, overlay

TOY = {
    "data.name": "8gaussians",
    "generator.name": "mlp",
    "generator.width": 16,
    "generator.latent_dim": 2,
    "critic.name": "mlp",
    "critic.width": 16,
    "batch_size": 32,
    "iterations": 6,
    "evaluations": 2,
    "samples": 50,
    "optimizer.lr": 1e-3,
}
IMAGES = TOY | {
    "data.name": "digits",
    "generator.name": "dcgan",
    "generator.width": 4,
    "critic.name": "dcgan",
    "critic.width": 4,
    "batch_size": 8,
    "samples": 12,
    "iterations": 3,
}
PAIR = {key: value for key, value in TOY.items() if not key.startswith("generator.")} | {
    "data.name": "two-gaussians",
    "algorithm": "critic-only",
}

LINE = {key: value for key, value in TOY.items() if not key.startswith("generator.")} | {
    "data.name": "fgan-mixture",
    "generator.name": "affine",
    "critic.name": "tanh-mlp",
    "objective.name": "f-gan",
}
RING = {
    key: value for key, value in TOY.items() if key not in ("generator.name", "critic.name")
} | {
    "data.name": "ring",
    "generator.latent_dim": 4,
}


def configuration(method: str, base: dict[str, Any] = TOY, **changes: Any) -> Configuration:
    """Return a preset's configuration with dotted keys (dots written __) changed."""
    dotted = {key.replace("__", "."): value for key, value in changes.items()}
    layers = [layer(PRESETS[method], "preset"), layer(base, "base"), layer(dotted, "test")]
    settings = taken(overlay(layers))
    for key in dotted:
        assert settings.keys() & layer({key: 0}, "").keys(), f"{key} is not taken"
    return Configuration.from_flat({"method": method} | nest(settings))


def generated(configuration: Configuration) -> Arrays:
    """Return the configuration's data."""
    return configuration.data.generate(np.random.default_rng(0))
