"""Measures: found by their files, read when asked for, right where the answer is known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from configurations import PAIR, configuration
from scipy.special import expit
from scipy.stats import norm

import wganbench.gather.measures
from wganbench.data.store import write_data
from wganbench.gather.load import Results, load_results
from wganbench.gather.measures import Measure, measured, measures
from wganbench.gather.measures.gradient_growth import growth
from wganbench.gather.measures.potential_explained import explained
from wganbench.gather.measures.slope_left import share_left
from wganbench.gather.networks import critic_weights
from wganbench.plan.runs import Run
from wganbench.records.samples import write_samples
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport

COUNTING = """
from wganbench.gather.measures import Measure

ASKED = []


def by_evaluation(results, run):
    ASKED.append(run)
    return {(2, 4): 2.5, (0, 10): 1.5, (0, 4): 0.5}


MEASURE = Measure(about="a test", where={"critic.width": 8}, by_evaluation=by_evaluation)
"""


def results_of(*widths: int) -> Results:
    runs = {
        (run := Run(
            experiment=f"e{width}", scale="smoke", seeds=(0, 1, 2), point={},
            configuration=configuration("wgan", PAIR, critic__width=width),
        )).id: run
        for width in widths
    }  # fmt: skip
    facts = pd.DataFrame({"run": list(runs), "experiment": [r.experiment for r in runs.values()]})
    return Results(Path(), Path(), runs, {}, facts, {}, pd.DataFrame({"run": []}))


@pytest.fixture
def counting(tmp_path, monkeypatch):
    """Save a measure that lists the runs it is asked about, and return that list."""
    (tmp_path / "counting.py").write_text(COUNTING)
    package = wganbench.gather.measures
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    return measures()["counting"].by_evaluation.__globals__["ASKED"]


def test_a_measure_is_found_by_its_file_and_covers_the_runs_it_is_about_in_order(counting):
    results = results_of(8, 16)
    table = measured(results, "counting")
    assert table.to_dict("list") == {
        "run": [next(iter(results.runs))] * 3, "seed": [0, 0, 2], "iteration": [4, 10, 4],
        "value": [0.5, 1.5, 2.5],
    }  # fmt: skip


def test_files_are_read_when_a_measure_is_asked_for_and_once(counting):
    results = results_of(8, 16)
    counting.clear()
    for part in (results, results, results.among(["e8"])):
        assert len(measured(part, "counting")) == 3
    assert measured(results.among(["e16"]), "counting").empty
    assert len(counting) == 1


def test_what_a_measure_is_stands_beside_it():
    assert {"gradient_growth", "potential_explained", "slope_left", "weights_at_ends"} <= set(
        measures()
    )
    assert all(isinstance(m, Measure) and len(m.about) > 20 for m in measures().values())


def test_the_optimal_critic_explains_the_potential_whatever_its_scale_and_level():
    potential = np.random.default_rng(0).normal(size=500)
    assert explained(1e-6 * potential + 3, potential) == pytest.approx(1, abs=1e-6)
    assert explained(-potential, potential) == 0
    assert explained(np.full(500, 0.7), potential) == 0
    noisy = potential + np.random.default_rng(1).normal(size=500)
    assert explained(noisy, potential) == pytest.approx(0.5, abs=0.07)


def test_the_optimal_discriminator_saturates_and_the_optimal_critic_does_not():
    """Between N(-3, 1) and N(3, 1), where both are known."""
    x = np.linspace(-6, 6, 1201)
    logit = norm.logpdf(x, -3) - norm.logpdf(x, 3)
    slope = np.full(len(x), 6.0)
    drawn = expit(logit) * expit(-logit) * slope
    assert share_left(x, drawn, real=-3, model=3) < 1e-6
    assert share_left(x, slope, real=-3, model=3) == 1
    assert share_left(x, 0 * slope, real=-3, model=3) == 0


def test_growth_is_in_decades_from_the_last_layer_to_the_first():
    assert growth(np.array([1e-3, 1e-2, 1.0])) == pytest.approx(-3)
    assert growth(np.array([0.0, 1e-2, 1.0])) == -20


LAW = {"data.name": "noisy-law", "data.law": "8gaussians", "samples": 40, "evaluations": 3}
POINTS = [2, 4, 6]
# Of each measure a run that it is read for.
TRAINED = {
    "gradient_growth": configuration("wgan-gp", PAIR | LAW, critic__depth=12),
    "potential_explained": configuration("wgan-gp", PAIR | LAW),
    "slope_left": configuration("gan", PAIR | {"samples": 40, "evaluations": 3}),
    "weights_at_ends": configuration(
        "wgan", PAIR | LAW, constraint__clip_value=0.05, optimizer__lr=2e-2
    ),
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Results:
    """A run for each measure, three seeds and evaluations each."""
    folder = tmp_path_factory.mktemp("trained")
    runs = [
        Run(experiment=name.replace("_", "-"), scale="smoke", seeds=(0, 1, 2), point={},
            configuration=config)
        for name, config in TRAINED.items()
    ]  # fmt: skip
    for run in runs:
        if not (folder / "data" / f"{run.configuration.data.id}.npz").exists():
            write_data(run.configuration.data, folder / "data")
        train_run(run, folder / run.id, data=folder / "data")
        measure_transport(run, folder / run.id, folder / "data")
    return load_results(runs, folder)


def measured_on(results: Results, name: str) -> tuple[str, pd.DataFrame]:
    """Return the run that was trained for a measure, and the measure's rows of it."""
    run = next(run for run in results.runs if run.startswith(name.replace("_", "-")))
    table = measured(results, name)
    return run, table[table["run"] == run]


@pytest.mark.parametrize("name", TRAINED)
def test_a_measure_is_known_at_every_evaluation_of_every_seed(trained, name):
    _, table = measured_on(trained, name)
    keys = list(zip(table["seed"], table["iteration"], strict=True))
    assert keys == [(seed, point) for seed in (0, 1, 2) for point in POINTS]
    assert table["value"].notna().all()
    # Something changes along training: it is not the end, again and again.
    assert table.groupby("seed")["value"].nunique().gt(1).any()


def test_the_share_of_weights_at_the_ends_is_that_of_the_saved_networks_at_the_end(trained):
    run, table = measured_on(trained, "weights_at_ends")
    last = table[table["iteration"] == POINTS[-1]]["value"]
    shares = [(np.abs(np.abs(w) / 0.05 - 1) <= 1e-3).mean() for w in critic_weights(trained, run)]
    assert last.tolist() == pytest.approx(shares)
    assert last.gt(0).all()


def test_after_a_seeds_end_it_is_measured_no_more(trained, tmp_path):
    run, before = measured_on(trained, "gradient_growth")
    samples = trained.samples(run)
    valid = samples.valid.copy()
    valid[1, 2] = False
    stopped = replace(trained, folder=tmp_path, _kept={})
    (tmp_path / run).mkdir(parents=True)
    write_samples(replace(samples, valid=valid), tmp_path / run / "samples.npz")
    _, after = measured_on(stopped.select([run]), "gradient_growth")
    lost = before["seed"].eq(1) & before["iteration"].eq(POINTS[-1])
    pd.testing.assert_frame_equal(after, before[~lost].reset_index(drop=True))
    assert stopped.last(run, stopped.samples(run)) == {0: (0, 2), 1: (1, 1), 2: (2, 2)}
