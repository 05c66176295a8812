"""What the page of [fGAN] draws of its own, from small trainings."""

from typing import Any

import numpy as np
import pytest
from configurations import LINE, PAIR, configuration

from wganbench.claims.js_optimised import JS
from wganbench.claims.judging.fits import best, exact
from wganbench.data.fgan_fit import LEARNED
from wganbench.data.store import write_data
from wganbench.gather.load import Results, load_results
from wganbench.gather.measures import measured
from wganbench.objectives.f_gan import FGAN
from wganbench.plan.measurements.bounds import ROW as BOUNDS
from wganbench.plan.runs import Run
from wganbench.report.figures.fields import single_step_blocks
from wganbench.report.figures.js_training import js_figure
from wganbench.report.tables.fits import fit_tables
from wganbench.training.train import train_run
from wganbench.transport.bounds import measure as measure_bounds
from wganbench.transport.measure import measure as measure_transport

SEEDS = (3, 5)
USUAL = {"iterations": 60, "evaluations": 3, "samples": 100, "batch_size": 128}
JS_LINE = LINE | {"objective.f_divergence": "js"}


def trained(folder, *settings: tuple[str, dict[str, Any], dict[str, Any]]) -> Results:
    """Train a run for each method, base and its changes."""
    runs, data = [], folder / "data"
    for method, base, changes in settings:
        config = configuration(method, base, **USUAL | {"optimizer__lr": 0.01} | changes)
        run = Run(experiment="e", scale="smoke", seeds=SEEDS, point={}, configuration=config)
        if not (data / f"{config.data.id}.npz").exists():
            write_data(config.data, data)
        train_run(run, folder / run.id, data=data)
        measure_transport(run, folder / run.id, data)
        if BOUNDS.applies(run):
            measure_bounds(run, folder / run.id)
        runs.append(run)
    return load_results(runs, folder)


def critic_for(trained_on: str, divergence: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    return "gan", PAIR, {
        "data__name": "fgan-fit", "data__trained_on": trained_on, "critic__name": "tanh-mlp",
        "objective__name": "f-gan", "objective__f_divergence": divergence,
    }  # fmt: skip


def test_the_cross_table_of_critics_has_the_exact_divergence_beside_what_they_learn(tmp_path):
    results = trained(tmp_path, critic_for("kl", "kl"), critic_for("js", "kl"))
    (table,) = fit_tables(results, "fits")
    assert table.name == "fits-critics"
    assert [row[0].text for row in table.rows] == ["KL", "2 JS"]
    for fit, row in zip(("kl", "js"), table.rows, strict=True):
        truth = exact(FGAN(f_divergence="kl"), *LEARNED[fit])
        assert f"({truth:.4f})" in row[1].text
        assert row[1].key <= truth
    assert set(table.behind) == set(results.runs)


def test_what_a_critic_that_is_trained_anew_learns_is_a_bound_from_below(tmp_path):
    results = trained(tmp_path, critic_for("pearson", "kl"))
    values = measured(results, "relearned_divergence").groupby("seed")["value"].last()
    truth = exact(FGAN(f_divergence="kl"), *LEARNED["pearson"])
    assert ((values > 0.1) & (values <= truth)).all()


def test_js_along_a_training_is_exact_and_bounds_what_its_discriminator_knows(tmp_path):
    gan = {"objective__name": "minimax"}
    base = {key: value for key, value in LINE.items() if not key.startswith("objective.")}
    results = trained(tmp_path, ("gan", base, gan), ("wgan-gp", base, {"n_critic": 1}))
    (figure,) = js_figure(results, "js")
    assert len(figure.data) == 2 * len(SEEDS) * 3
    assert (figure.data["js"] >= best(JS).divergence / 2).all()
    known = figure.data.dropna(subset=["learned"])
    assert set(known["label"]) == {"GAN"}
    assert (known["learned"] <= known["js"]).all()
    (finding,) = figure.findings
    assert f"{best(JS).divergence / 2:.4f}" in finding.statement
    assert set(finding.values) == {"GAN", "WGAN-GP"}


def test_the_fields_are_drawn_beside_the_table_of_both_ways(tmp_path):
    results = trained(
        tmp_path,
        ("gan", JS_LINE, {"variant": "single-step", "n_critic": 1}),
        ("gan", JS_LINE, {"variant": "double-loop", "n_critic": 4}),
    )
    table, figure = single_step_blocks(results, "steps")
    assert table.columns == ["divergence", "least", "single step", "double loop"]
    assert table.rows[0][1].key == pytest.approx(best(FGAN(f_divergence="js")).divergence)
    assert all(cell.key > table.rows[0][1].key for cell in table.rows[0][2:])
    assert set(figure.data["line"]) == {"single step", "double loop"}
    assert figure.data["cosine"].between(-1, 1).all()
    first = figure.data[figure.data["iteration"] == 20]
    assert np.hypot(first["critic_mean"], first["critic_sd"]).gt(0).all()


def test_one_way_alone_has_no_fields(tmp_path):
    results = trained(tmp_path, ("gan", JS_LINE, {"variant": "single-step", "n_critic": 1}))
    assert list(single_step_blocks(results, "steps")) == []
    assert list(js_figure(results, "js")) == []
