"""The laws of affine generators, and what f-GAN's critics say of them, from a run's files."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from configurations import LINE, configuration

from wganbench.data.store import write_data
from wganbench.gather.affine import parameters
from wganbench.gather.load import Results, load_results
from wganbench.gather.measures import measured
from wganbench.plan.measurements.bounds import ROW as BOUNDS
from wganbench.plan.runs import Run
from wganbench.records.networks import NETWORKS, read_networks
from wganbench.report.tables.fits import PRINTED, fit_tables
from wganbench.training.train import train_run
from wganbench.transport.bounds import measure as measure_bounds
from wganbench.transport.measure import measure as measure_transport

SEEDS = (3, 5)


def trained(
    folder, iterations: int, evaluations: int, samples: int = 200, **changes: Any
) -> Results:
    """Train; with as many iterations between two evaluations, runs agree as far as they go."""
    config = configuration(
        "gan", LINE | {"objective.f_divergence": "jeffrey"}, iterations=iterations,
        evaluations=evaluations, samples=samples, batch_size=256, optimizer__lr=0.01, **changes,
    )  # fmt: skip
    run = Run(experiment="e", scale="smoke", seeds=SEEDS, point={}, configuration=config)
    data = folder / "data"
    if not data.exists():
        write_data(config.data, data)
    train_run(run, folder / run.id, data=data)
    measure_transport(run, folder / run.id, data)
    if BOUNDS.applies(run):
        measure_bounds(run, folder / run.id)
    return load_results([run], folder)


def only(results: Results) -> str:
    (run,) = results.runs
    return run


def test_parameters_are_those_of_the_network_at_every_evaluation(tmp_path):
    """Another training stopped at the first evaluation has saved its own."""
    long, short = trained(tmp_path, 40, 2), trained(tmp_path, 20, 1)
    found = parameters(long, only(long))
    assert set(found) == {(seed, k) for seed in SEEDS for k in (20, 40)}
    for results, iteration in ((short, 20), (long, 40)):
        saved = read_networks(results.folder / only(results) / NETWORKS)
        for row, seed in enumerate(SEEDS):
            mu, sigma = (saved[f"generator.{name}"][row].item() for name in ("mu", "sigma"))
            assert found[seed, iteration] == pytest.approx((mu, abs(sigma)), abs=1e-5)


def test_the_learned_divergence_is_what_held_out_samples_say_but_for_their_noise(tmp_path):
    results = trained(tmp_path, 100, 2, samples=1500)
    table = measured(results, "learned_divergence")
    both = table.merge(results.evaluations, on=["run", "seed", "iteration"])
    assert len(both) == 4
    assert (both["value"] > 0.1).any()  # there is something to compare
    np.testing.assert_allclose(both["value"], both["divergence_heldout"], atol=0.1)


def test_the_tables_show_printed_best_and_learned_numbers(tmp_path):
    results = trained(tmp_path, 20, 1)
    table, cross = fit_tables(results, "fits")
    shown = [[cell.text for cell in row] for row in table.rows]
    assert [row[:5] for row in shown] == [
        ["Jeffrey", "D_f", "0.5705", "0.5706", "0.5151"],
        ["Jeffrey", "mean", "1.3218", "1.3215", "1.2295"],
        ["Jeffrey", "standard deviation", "1.7034", "1.7034", "1.8087"],
    ]
    means = measured(results, "model_mean")["value"]
    assert shown[1][5].startswith(f"{means.mean():.2f}"[:4])
    assert "(0.5872)" in cross.rows[0][1].text  # of the printed parameters
    assert "recall" in table.caption
    assert table.behind == cross.behind == [only(results)]
    assert set(PRINTED) == {"kl", "reverse-kl", "js", "jeffrey", "pearson"}


def test_without_such_runs_there_are_no_tables(tmp_path):
    results = trained(tmp_path, 5, 1, critic__name="mlp", critic__width=8)
    assert list(fit_tables(results, "fits")) == []


def test_a_collapsed_law_is_that_of_its_samples(tmp_path):
    results = trained(tmp_path, 5, 1)
    path = results.folder / only(results) / NETWORKS
    samples = results.samples(only(results))
    collapsed = replace(samples, generated=np.full_like(samples.generated, 2.5))
    held = replace(results, _kept={})
    object.__setattr__(held, "samples", lambda run: collapsed)
    assert path.exists()
    assert set(parameters(held, only(results)).values()) == {(2.5, 0.0)}
