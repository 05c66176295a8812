"""The energies of auto-encoding critics, and their figure, from a run's files."""

import numpy as np
import pytest
from configurations import configuration

from wganbench.data.store import write_data
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.gather.energies import energies
from wganbench.gather.load import Results, load_results
from wganbench.gather.measures import measured
from wganbench.plan.runs import Run
from wganbench.report.figures.energies import energy_figures
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport

SEEDS, MARGIN = (3, 5), 0.5


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("energies")
    config = configuration(
        "gan", objective__name="ebgan", objective__margin=MARGIN, critic__name="auto-encoder",
        critic__code_dim=2, iterations=40, evaluations=2,
    )  # fmt: skip
    run = Run(experiment="e", scale="smoke", seeds=SEEDS, point={}, configuration=config)
    write_data(config.data, folder / "data")
    train_run(run, folder / run.id, data=folder / "data")
    measure_transport(run, folder / run.id, folder / "data")
    measure_fidelity(run, folder / run.id)
    return load_results([run], folder)


def test_energies_are_minus_the_saved_values_and_give_the_recorded_v(results):
    (run,) = results.runs
    samples, found = results.samples(run), energies(results, run)
    assert set(found) == {(seed, k) for seed in SEEDS for k in (20, 40)}
    for row in results.evaluations.to_dict("records"):
        point = (row["seed"], row["iteration"])
        place = dict(results.evaluated(run, samples))[point]
        lacking = np.maximum(0, MARGIN + samples.critic_generated[place]).mean()
        v = MARGIN * (1 - row["divergence_heldout"])
        assert found[point].real + lacking == pytest.approx(v, rel=1e-4)
        gap = found[point].generated - found[point].real
        assert gap == pytest.approx(row["estimate_heldout"], rel=1e-4, abs=1e-5)


def test_the_coefficient_of_variation_is_of_real_samples(results):
    (run,) = results.runs
    samples = results.samples(run)
    table = measured(results, "energy_variation").set_index(["seed", "iteration"])["value"]
    for point, place in results.evaluated(run, samples):
        values = samples.critic_real[place].astype(float)
        assert table[point] == pytest.approx(values.std() / -values.mean())


def test_the_figure_draws_each_seed_and_says_v_over_m(results):
    (figure,) = energy_figures(results, "f")
    assert set(figure.data["seed"]) == set(SEEDS)
    (finding,) = figure.findings
    assert set(finding.values) == {"8gaussians, pt 0, m 0.5"}
    ends = figure.data[figure.data["iteration"] == 40]
    assert np.allclose(ends["value"], 1 - ends["divergence_heldout"])
    assert not list(energy_figures(results.select([]), "f"))
