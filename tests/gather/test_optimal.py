"""The optimal critic of two laws has the slopes that the known one has."""

import numpy as np
import pytest
from configurations import PAIR, configuration
from scipy.spatial.distance import cdist

from wganbench.data.funnels import Funnels
from wganbench.data.noisy import NoisyLaw
from wganbench.data.store import write_data
from wganbench.gather.load import Results, load_results
from wganbench.gather.measures import measured
from wganbench.gather.optimal import _slopes
from wganbench.plan.runs import Run
from wganbench.training.train import train_run
from wganbench.transport.exact import solve, uniform
from wganbench.transport.measure import measure as measure_transport
from wganbench.transport.slopes import slopes

N = 500
MEASURES = ("optimal_coupled_slope", "optimal_independent_slope")


def heldout(data) -> tuple[np.ndarray, np.ndarray]:
    arrays = data.generate(np.random.default_rng(7))
    return arrays.heldout[:N], arrays.heldout_model[:N]


def test_on_funnels_its_slopes_are_those_of_the_known_potential():
    data = Funnels(dim=2, funnels=16)
    real, model = heldout(data)
    costs = cdist(real.astype(float), model.astype(float))
    values = (-data.pair().potential(side.astype(float)) for side in (real, model))
    known = slopes(*values, costs, solve(costs, uniform(N), uniform(N)))
    found = _slopes(data, 3, real, model)
    # The chance of 1,000 samples takes off more between near points than between far ones.
    assert found["independent_slope"] == pytest.approx(known["independent_slope"], abs=0.03)
    assert known["coupled_slope"] - 0.12 < found["coupled_slope"] < known["coupled_slope"]


def test_on_the_8_gaussians_it_is_steep_on_coupled_lines_alone():
    # On the potential's own samples they are 1.000 and .441.
    data = NoisyLaw(law="8gaussians")
    found = [_slopes(data, seed, *heldout(data)) for seed in (0, 1)]
    for slope in found:
        assert slope["coupled_slope"] == pytest.approx(1, abs=0.06)
        assert slope["independent_slope"] == pytest.approx(0.441, abs=0.03)
    assert found[0] != found[1]  # its own samples are the seed's


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("optimal")
    pairs = (
        {"data.name": "noisy-law", "data.law": "8gaussians"},
        {"data.name": "funnels", "data.dim": 2},
        {"data.name": "funnels", "data.dim": 3},
    )
    runs = [
        Run(experiment="e", scale="smoke", seeds=(0, 1), point={},
            configuration=configuration("wgan-gp", PAIR | {"samples": 40} | data))
        for data in pairs
    ]  # fmt: skip
    for run in runs:
        write_data(run.configuration.data, folder / "data")
        train_run(run, folder / run.id, data=folder / "data")
        measure_transport(run, folder / run.id, folder / "data")
    return load_results(runs, folder)


@pytest.mark.parametrize("name", MEASURES)
def test_it_is_measured_in_the_plane_and_does_not_change_along_training(trained, name):
    table = measured(trained, name)
    assert set(table["run"]) == set(list(trained.runs)[:2])
    assert table.groupby(["run", "seed"]).size().eq(2).all()
    assert table.groupby(["run", "seed"])["value"].nunique().eq(1).all()
    assert table.groupby("run")["value"].nunique().eq(2).all()
