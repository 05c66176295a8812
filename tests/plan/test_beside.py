"""What the presets of penalties know of their critics: no batch norm unless it is asked for."""

import pytest
from experiment_files import example, planned, write

IMAGES = {"data.name": "digits", "generator.name": "dcgan", "critic.name": "dcgan"}


@pytest.mark.parametrize("method", ["wgan-gp", "wgan-gp-code", "wgan-lp", "wgan-sn"])
@pytest.mark.parametrize("net", ["dcgan", "gp-dcgan", "resnet", "deep-resnet"])
def test_a_critic_of_images_has_no_batch_norm(tmp_path, method, net):
    base = IMAGES | {"critic.name": net, "data.name": "celeba"}
    (run,) = planned(tmp_path, example(base=base, grid=[{"method": method}]))
    assert run.configuration.critic.norm == "none"
    assert run.configuration.generator.norm == "batch"


def test_other_methods_and_what_is_set_are_left_as_they_are(tmp_path):
    grid = [{"method": ["gan", "wgan"]}, {"method": "wgan-gp", "critic.norm": ["batch", "layer"]}]
    runs = planned(tmp_path, example(base=IMAGES, grid=grid))
    assert [r.configuration.critic.norm for r in runs] == ["batch", "batch", "batch", "layer"]


def test_a_net_that_is_named_later_has_none_either(tmp_path):
    grid = [{"method": "wgan-gp", "critic.name": ["mlp", "dcgan"]}]
    runs = planned(tmp_path, example(base=IMAGES | {"generator.name": "mlp"}, grid=grid))
    assert [run.configuration.critic.norm for run in runs] == ["none", "none"]


def test_the_plan_warns_of_batch_norm_beside_a_penalty(tmp_path, monkeypatch, wganbench):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "experiments").mkdir()
    grid = [{"method": "wgan-gp", "critic.norm": ["batch", "none"]}, {"method": "wgan"}]
    write(tmp_path / "experiments", example(base=IMAGES, grid=grid), "photos")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    told = wganbench("plan")[1].splitlines()[-1]
    assert told.startswith(
        "photos: batch norm in the critic beside a penalty on its gradient in 1 of 3 runs"
    )


def test_as_many_samples_are_taken_as_the_data_hold_out(tmp_path):
    laws = [{"method": "gan", "data.name": ["8gaussians", "swissroll"]}]
    for run in planned(tmp_path, example(grid=laws)):
        assert run.configuration.samples == 1000
    (run,) = planned(tmp_path, example(base=IMAGES, grid=[{"method": "gan"}]))
    assert run.configuration.samples == 360
