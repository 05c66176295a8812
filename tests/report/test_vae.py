"""The page of the variational auto-encoder: its images stand beside those of GANs."""

import numpy as np
import pytest
from configurations import IMAGES, configuration
from trained_runs import trained

from wganbench.gather.load import Results
from wganbench.gather.measures import measured
from wganbench.papers.vae import vae_blocks
from wganbench.plan.runs import Run
from wganbench.report.figures.vae import bound_figure

ENCODED = {"algorithm": "vae", "encoder__name": "dcgan", "encoder__width": 4}


def run_of(method: str, point: dict[str, str], **changes) -> Run:
    config = configuration(method, IMAGES, iterations=4, samples=40, **changes)
    return Run(experiment="e", scale="smoke", seeds=(3, 5), point=point, configuration=config)


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("vae")
    runs = [
        run_of("gan", {"method": "gan", "likelihood": "gaussian"}, **ENCODED),
        run_of("gan", {"method": "gan"}),
        run_of("wgan-gp", {"method": "wgan-gp"}, critic__norm="none"),
    ]
    return trained(runs, folder / "runs", folder / "data")


def test_images_of_one_generator_stand_in_one_row(results):
    sheets, sharpness, fidelity = vae_blocks(results, "figure")
    assert list(sheets.columns) == ["GAN", "WGAN-GP", "GAN, likelihood gaussian"]
    rows = dict(sheets.rows)
    assert list(rows) == ["DCGAN generator, batch norm", "held-out real images"]
    assert {sheet.run for sheet in rows["DCGAN generator, batch norm"]} == set(results.runs)
    assert len(fidelity.rows) == 1 + len(results.runs)
    last = measured(results, "sharpness").groupby(["run", "seed"])["value"].last()
    assert sharpness.data.set_index(["run", "seed"])["value"].to_dict() == last.to_dict()
    assert "a blur of half a pixel it is 0." in sharpness.findings[0].statement


def test_the_bound_is_drawn_of_the_vae_alone(results):
    (figure,) = bound_figure(results, "figure")
    vae = next(name for name, run in results.runs.items() if run.configuration.critic is None)
    assert set(figure.data["run"]) == {vae}
    assert set(figure.data["likelihood"]) == {"Gaussian likelihood"}
    drawn = figure.data[(figure.data["term"] == "elbo") & (figure.data["iteration"] == 4)]
    curves = results.curves
    at_end = curves[(curves["run"] == vae) & (curves["iteration"] == 4)]["elbo"]
    np.testing.assert_allclose(drawn["mean"], at_end.mean(), rtol=1e-6)


def test_without_a_vae_there_is_neither(results):
    others = results.select([n for n, run in results.runs.items() if run.configuration.critic])
    assert not list(bound_figure(others, "figure"))
    assert measured(others, "sharpness").empty
    for nothing in (results.select([]), others):
        assert not [block.name for block in vae_blocks(nothing, "f") if "sharpness" in block.name]
    assert not list(bound_figure(results.select([]), "figure"))
