"""Across machines, devices and kernels a run agrees in distribution, and no more is promised."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from configurations import IMAGES, configuration, generated
from scipy.stats import ks_2samp

from wganbench.plan.configuration import Configuration
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

SEEDS = tuple(range(10))
TOLD = ("estimate_heldout", "generator_loss", "gradient_norm_max")
SETTINGS = {"critic__norm": "none", "iterations": 12, "evaluations": 1, "batch_size": 8}


def ends(config: Configuration, device: str = "cpu") -> dict[str, np.ndarray]:
    """Return what the curves hold of every seed at the last iteration."""
    rows = train(config, generated(config), SEEDS, device).history.curves.rows()
    last = [row for row in rows if row["iteration"] == config.iterations]
    return {name: np.array([row[name] for row in last]) for name in TOLD}


def without_onednn(config: Configuration) -> dict[str, np.ndarray]:
    """Train with convolutions that sum in another order, as another processor would."""
    with torch.backends.mkldnn.flags(enabled=False):
        return ends(config)


def on_gpu(config: Configuration) -> dict[str, np.ndarray]:
    prepare_torch("cuda")
    return ends(config, "cuda")


@pytest.fixture(scope="module")
def here() -> dict[str, np.ndarray]:
    prepare_torch("cpu")
    return ends(configuration("wgan-gp", IMAGES, **SETTINGS))


@pytest.mark.filterwarnings("ignore:TF32 acceleration")
@pytest.mark.parametrize(
    "elsewhere",
    [
        without_onednn,
        pytest.param(
            on_gpu,
            marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU"),
        ),
    ],
)
def test_other_kernels_give_other_bits_and_the_same_law_over_seeds(
    here, elsewhere: Callable[[Configuration], dict[str, np.ndarray]]
):
    prepare_torch("cpu")
    there = elsewhere(configuration("wgan-gp", IMAGES, **SETTINGS))
    assert any(not np.array_equal(here[name], there[name]) for name in TOLD)
    for name in TOLD:
        assert ks_2samp(here[name], there[name]).pvalue > 0.05, name


def test_the_comparison_tells_another_training_apart(here):
    prepare_torch("cpu")
    other = ends(configuration("wgan-gp", IMAGES, **SETTINGS, optimizer__lr=1e-2))
    assert min(ks_2samp(here[name], other[name]).pvalue for name in TOLD) < 0.001
