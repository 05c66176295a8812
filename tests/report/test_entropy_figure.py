"""The figure of generated labels' entropy, from tiny runs with and without the layer."""

import pytest
from experiment_files import example
from image_projects import trained_images

from wganbench.gather.load import Results, load_results
from wganbench.report.figures.entropy import entropy_figures

EXPERIMENT = example(
    base={
        "data.name": "digits", "generator.name": "mlp", "generator.latent_dim": 4,
        "generator.width": 8, "critic.width": 8, "batch_size": 8, "iterations": 4,
        "evaluations": 2, "samples": 40,
    },
    grid=[{"method": "gan", "critic.name": ["mlp", "minibatch-mlp"]}],
)  # fmt: skip


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("entropy")
    runs = trained_images(folder, EXPERIMENT)
    return load_results(runs, folder / "results", folder / "data")


def test_it_draws_the_measured_entropy_of_both_critics(results):
    (figure,) = entropy_figures(results, "f")
    measured = results.evaluations.set_index(["run", "seed", "iteration"])["label_entropy"]
    drawn = figure.data.set_index(["run", "seed", "iteration"])["label_entropy"]
    assert drawn.sort_index().equals(measured.sort_index())
    assert set(figure.data["critic"]) == {"mlp", "minibatch-mlp"}
    (finding,) = figure.findings
    assert set(finding.values) == {"with the layer", "without"}


def test_there_is_none_without_runs(results):
    assert not list(entropy_figures(results.select([]), "f"))
