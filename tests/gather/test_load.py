"""Results of runs with a critic and without one, where what only a critic knows is null."""

from typing import Any, ClassVar, Literal

import numpy as np
import ot
import pandas as pd
import pyarrow.parquet as pq
import pytest
import torch
from configurations import TOY, configuration
from scipy.spatial.distance import cdist

from wganbench.algorithms import Algorithm
from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.claims.judging.verdict import judge
from wganbench.data.store import write_data
from wganbench.fidelity.measure import measure as measure_fidelity
from wganbench.gather.load import Results, estimated, load_results
from wganbench.operations.freshness import stale_measurements
from wganbench.optimizers.sgd import SGD
from wganbench.plan.measurements.transport import ROW as TRANSPORT
from wganbench.plan.runs import Run
from wganbench.records.curves import read_curves
from wganbench.records.transport import read_transport
from wganbench.training.train import train_run
from wganbench.transport.measure import measure as measure_transport


class _Mean(torch.nn.Module):
    def __init__(self, replicas: int, dim: int) -> None:
        super().__init__()
        self.mean = torch.nn.Parameter(torch.zeros(replicas, 1, dim))


class FitMean(Algorithm):
    """Moves a Gaussian's mean to that of the data; it has no critic, objective or constraint."""

    name: Literal["fit-mean"] = "fit-mean"
    losses: ClassVar[tuple[str, ...]] = ("distance",)
    columns: ClassVar[dict[str, str]] = {"distance": "squared distance of the means"}

    def steps_per_iteration(self, iterations: int) -> float:
        return 1

    def players(self, task: Any) -> dict[str, Any]:
        net = _Mean(task.streams.replicas, *task.shape)
        return {"model": task.player(net, SGD(lr=0.1))}

    def iterate(self, game: Any) -> dict[str, torch.Tensor]:
        player = game.players["model"]
        target = game.task.sampler.real().mean(1, keepdim=True)
        distance = ((player.net.mean - target) ** 2).sum((1, 2))
        player.descend(distance)
        return {"distance": distance.detach()}

    def latents(self, task: Any, count: int) -> torch.Tensor:
        return task.streams.normal("evaluation", count, *task.shape)

    def generate(self, game: Any, latents: torch.Tensor) -> torch.Tensor:
        return game.players["model"].net.mean + latents


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    """A critic's run and one without, trained and measured."""
    folder = tmp_path_factory.mktemp("results")
    usual = configuration("wgan", TOY, warm_up_n_critic=20, warm_up_first=1)
    bare = usual.model_copy(update={"method": "fit-mean", "algorithm": FitMean()})
    runs = [
        Run(experiment="e", scale="smoke", seeds=(0, 1, 2), point={}, configuration=chosen)
        for chosen in (usual, bare)
    ]
    write_data(usual.data, folder / "data")
    for run in runs:
        train_run(run, folder / run.id, data=folder / "data")
        measure_transport(run, folder / run.id, folder / "data")
        measure_fidelity(run, folder / run.id)
    return load_results(runs, folder)


def test_without_a_critic_evaluations_have_distances_and_no_estimates(results):
    ends = results.final().set_index("run")
    critic, bare = results.runs
    assert len(ends.loc[bare]) == len(ends.loc[critic]) == 3
    assert ends.loc[bare, ["w1", "floor", "modes", "distance"]].notna().all(axis=None)
    of_critics = ["estimate", "estimate_heldout", "normalised", "gradient_norm_max", "certified"]
    assert ends.loc[bare, of_critics].isna().all(axis=None)
    assert estimated(ends.loc[bare]).isna().all()
    assert ends.loc[critic, "estimate_heldout"].notna().all()


def test_steps_count_every_player_and_warm_up_and_labels_name_the_nets_there_are(results):
    critic, bare = results.runs
    steps = results.curves.groupby("run")["steps"].max()
    assert steps[bare] == TOY["iterations"]
    first, later = 20 + 1, 5 + 1  # the critic's steps and the generator's one
    assert steps[critic] == first + later * (TOY["iterations"] - 1)
    facts = results.facts.set_index("run")
    assert facts["label"][bare].startswith("fit-mean")
    assert facts["architecture"][bare] == "fit-mean"


def test_a_file_that_does_not_record_its_evaluations_shows_them(results, tmp_path):
    table = read_curves(results.folder / next(iter(results.runs)) / "curves.parquet")
    old = tmp_path / "curves.parquet"
    pq.write_table(table.drop_columns("is_evaluation"), old, write_page_checksum=True)
    assert table["is_evaluation"].to_pylist().count(True) == 3 * TOY["evaluations"]
    assert read_curves(old)["is_evaluation"] == table["is_evaluation"]


SLOPES = ["coupled_slope", "coupled_slope_error", "independent_slope"]


def test_slopes_are_those_of_the_saved_critic_on_the_saved_samples_coupled_by_pot(results):
    critic, bare = results.runs
    samples, n = results.samples(critic), TOY["samples"]
    ends = results.final().set_index(["run", "seed"])
    for seed, place in results.last(critic, samples).items():
        costs = cdist(samples.real.astype(float), samples.generated[place].astype(float))
        coupled = ot.emd(np.full(n, 1 / n), np.full(n, 1 / n), costs) > 0
        rises = np.subtract.outer(*(values[place].astype(float) for values in (
            samples.critic_real, samples.critic_generated,
        )))  # fmt: skip
        slopes = rises / costs
        row = ends.loc[critic, seed]
        expected = [slopes[coupled].mean(), np.abs(slopes[coupled] - 1).mean(), slopes.mean()]
        assert row[SLOPES].tolist() == pytest.approx(expected)
        assert row["independent_cost"] == pytest.approx(costs.mean())
        assert row["farthest"] == pytest.approx(costs.max())
    assert ends.loc[bare][SLOPES].isna().all(axis=None)
    assert (ends["w1"] <= ends["independent_cost"]).all()


def test_distances_measured_before_slopes_were_are_read_without_them_and_are_stale(
    results, tmp_path
):
    critic = next(iter(results.runs))
    run, old = results.runs[critic], tmp_path / TRANSPORT.file
    assert not stale_measurements(run, results.folder / critic)
    table = read_transport(results.folder / critic / TRANSPORT.file)
    metadata = table.schema.metadata | {b"code_digest": b"of before"}
    younger = [*SLOPES, "independent_cost", "farthest"]
    older = table.drop_columns(younger).replace_schema_metadata(metadata)
    pq.write_table(older, old, write_page_checksum=True)
    read = read_transport(old, run.digest)
    assert all(read[name].null_count == len(read) for name in younger)
    assert read["w1"] == table["w1"]
    assert stale_measurements(run, tmp_path) == {
        TRANSPORT.file: "the code that measured it has changed"
    }


def test_no_claim_sees_a_run_without_a_critic(results):
    evidence = evidence_of(results)
    verdicts = [judge(name, claim, evidence) for name, claim in catalogue().items()]
    assert any(verdict.runs for verdict in verdicts)
    _, bare = results.runs
    assert not [verdict.name for verdict in verdicts if bare in verdict.runs]
    alone = evidence_of(results.where(run=bare))
    for name, claim in catalogue().items():
        assert pd.isna(judge(name, claim, alone).value)
