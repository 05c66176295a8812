"""The page on which method is better ranks what was tuned alike, by seeds that tuned nothing."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from experiment_files import example
from experiment_files import planned as plan_file
from report_site import train
from scipy.stats import mannwhitneyu, trim_mean

from wganbench.gather.choosing import chosen_settings, write_choices
from wganbench.gather.load import Results, load_results
from wganbench.plan.choices import needed
from wganbench.plan.experiment import load_experiment
from wganbench.records.choices import choices_file, read_choices
from wganbench.report.fields import Field, fields
from wganbench.report.site.section_ranking import ranking_sections
from wganbench.report.site.sections import Section
from wganbench.report.style.wording import with_interval

RATES = [1e-3, 1e-2]
TUNING, SEEDS = 2, 8
SMALL = {
    "generator.width": 4, "critic.width": 4, "batch_size": 8, "iterations": 2, "evaluations": 1,
    "samples": 32,
}  # fmt: skip
EXPERIMENT = example(
    base=SMALL,
    grid=[{"method": ["gan", "wgan-gp", "wgan"], "data.name": ["8gaussians", "swissroll"]}],
    scales={"smoke": {"seeds": SEEDS, "tuned": {
        "seeds": TUNING,
        "settings": [{"axes": {"optimizer.lr": RATES}, "when": {"method": ["gan", "wgan-gp"]}}],
    }}},
)  # fmt: skip


EXAMPLE = ("example", "smoke")


def loaded(folder: Path, content: dict[str, Any]) -> Results:
    """Train candidates, choose, train what is chosen, and return the results."""
    planned = plan_file(folder, content)
    first = [run for run in planned if run.candidate or not run.tuned]
    results, data = folder / "results", folder / "data"
    train({"example": first}, results, data)
    if any(run.candidate for run in first):
        write_choices(chosen_settings(planned, results), *EXAMPLE, results)
        planned = needed(planned, read_choices(choices_file(*EXAMPLE, results)))
        train({"example": [run for run in planned if run not in first]}, results, data)
    return load_results(planned, results, data)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("ranked")


@pytest.fixture(scope="module")
def results(folder) -> Results:
    return loaded(folder, EXPERIMENT)


@pytest.fixture(scope="module")
def field(results) -> Field:
    (field,), _ = fields(results)
    return field


def sections(folder, results) -> Mapping[str, Section]:
    experiments = {"example": load_experiment(folder / "example.yaml")}
    return {one.name: one for one in ranking_sections(experiments, results)}


def diverged(results: Results, run: str, *seeds: int) -> Results:
    """Return the results as if some replicas of a run had diverged."""
    record = results.records[run]
    changed = [
        s.model_copy(update={"status": "diverged", "diverged_at": 1}) if s.seed in seeds else s
        for s in record.seeds
    ]
    table = results.evaluations
    lost = (table["run"] == run) & table["seed"].isin(seeds)
    return replace(
        results,
        records={**results.records, run: record.model_copy(update={"seeds": changed})},
        evaluations=table.assign(ok=table["ok"] & ~lost),
    )


def test_methods_with_equally_many_settings_are_compared_on_all_laws_and_others_are_named(results):
    (field,), left_out = fields(results)
    assert set(field.standings) == {"GAN", "WGAN-GP"}
    assert field.tasks == ["8gaussians", "swissroll"]
    assert field.settings == {"example": len(RATES)}
    (one,) = left_out
    assert list(one.methods) == ["WGAN c=0.01"]
    assert "nobody tuned" in one.reason
    assert len(one.runs) == len(field.tasks)


def test_a_score_is_exact_w1_over_its_floor_at_the_chosen_setting_of_seeds_that_tuned_nothing(
    results, field
):
    final = results.compared.final()
    final = final.set_index(["run", "seed"])
    assert len(field.scores) == 2 * 2 * (SEEDS - TUNING)
    assert set(field.scores["seed"]) == set(range(TUNING, SEEDS))
    for row in field.scores.itertuples():
        measured = final.loc[(row.run, row.seed)]
        assert row.score == pytest.approx(measured["w1"] / measured["floor"])
        assert row.task == measured["data"]


def test_the_numbers_are_those_of_scipy(field):
    logs = field.scores.assign(score=np.log(field.scores["score"]))
    for method, mean in field.standings.items():
        own = logs.loc[logs["method"] == method, "score"]
        assert np.log(mean.value) == pytest.approx(trim_mean(own, 0.25))
        assert mean.low <= mean.value <= mean.high
    (pair,) = field.pairs
    for task, found in pair.by_task.items():
        on_task = logs[logs["task"] == task].set_index("method")["score"]
        u = mannwhitneyu(on_task[pair.other], on_task[pair.ahead]).statistic
        assert found.value == pytest.approx(u / (SEEDS - TUNING) ** 2)
    assert pair.overall.value == pytest.approx(np.mean([p.value for p in pair.by_task.values()]))


def test_a_replica_that_diverged_is_the_worst_and_not_missing(folder, results, field):
    run = field.scores.loc[field.scores["method"] == "GAN", "run"].iloc[0]
    (lost,), _ = fields(diverged(results, run, TUNING, TUNING + 1))
    before, after = (one.scores.set_index(["run", "seed"])["score"] for one in (field, lost))
    assert len(before) == len(after)
    assert np.isinf(after[run]).sum() == 2
    assert after[run][TUNING] == np.inf
    shown = sections(folder, diverged(results, run, TUNING, TUNING + 1))["field-0"]
    rows = {row[0].text: dict(zip(shown.blocks[1].columns, row, strict=True))
            for row in shown.blocks[1].rows}  # fmt: skip
    assert rows["GAN"]["diverged"].text == "2 of 12"
    assert rows["WGAN-GP"]["diverged"].text == "0 of 12"
    assert not shown.remarks  # that they are left out, as elsewhere


def test_a_method_of_which_all_diverge_is_infinitely_far_and_behind(folder, results, field):
    gone = results
    for run in set(field.scores.loc[field.scores["method"] == "GAN", "run"]):
        gone = diverged(gone, run, *range(TUNING, SEEDS))
    (lost,), _ = fields(gone)
    assert list(lost.standings) == ["WGAN-GP", "GAN"]
    assert lost.standings["GAN"].value == np.inf
    assert lost.pairs[0].overall.value == 1
    drawn, table, _ = sections(folder, gone)["field-0"].blocks
    assert "∞ [∞, ∞]" in drawn.findings[0].text
    assert table.rows[1][1].text == "∞ [∞, ∞]"


def test_the_section_shows_the_means_the_profile_and_the_pairs(folder, results, field):
    drawn, table, pairs = sections(folder, results)["field-0"].blocks
    first, mean = next(iter(field.standings.items()))
    assert [cell.text for cell in table.rows[0][:2]] == [first, with_interval(*mean)]
    assert [cell.text for cell in pairs.rows[0][:2]] == list(field.standings)
    assert pairs.rows[0][-1].text == field.pairs[0].finding
    assert "performance profile" in drawn.drawing
    assert "2 tasks, 6 seeds each" in drawn.caption
    assert set(drawn.behind) == set(field.scores["run"])
    assert "2 settings for each method" in table.caption


def test_where_the_chosen_setting_is_the_last_that_was_tried_the_table_says_so(
    field, folder, results
):
    """Of two settings each is an end of its range."""
    _, table, _ = sections(folder, results)["field-0"].blocks
    assert [row[-1].text for row in table.rows] == ["yes", "yes"]
    assert set(field.scores["run"]) <= field.at_end


@pytest.mark.parametrize(
    ("size", "why"),
    [
        ({"seeds": SEEDS}, "nobody tuned"),
        ({**EXPERIMENT["scales"]["smoke"], "seeds": 7}, "fewer than 6 seeds"),
    ],
)
def test_where_nothing_can_be_compared_the_page_says_why(tmp_path, size, why):
    content = {**EXPERIMENT, "scales": {"smoke": size}, "grid": [{"method": ["gan", "wgan-gp"]}]}
    (only,) = sections(tmp_path, loaded(tmp_path, content)).values()
    assert only.name == "left-out"
    assert "Nothing is ranked here" in only.remarks[0]
    (table,) = only.blocks
    assert [row[1].text for row in table.rows] == ["GAN; WGAN-GP"]
    assert why in table.rows[0][2].text


def test_of_no_runs_there_is_nothing(results):
    assert fields(results.select([])) == ([], [])
