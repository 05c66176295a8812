"""Presets and experiments at scale `paper` against the papers and their code."""

import pytest
from conftest import ROOT
from experiment_files import example, planned

from wganbench.plan.runs import plan

# REFERENCE: arXiv 1701.07875, algorithm 1 and section 4; arXiv 1704.00028, algorithm 1, section 5.
PAPERS = {
    "wgan": {
        "objective": {"name": "wasserstein"},
        "constraint": {
            "name": "clip",
            "clip_value": 0.01,
            "order": "after",
            "norm_parameters": True,
        },
        "optimizer": {"name": "rmsprop", "lr": 0.00005, "alpha": 0.99, "momentum": 0.0},
        "n_critic": 5,
        "batch_size": 64,
    },
    "wgan-gp": {
        "objective": {"name": "wasserstein"},
        "constraint": {
            "name": "gradient-penalty",
            "penalty_weight": 10.0,
            "points": "interpolates",
            "norm_over": "sample",
        },
        "optimizer": {"name": "adam", "lr": 0.0001, "beta1": 0.0, "beta2": 0.9},
        "n_critic": 5,
        "batch_size": 64,
    },
    "gan": {
        "objective": {"name": "non-saturating"},
        "constraint": {"name": "none"},
        "optimizer": {"name": "adam", "lr": 0.0002, "beta1": 0.5, "beta2": 0.999},
        "n_critic": 1,
        "batch_size": 64,
    },
    # gan_64x64.py of [GP]'s code; its optimiser's decay is TensorFlow's default.
    "lsgan": {
        "objective": {"name": "lsgan"},
        "constraint": {"name": "none"},
        "optimizer": {"name": "rmsprop", "lr": 0.0001, "alpha": 0.9, "momentum": 0.0},
        "n_critic": 1,
        "batch_size": 64,
    },
}
for method in ("wgan", "wgan-gp"):
    PAPERS[method] |= {"warm_up_n_critic": 0}
# What the authors' repositories run instead: main.py of [WGAN]'s, gan_mnist.py of [GP]'s.
PAPERS["wgan-code"] = PAPERS["wgan"] | {
    "constraint": PAPERS["wgan"]["constraint"] | {"order": "before"},
    "warm_up_n_critic": 100,
    "warm_up_first": 25,
    "warm_up_every": 500,
}
PAPERS["wgan-gp-code"] = PAPERS["wgan-gp"] | {
    "optimizer": PAPERS["wgan-gp"]["optimizer"] | {"beta1": 0.5}
}


@pytest.mark.parametrize("method", PAPERS)
def test_a_preset_has_the_papers_settings(tmp_path, method):
    (run,) = planned(tmp_path, example(grid=[{"method": method}]))
    resolved = run.configuration.resolved()
    expected = dict(PAPERS[method])
    optimizer = expected.pop("optimizer")
    assert resolved["generator_optimizer"] == resolved["critic_optimizer"] == optimizer
    assert {key: resolved[key] for key in expected} == expected


@pytest.fixture(scope="module")
def paper():
    """The runs at the papers' own sizes, by experiment."""
    return plan("paper", None, ROOT / "experiments")


def test_toys_at_the_papers_scale_are_as_in_the_official_code(paper):
    for run in paper["toy-grid"]:
        c = run.configuration
        assert (c.batch_size, c.iterations, c.generator.latent_dim) == (256, 100_000, 2)
        assert all((net.width, net.depth) == (512, 3) for net in (c.generator, c.critic))
        if c.method == "wgan-gp":
            assert c.constraint.penalty_weight == 0.1
            assert c.algorithm.critic_optimizer.model_dump(exclude={"name"}) == {
                "lr": 1e-4, "beta1": 0.5, "beta2": 0.9,
            }  # fmt: skip


def test_images_at_the_papers_scale_are_as_in_the_papers(paper):
    for run in paper["image-grid"]:
        c = run.configuration
        assert (c.batch_size, c.data.shape, c.generator.latent_dim) == (64, (3, 64, 64), 100)
        if c.generator.name == "mlp":
            assert (c.generator.width, c.generator.depth) == (512, 3)
        else:  # "no batch norm" is also a constant number of filters
            assert c.generator.constant_filters == (c.generator.norm == "none")
        if c.critic.name == "dcgan":
            assert c.critic.norm == ("none" if c.method == "wgan-gp" else "batch")


# The estimator study, on fixed pairs, has settings of its own.
TRAINED = ("toy-grid", "image-grid", "wgan-fig1", "wgan-fig2")


def test_wherever_wgan_runs_at_the_papers_scale_it_has_algorithm_1s_settings(paper):
    wgans = [run.configuration for name in TRAINED for run in paper[name]]
    wgans = [c for c in wgans if c.method == "wgan" and c.variant != "high-lr"]
    assert len(wgans) > 10
    for c in wgans:
        assert (
            c.algorithm.critic_optimizer.name,
            c.algorithm.critic_optimizer.lr,
            c.algorithm.n_critic,
        ) == ("rmsprop", 5e-5, 5)
    assert {c.constraint.clip_value for c in wgans} == {0.001, 0.01, 0.05, 0.1}


def test_figure_2_of_gp_is_seven_architectures_by_four_methods_as_in_its_code(paper):
    runs = {(r.configuration.method, r.configuration.variant): r.configuration
            for r in paper["gp-fig2"]}  # fmt: skip
    assert len(runs) == len(paper["gp-fig2"]) == 7 * 4
    for (method, variant), c in runs.items():
        normalised = "layer" if method == "wgan-gp" else "batch"
        assert c.critic.norm == ("none" if variant == "no-norm" else normalised)
        assert (c.generator.latent_dim, c.data.shape, c.batch_size) == (128, (3, 64, 64), 64)
        assert c.algorithm.n_critic == (5 if c.objective.name == "wasserstein" else 1)
        generator = {"mlp-generator": "mlp", "resnet-101": "deep-resnet"}.get(variant, "gp-dcgan")
        critic = "deep-resnet" if variant == "resnet-101" else "gp-dcgan"
        assert (c.generator.name, c.critic.name) == (generator, critic)


def test_each_deviation_is_run_alone_and_all_together_beside_the_papers_side(paper):
    runs = {(r.configuration.method, r.configuration.variant): r.configuration.resolved()
            for r in paper["paper-vs-code"]}  # fmt: skip

    def changed(method: str, variant: str, reference: tuple[str, str]) -> set[str]:
        return {
            f"{key}.{name}" if name else key
            for key, value in runs[method, variant].items()
            for name in (value if isinstance(value, dict) else [""])
            if (
                value[name] != runs[reference][key][name] if name else value != runs[reference][key]
            )
        } - {"method", "variant"}

    wgan, gp = ("wgan", "paper"), ("wgan-gp", "paper")
    assert changed("wgan", "warm-up", wgan) == {"warm_up_n_critic"}
    assert changed("wgan", "clip-before", wgan) == {"constraint.order"}
    assert changed("wgan", "norms-unclipped", wgan) == {"constraint.norm_parameters"}
    assert changed("wgan-code", "code", wgan) == {"warm_up_n_critic", "constraint.order"}
    halved = ("wgan", "nobn-halved")
    assert changed("wgan", "nobn-constant", halved) == {"generator.constant_filters"}
    assert changed("wgan-gp", "channel-norm", gp) == {"constraint.norm_over"}
    assert changed("wgan-gp-code", "code", gp) == {
        "generator_optimizer.beta1", "critic_optimizer.beta1",
    }  # fmt: skip
