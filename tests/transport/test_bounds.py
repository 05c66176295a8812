"""What a critic on the line has learned of a divergence is measured beside its run."""

import numpy as np
import pytest
from configurations import LINE, PAIR, TOY, configuration
from scipy.stats import norm

from wganbench.data.fgan_fit import LEARNED
from wganbench.data.fgan_mixture import FGANMixture
from wganbench.data.store import write_data
from wganbench.errors import UserError
from wganbench.plan.measurements.bounds import ROW
from wganbench.plan.runs import Run
from wganbench.records.layout import RECORD
from wganbench.records.networks import NETWORKS
from wganbench.records.run import read_record, write_record
from wganbench.records.samples import read_samples
from wganbench.training.train import train_run
from wganbench.transport.bounds import measure, source

FIT = PAIR | {"data.name": "fgan-fit", "data.trained_on": "pearson", "critic.name": "tanh-mlp"}
GAUSSIAN = {key: value for key, value in LINE.items() if not key.startswith("objective.")}


def run_of(config) -> Run:
    return Run(experiment="e", scale="smoke", seeds=(0, 1), point={}, configuration=config)


def trained(folder, base, **changes) -> Run:
    config = configuration(
        "gan", base, iterations=60, evaluations=2, samples=100, optimizer__lr=0.01, **changes
    )
    run = run_of(config)
    write_data(config.data, folder / "data")
    train_run(run, folder / run.id, data=folder / "data")
    return run


def measured(folder, run: Run) -> list[dict]:
    measure(run, folder / run.id)
    return ROW.read(folder / run.id / ROW.file, run.digest).to_pylist()


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
        assert row["bound"] == pytest.approx(bound, abs=1e-4)
        # The model's sample mean + sd z gains exp(V - 1) V' by a step to the right.
        gain = model * np.exp(v - 1) * slope * step
        assert row["pull_mean"] == pytest.approx(gain.sum(), rel=1e-3, abs=1e-5)
        assert row["pull_sd"] == pytest.approx((gain * (x - mean) / sd).sum(), rel=1e-3, abs=1e-5)


@pytest.mark.parametrize(
    ("base", "method", "asked"),
    [
        (LINE, "gan", True),
        (GAUSSIAN, "gan", True),
        (FIT | {"objective.name": "f-gan"}, "gan", True),
        (GAUSSIAN, "wgan-gp", False),
        (LINE | {"generator.name": "mlp"}, "gan", False),
        (TOY | {"objective.name": "f-gan"}, "gan", False),
        (PAIR, "gan", False),
    ],
)
def test_it_is_asked_where_laws_and_divergence_are_known(base, method, asked):
    assert ROW.applies(run_of(configuration(method, base))) == asked


def test_a_seed_that_diverged_has_no_row(tmp_path):
    """Its networks are of a later time than its last samples."""
    run = trained(tmp_path, LINE)
    path = tmp_path / run.id / RECORD
    record = read_record(path)
    lost = record.seeds[0].model_copy(update={"status": "diverged", "diverged_at": 50})
    write_record(record.model_copy(update={"seeds": [lost, record.seeds[1]]}), path)
    assert {row["seed"] for row in measured(tmp_path, run)} == {1}


def test_other_networks_are_another_source_and_missing_ones_are_named(tmp_path):
    run = trained(tmp_path, LINE)
    folder = tmp_path / run.id
    before = source(run, folder)
    networks = folder / NETWORKS
    whole = networks.read_bytes()
    networks.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert source(run, folder) != before
    networks.unlink()
    with pytest.raises(UserError, match=r"networks\.safetensors: is missing"):
        measured(tmp_path, run)
    assert not (folder / ROW.file).exists()
