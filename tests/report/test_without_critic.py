"""A run whose algorithm has no critic is reported with what it has, and the report says so."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pytest
from experiment_files import example
from experiment_files import planned as plan_file
from report_site import train

from wganbench.algorithms.with_generator import WithGenerator
from wganbench.gather.load import Results, load_results
from wganbench.plan.experiment import load_experiment
from wganbench.plan.runs import Run
from wganbench.report.site.pages import pages
from wganbench.report.tables.summary import summary_rows

EXPERIMENT = example(
    source="[GP] section 5",
    base={
        "generator.width": 8, "critic.width": 8, "batch_size": 16, "iterations": 4,
        "evaluations": 2, "samples": 32,
    },
    grid=[{"method": ["gan", "wgan-gp"]}],
)  # fmt: skip
OF_CRITICS = (
    *("estimate", "estimate_heldout", "estimate_train", "divergence", "divergence_heldout"),
    *("divergence_train", "gradient_norm_max", "gradient_norm_interpolates", "normalised"),
    *("penalty", "critic_objective"),
)


class Alone(WithGenerator):
    """A generator that learns without a critic."""

    name: Literal["alone"] = "alone"

    def steps_per_iteration(self, iterations: int) -> float:
        return 1


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Path, Results]:
    folder = tmp_path_factory.mktemp("alone")
    runs = plan_file(folder, EXPERIMENT)
    train({"example": runs}, folder / "results", folder / "data")
    return folder, load_results(runs, folder / "results", folder / "data")


def without_critic(results: Results, *methods: str) -> Results:
    """Return the results as if the runs of these methods had had no critic."""
    chosen = [name for name, run in results.runs.items() if run.configuration.method in methods]
    runs = {name: alone(run) if name in chosen else run for name, run in results.runs.items()}
    logged = {
        name: nulled(table) if name in chosen else table for name, table in results.logged.items()
    }
    table = results.evaluations
    unknown = {
        name: table[name].astype(float).where(~table["run"].isin(chosen), np.nan)
        for name in OF_CRITICS
        if name in table
    }
    return replace(results, runs=runs, logged=logged, evaluations=table.assign(**unknown))


def nulled(table: pa.Table) -> pa.Table:
    for name in OF_CRITICS:
        if name in table.column_names:
            field = table.schema.field(name)
            nulls = pa.nulls(len(table), field.type)
            table = table.set_column(table.schema.get_field_index(name), field, nulls)
    return table


def alone(run: Run) -> Run:
    was = run.configuration.algorithm
    algorithm = Alone(generator=was.generator, generator_optimizer=was.generator_optimizer)
    configuration = run.configuration.model_copy(update={"algorithm": algorithm})
    return run.model_copy(update={"configuration": configuration})


def sections(folder: Path, results: Results) -> dict[str, object]:
    """Return all sections of the report by their pages and names."""
    experiments = {"example": load_experiment(folder / "example.yaml")}
    made, _ = pages(experiments, {"example": list(results.runs.values())}, results, [])
    return {f"{page.file}#{one.name}": one for page in made for one in page.sections}


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_a_method_without_a_critic_stands_beside_others(trained):
    folder, results = trained
    found = sections(folder, without_critic(results, "gan"))
    law = found["wgan-gp.html#section-5"]
    assert "Without a critic, and so without an estimate: GAN." in law.remarks
    blocks = {block.name: block for block in law.blocks}
    assert set(blocks["example-distance"].data["label"]) == {"GAN", "WGAN-GP"}
    assert set(blocks["example-curves"].data["label"]) == {"WGAN-GP"}
    estimates = found["distance.html#estimates"].blocks[0]
    assert set(estimates.data["label"]) == {"WGAN-GP"}


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
def test_without_any_critic_there_are_distances_and_samples_and_no_estimates(trained):
    folder, results = trained
    found = sections(folder, without_critic(results, "gan", "wgan-gp"))
    assert "distance.html#estimates" not in found
    law = found["wgan-gp.html#section-5"]
    assert "Without a critic, and so without an estimate: GAN and WGAN-GP." in law.remarks
    names = [block.name for block in law.blocks]
    assert names == ["example-distance", "example-final", "example-samples-8gaussians"]
    (explorer,) = found["runs.html#all-runs"].blocks
    columns = list(explorer.columns)
    for row in explorer.rows:
        assert row[columns.index("estimate / W1")].text == "–"
        assert row[columns.index("W1 / floor")].text != "–"


def test_the_summary_has_no_number_where_there_is_no_critic(trained):
    _, results = trained
    for row in summary_rows(without_critic(results, "gan", "wgan-gp")):
        assert row["w1"] > 0
        assert row["estimate_heldout"] is None
        assert row["gradient_norm_max"] is None
        assert row["rank_correlation"] is None
