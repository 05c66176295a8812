"""`wganbench replay`: a finished run trained again from its own record."""

import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest
import torch
from experiment_files import example, write

from wganbench.files import sha256_of
from wganbench.training.game import Game

TOYS = example(
    base={"generator.width": 8, "critic.width": 8, "iterations": 12, "evaluations": 3,
          "samples": 40, "optimizer.lr": 1e-3},
    grid=[{"method": "wgan-gp"}],
    scales={"smoke": {"seeds": 6}},
)  # fmt: skip


@pytest.fixture
def run_id(tmp_path, monkeypatch, wganbench):
    """The id of the one run of a project, which is trained."""
    (tmp_path / "experiments").mkdir()
    write(tmp_path / "experiments", TOYS, "toys")
    (tmp_path / "params.yaml").write_text("scale: smoke\n")
    monkeypatch.chdir(tmp_path)
    assert wganbench("data", "8gaussians")[0] == 0
    found = json.loads(wganbench("plan", "--json")[1])["id"]
    assert wganbench("train", found)[0] == 0
    return found


def files(run_id: str) -> dict[str, str]:
    return {path.name: sha256_of(path) for path in Path("results/runs", run_id).iterdir()}


def perturbed(monkeypatch, change: Callable[[torch.Tensor], torch.Tensor]) -> None:
    """Let the critic begin elsewhere."""
    original = Game.__init__

    def elsewhere(game, *arguments):
        original(game, *arguments)
        for parameter in game.critic.parameters():
            parameter.data.copy_(change(parameter.data))

    monkeypatch.setattr(Game, "__init__", elsewhere)


def rounded_otherwise(parameter: torch.Tensor) -> torch.Tensor:
    """Return what other rounding would have come to after a while."""
    noise = torch.Generator().manual_seed(parameter.numel())
    return parameter * (1 + 1e-4 * torch.randn(parameter.shape, generator=noise))


def test_the_same_run_on_the_same_machine_is_identical_and_the_results_are_untouched(
    run_id, wganbench
):
    before = files(run_id)
    code, out, _ = wganbench("replay", run_id)
    assert (code, out) == (0, f"{run_id}: identical\n")
    assert files(run_id) == before
    again = Path("scratch/replay", run_id)
    assert {path.name for path in again.iterdir()} == set(before)


def test_a_run_that_the_plan_no_longer_has_is_replayed_from_its_record(run_id, wganbench):
    Path("experiments/toys.yaml").write_text(json.dumps(example()))
    assert wganbench("replay", run_id)[:2] == (0, f"{run_id}: identical\n")
    assert wganbench("replay", f"results/runs/{run_id}")[:2] == (0, f"{run_id}: identical\n")


def test_other_rounding_is_within_the_seeds_spread(run_id, wganbench, monkeypatch):
    perturbed(monkeypatch, rounded_otherwise)
    code, out, _ = wganbench("replay", run_id)
    assert code == 0
    assert out.startswith(f"{run_id}: within the seeds' spread\n")
    assert "other bytes: curves.parquet, samples.npz, networks.safetensors" in out
    assert "holds 0" in out


def test_another_training_is_different_and_exits_with_1(run_id, wganbench, monkeypatch):
    perturbed(monkeypatch, lambda parameter: 3 * parameter)
    code, out, _ = wganbench("replay", run_id)
    assert code == 1
    assert out.startswith(f"{run_id}: different\n")
    assert "does not hold 0" in out


def test_what_changed_beforehand_is_told(run_id, wganbench):
    record = Path("results/runs", run_id, "run.json")
    content = json.loads(record.read_text())
    content["provenance"]["packages"]["torch"] = "1.0"
    content["provenance"]["code_digest"] = "0" * 16
    record.write_text(json.dumps(content))
    code, out, _ = wganbench("replay", run_id)
    assert code == 0
    assert f"torch: 1.0 then, {version('torch')} now" in out
    assert f"code_digest: {'0' * 16} then, " in out


def test_other_data_are_refused(run_id, wganbench):
    record = Path("results/runs", run_id, "run.json")
    content = json.loads(record.read_text())
    content["provenance"]["data_sha256"] = "0" * 64
    record.write_text(json.dumps(content))
    code, _, errors = wganbench("replay", run_id)
    assert code == 2
    assert errors.startswith("wganbench: data/8gaussians.npz: has sha256 ")
    assert len(errors.splitlines()) == 1


@pytest.mark.parametrize("named", ["toys/nothing", "../..", "results", ""])
def test_what_is_no_finished_run_is_one_line(named, run_id, wganbench):
    code, _, errors = wganbench("replay", named)
    assert code == 2
    assert len(errors.splitlines()) == 1
