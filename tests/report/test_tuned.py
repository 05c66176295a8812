"""Of a tuned experiment the report shows the chosen settings, and a table of what was tried."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from experiment_files import example
from experiment_files import planned as plan_file
from report_site import train

from wganbench.errors import UserError
from wganbench.gather.choosing import chosen_settings, write_choices
from wganbench.gather.load import Results, load_results
from wganbench.gather.tuning import choices
from wganbench.plan.choices import needed
from wganbench.plan.experiment import load_experiment
from wganbench.records.choices import choices_file, read_choices
from wganbench.report.figures.tuning import tuning_figures
from wganbench.report.site.pages import Page, pages
from wganbench.report.tables.summary import summary_rows, write_summary
from wganbench.report.tables.tuning import tuning_tables

EXAMPLE = ("example", "smoke")
RATES = [1e-4, 1e-3, 1e-2]
EXPERIMENT = example(
    source="[GP] section 5",
    base={
        "generator.width": 8, "critic.width": 8, "batch_size": 16, "iterations": 4,
        "evaluations": 2, "samples": 32,
    },
    grid=[{"method": ["gan", "wgan-gp"]}, {"method": "wgan"}],
    scales={"smoke": {"seeds": 3, "tuned": {
        "seeds": 2,
        "settings": [{"axes": {"optimizer.lr": RATES}, "when": {"method": ["gan", "wgan-gp"]}}],
    }}},
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the experiment, its candidates, their choices and what was chosen."""
    folder = tmp_path_factory.mktemp("tuned")
    planned = plan_file(folder, EXPERIMENT)
    first = [run for run in planned if run.candidate or not run.tuned]
    train({"example": first}, folder / "results", folder / "data")
    write_choices(chosen_settings(planned, folder / "results"), *EXAMPLE, folder / "results")
    rest = [run for run in runs_of(folder) if run not in first]
    train({"example": rest}, folder / "results", folder / "data")
    return folder


def runs_of(folder):
    choices = read_choices(choices_file(*EXAMPLE, folder / "results"))
    return needed(plan_file(folder, EXPERIMENT), choices)


@pytest.fixture(scope="module")
def results(folder) -> Results:
    return load_results(runs_of(folder), folder / "results", folder / "data")


@pytest.fixture(scope="module")
def made(folder, results) -> dict[str, Page]:
    """The report's pages by their files."""
    experiments = {"example": load_experiment(folder / "example.yaml")}
    found, _ = pages(experiments, {"example": list(results.runs.values())}, results, [])
    return {page.file: page for page in found}


def section(made, file, name):
    return next(one for one in made[file].sections if one.name == name)


def test_each_method_is_compared_at_the_rate_with_the_least_w1_on_the_tuning_seeds(results):
    w1 = results.final().groupby("run")["w1"].mean()
    tried = [run for run in results.runs.values() if run.candidate]
    for method in ("gan", "wgan-gp"):
        of = [run for run in tried if run.configuration.method == method]
        best = min(of, key=lambda run: w1[run.id])
        (shown,) = (r for r in results.compared.runs.values() if r.configuration.method == method)
        assert (shown.configuration, shown.seeds) == (best.configuration, (2,))
    assert len(tried) == 6
    assert len(results.runs) == 9
    assert set(results.compared.evaluations["run"]) == {*results.runs} - {run.id for run in tried}


def test_a_run_of_a_setting_that_is_no_longer_the_best_is_refused(folder, results):
    (good, *others) = [run for run in plan_file(folder, EXPERIMENT) if not run.candidate]
    bad = next(run for run in (good, *others) if run.id not in results.runs)
    train({"example": [bad]}, folder / "results", folder / "data")
    with pytest.raises(UserError, match=rf"{bad.id}: another setting is the best of its candida"):
        load_results([*results.runs.values(), bad], folder / "results", folder / "data")


def test_the_candidates_of_a_selection_are_all_that_were_loaded(results):
    assert len(results.candidates) == 6
    some = results.select(list(results.runs)[:1])
    assert len(some.candidates) == 6
    assert not results.compared.compared.runs.keys() ^ results.compared.runs.keys()


def test_labels_are_the_methods_own(results):
    assert set(results.compared.facts["label"]) == {"GAN", "WGAN c=0.01", "WGAN-GP"}


def test_figures_show_the_chosen_runs_alone(made, results):
    law = section(made, "wgan-gp.html", "section-5")
    figures = [block for block in law.blocks if block.template == "figure"]
    assert len(figures) >= 2
    for block in law.blocks:
        if "tuning" not in block.name:
            assert set(block.behind) <= set(results.compared.runs)
    estimates = section(made, "distance.html", "estimates")
    assert {run for b in estimates.blocks for run in b.behind} <= set(results.compared.runs)


