"""Figures of subsets of WGAN's changes and of blends: each run in its place, effects by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT
from report_site import planned, train

from wganbench.claims.judging.changes import CHANGES, subsets_of
from wganbench.gather.load import Results, load_results
from wganbench.report.figures.blends import AS_GAN, AS_WGAN, blend_figures
from wganbench.report.figures.subsets import effects, subset_figures
from wganbench.report.site.kinds import blocks_of
from wganbench.report.site.section_study import estimate_sections

TINY = {
    "generator.width": 8, "critic.width": 8, "batch_size": 16, "iterations": 4, "evaluations": 2,
    "samples": 40, "optimizer.lr": 1e-3,
}  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    """Every run of both experiments, a few steps each."""
    folder = tmp_path_factory.mktemp("subsets")
    (folder / "experiments").mkdir()
    for name in ("subsets", "blend"):
        content = yaml.safe_load((ROOT / "experiments" / f"{name}.yaml").read_text())
        content["scales"] = {"smoke": {"seeds": 2, "set": TINY}}
        path: Path = folder / "experiments" / f"{name}.yaml"
        path.write_text(yaml.safe_dump(content), encoding="utf-8")
    _, runs = planned(folder / "experiments")
    train(runs, folder / "results", folder / "data")
    return load_results([r for of in runs.values() for r in of], folder / "results")


def test_every_subset_stands_in_the_figure_with_its_own_changes(results):
    (figure,) = subset_figures(results, "which")
    table = figure.data
    assert table["run"].nunique() == 16
    for run, rows in table.groupby("run"):
        configuration = results.runs[run].configuration
        assert set(rows["seed"]) == {0, 1}
        for name, change in CHANGES.items():
            is_made = configuration.get(change.key) == change.after
            assert (rows[name] == is_made).all()
            assert configuration.get(change.key) in (change.before, change.after)
    ends = table.set_index("subset")["run"]
    assert "none-ncritic1-non-saturating-adam" in ends["GAN"].iloc[0]  # axes sorted by the dump
    assert "clip-ncritic5-wasserstein-rmsprop" in ends["WGAN"].iloc[0]
    final = results.final().set_index(["run", "seed"])
    drawn = table.set_index(["run", "seed"])
    assert drawn["over_floor"].equals((final["w1"] / final["floor"]).loc[drawn.index])


def test_an_effect_is_the_ratio_over_all_choices_of_the_other_changes():
    """Clipping halves W1, RMSProp doubles it after five steps alone, the others do nothing."""
    rows = []
    for names in subsets_of(CHANGES):
        w1 = (0.5 if "clipping" in names else 1) * (
            2 if {"RMSProp", "5 critic steps"} <= names else 1
        )
        rows += [{"w1": w1 * by_seed} | {c: c in names for c in CHANGES} for by_seed in (0.5, 2)]
    found = effects(pd.DataFrame(rows))
    assert found.groupby("change").size().eq(8).all()
    means = np.exp(np.log(found["ratio"]).groupby(found["change"]).mean())
    assert means["clipping"] == pytest.approx(0.5)
    assert means["linear loss"] == pytest.approx(1)
    assert means["RMSProp"] == means["5 critic steps"] == pytest.approx(2**0.5)


def test_a_blend_stands_at_its_share_and_a_wgan_at_0_of_each_loss_that_is_blended(results):
    (figure,) = blend_figures(results, "between")
    table = figure.data
    assert table["run"].nunique() == 13
    for run, rows in table.groupby("run"):
        objective = results.runs[run].configuration.objective
        assert set(rows["alpha"]) == {objective.share}
        if objective.share:
            assert set(rows["loss"]) == {objective.gan_loss}
        else:
            assert sorted(set(rows["loss"])) == ["minimax", "non-saturating"]
    shown = table.groupby(["trained", "loss"])["alpha"].unique().map(sorted)
    assert shown[AS_WGAN, "minimax"] == [0, 0.25, 0.5, 0.75, 1]
    assert shown[AS_WGAN, "non-saturating"] == [0, 0.25, 0.5, 0.75, 1]
    assert [shown[t, "average"] for t in (AS_WGAN, AS_GAN)] == [[1], [1]]


def test_where_they_stand_no_other_figure_has_a_line_for_each_of_them(results):
    for name in ("subsets", "blend"):
        part = results.where(experiment=name)
        first, *others = blocks_of(part, "law", name)
        assert first.template == "figure"
        assert {block.template for block in others} <= {"table"}
        assert set(first.behind) == set(part.runs)


def test_their_estimates_are_tabled_and_not_a_cloud_of_so_many_methods(results):
    (section,) = estimate_sections(results, ["subsets", "blend"])
    names = [block.name for block in section.blocks]
    assert names == ["estimate-table-subsets", "estimate-table-blend"]
    few = results.select(list(results.where(experiment="subsets").runs)[:9])
    (section,) = estimate_sections(few, ["subsets"])
    assert next(block.name for block in section.blocks) == "estimate-subsets"


def test_of_few_subsets_or_no_blend_there_is_no_such_figure(results):
    part = results.where(experiment="subsets")
    assert list(blend_figures(part, "between")) == []
    assert list(subset_figures(part.select(list(part.runs)[:3]), "which")) == []
