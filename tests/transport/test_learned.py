"""What a critic on the line has learned of a divergence is measured beside a run's distances."""

import numpy as np
import pyarrow.parquet as pq
import pytest
from configurations import LINE, PAIR, configuration
from scipy.stats import norm

from wganbench.data.fgan_fit import LEARNED
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.plan.runs import Run
from wganbench.plan.steps import MEASUREMENTS
from wganbench.records.samples import read_samples
from wganbench.training.train import train_run
from wganbench.transport.measure import measure

FIT = PAIR | {"data.name": "fgan-fit", "data.trained_on": "pearson", "critic.name": "tanh-mlp"}
GAUSSIAN = {key: value for key, value in LINE.items() if not key.startswith("objective.")}
COLUMNS = ("learned", "pull_mean", "pull_sd")
(TRANSPORT,) = (step for step in MEASUREMENTS if step.name == "transport")


def trained(folder, base, method="gan", **changes) -> Run:
    config = configuration(
        method, base, iterations=60, evaluations=2, samples=100, optimizer__lr=0.01, **changes
    )
    run = Run(experiment="e", scale="smoke", seeds=(0, 1), point={}, configuration=config)
    write_data(config.data, folder / "data")
    train_run(run, folder / run.id, data=folder / "data")
    return run


def measured(folder, run: Run) -> list[dict]:
    measure(run, folder / run.id, folder / "data")
    return pq.read_table(folder / run.id / "transport.parquet").to_pylist()


def test_between_the_mixture_and_a_fit_it_is_the_integral_of_what_the_critic_says(tmp_path):
    """KL: T = V and f*(T) = exp(V - 1)."""
    kl = {"objective__name": "f-gan", "objective__f_divergence": "kl"}
    run = trained(tmp_path, FIT, **kl)
    rows = measured(tmp_path, run)
    samples = read_samples(tmp_path / run.id / "samples.npz", run)
    grid = samples.grid_points[:, 0].astype(float)
    mean, sd = LEARNED["pearson"]
    x, step = np.linspace(-14, 16, 300_001, retstep=True)
    real, model = np.exp(FGANMixture().log_density(x)), norm.pdf(x, mean, sd)
    for row, values in zip(rows, samples.grid_values.reshape(-1, len(grid)), strict=True):
        v, slope = (np.interp(x, grid, f) for f in (values, np.gradient(values, grid)))
        bound = (real * v - model * np.exp(v - 1)).sum() * step
        assert row["learned"] == pytest.approx(bound, abs=1e-4)
        # The model's sample mean + sd z gains exp(V - 1) V' by a step to the right.
        gain = model * np.exp(v - 1) * slope * step
        assert row["pull_mean"] == pytest.approx(gain.sum(), rel=1e-3, abs=1e-5)
        assert row["pull_sd"] == pytest.approx((gain * (x - mean) / sd).sum(), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(
    ("base", "method"), [(GAUSSIAN, "wgan-gp"), (LINE | {"critic.name": "mlp"}, "gan")]
)
def test_only_objectives_with_a_divergence_have_such_columns(tmp_path, base, method):
    rows = measured(tmp_path, trained(tmp_path, base, method))
    has_divergence = method == "gan"
    assert all((row[name] is not None) == has_divergence for row in rows for name in COLUMNS)


def test_the_networks_are_what_they_are_read_from_then_and_are_named_when_missing(tmp_path):
    run = trained(tmp_path, LINE)
    networks = tmp_path / run.id / "networks.safetensors"
    assert networks.name in {path.name for path in TRANSPORT.reads(run)}
    networks.unlink()
    with pytest.raises(UserError, match=r"networks\.safetensors: is missing"):
        measured(tmp_path, run)
    other = trained(tmp_path, GAUSSIAN, "wgan-gp")
    assert networks.name not in {path.name for path in TRANSPORT.reads(other)}