def test_a_table_has_the_quality_of_each_setting_and_names_the_chosen_one(made, results):
    law = section(made, "wgan-gp.html", "section-5")
    (table,) = [block for block in law.blocks if block.name.endswith("tuning")]
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert [row["method"].text for row in rows] == ["GAN", "WGAN-GP"]
    for row, choice in zip(rows, choices(results.candidates).itertuples(), strict=True):
        shown = [row[f"setting {n}"] for n in (1, 2, 3)]
        assert [cell.key for cell in shown] == list(choice.qualities.values())
        words = f"optimizer.lr {choice.setting['optimizer.lr']:g}"
        assert row["chosen"].text == words
        assert min(shown, key=lambda cell: cell.key).text.startswith(f"{words}: ")
        assert ("may lie beyond" in row["warning"].text) == choice.at_end
    assert "exact W1 at the end, mean over the tuning seeds (0 and 1)" in table.caption
    assert len(table.behind) == 6


def test_a_figure_has_the_expected_best_of_k_settings_seed_by_seed(made, results):
    law = section(made, "wgan-gp.html", "section-5")
    (figure,) = [block for block in law.blocks if block.name.endswith("tuning-worth")]
    final = results.final()
    methods = {run: planned.configuration.method for run, planned in results.runs.items()}
    final = final[final["run"].isin(results.candidates["run"])]
    for line, method in (("GAN", "gan"), ("WGAN-GP", "wgan-gp")):
        for seed in (0, 1):
            is_drawn = (figure.data["line"] == line) & (figure.data["seed"] == seed)
            rows = final[(final["run"].map(methods) == method) & (final["seed"] == seed)]
            drawn = figure.data[is_drawn].set_index("k")
            assert set(drawn["run"]) == set(rows["run"])
            for k in (1, 2, 3):
                smallest = [min(chosen) for chosen in combinations(rows["w1"], k)]
                assert drawn["expected_best"][k] == pytest.approx(np.mean(smallest))
                assert drawn["quality"][k] == sorted(rows["w1"])[k - 1]
    assert len(figure.behind) == 6
    assert set(figure.data["panel"]) == {"8gaussians"}
    assert "Expected exact W1 of one setting chosen at random, and of the best of all 3" in (
        figure.findings[0].statement
    )
    assert "mean over the tuning seeds (0 and 1)" in figure.caption
    assert "floor" in figure.drawing


def test_the_line_of_a_setting_that_diverged_begins_where_others_are_always_among_them(results):
    found = results.candidates
    lost = found.assign(
        by_seed=[(np.inf, np.inf) if turn % 3 else seeds
                 for turn, seeds in zip(found["turn"], found["by_seed"], strict=True)]
    )  # fmt: skip
    (figure,) = tuning_figures(replace(results, candidates=lost), "name")
    finite = np.isfinite(figure.data.set_index("k")["expected_best"]).groupby("k")
    assert finite.any().to_dict() == finite.all().to_dict() == {1: False, 2: False, 3: True}
    assert figure.findings[0].text.count("∞ and ") == 2


def test_a_setting_that_diverged_is_infinite_in_the_table(results):
    table = results.candidates.assign(quality=np.inf, chosen=results.candidates["turn"] % 3 == 0)
    (shown,) = tuning_tables(replace(results, candidates=table), "name")
    row = dict(zip(shown.columns, shown.rows[0], strict=True))
    assert row["setting 1"].text == "optimizer.lr 0.0001: ∞"
    assert row["chosen"].text == "the first: none has a quality"


def test_every_run_is_in_the_table_of_runs_and_in_the_summary(made, results):
    (explorer,) = section(made, "runs.html", "all-runs").blocks
    assert len(explorer.rows) == 9
    at = explorer.columns.index("seeds")
    told = {row[0].text: row[at].text for row in explorer.rows}
    for run in results.runs.values():
        assert told[run.id] == (
            "2 of 2 ok, candidate" if run.candidate else f"{len(run.seeds)} of {len(run.seeds)} ok"
        )
    assert {row["id"] for row in summary_rows(results)} == set(results.runs)


def test_plots_that_compare_methods_have_one_line_each(folder, results):
    write_summary(list(results.runs.values()), folder / "results", folder / "summary")
    table = pd.read_csv(folder / "summary/plots/w1.csv")
    assert table.groupby("label").size().to_dict() == {"GAN": 2, "WGAN c=0.01": 2, "WGAN-GP": 2}


def test_without_tuning_there_is_no_table_and_nothing_is_left_out(results):
    plain = replace(results, candidates=results.candidates.iloc[:0])
    assert plain.compared.runs == results.runs
    assert list(tuning_tables(plain, "name")) == []
    assert list(tuning_figures(plain, "name")) == []
