"""A run with more iterations goes on from a kept state, to what it would have come to in one go."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from configurations import configuration, generated
from experiment_files import example, write
from training_cases import ALL, assert_identical, replica

from wganbench.files import sha256_of
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.records.layout import RECORD, TRAINED
from wganbench.training.checkpoint import Identity
from wganbench.training.kept import Kept
from wganbench.training.loop import Training
from wganbench.training.process import prepare_torch
from wganbench.training.train import train

SEEDS = (7, 1)
IDENTITY = Identity(run="", code="code", data="data", device="cpu", torch=torch.__version__)
USUAL = ("wgan-gp, MLPs", "wgan, DCGANs with batch norm", "stopping early")


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


def run_of(config: Configuration, seeds: tuple[int, ...] = SEEDS) -> Run:
    return Run(experiment="e", scale="smoke", seeds=seeds, point={}, configuration=config)


def longer(config: Configuration, times: int = 2) -> Configuration:
    """Return so many times the training, with as many times the evaluations."""
    more = {name: times * getattr(config, name) for name in ("iterations", "evaluations")}
    return config.model_copy(update=more)


def kept(config: Configuration, folder: Path, identity: Identity = IDENTITY) -> Kept:
    return Kept(run_of(config), identity, folder)


def trained(config: Configuration, folder: Path, identity: Identity = IDENTITY) -> Training:
    """Train a configuration, going on from what is kept, and keep its state."""
    arrays = generated(config)
    return train(
        config, arrays, SEEDS, kept=kept(config, folder, identity), keep_state=True
    )  # fmt: skip


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=() if c in USUAL else pytest.mark.long) for c in ALL]
)
def test_going_on_is_having_trained_longer_in_one_go(case, tmp_path, capsys):
    config = ALL[case].model_copy(update={"evaluations": 1}) if case not in USUAL else ALL[case]
    longest = longer(config, 3)
    whole = train(longest, generated(longest), SEEDS)
    first = trained(config, tmp_path)
    assert not capsys.readouterr().err
    second = trained(longer(config), tmp_path)
    third = trained(longest, tmp_path)
    assert second.resumed_at == [first.iteration]
    assert third.resumed_at == [first.iteration, second.iteration]
    assert (
        f"goes on after iteration {second.iteration} of a finished run" in capsys.readouterr().err
    )
    assert third.history.converged_at == whole.history.converged_at
    for position in range(len(SEEDS)):
        assert_identical(replica(whole, position), replica(third, position))


CONFIG = configuration("wgan-gp")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"evaluations": 3}, "was evaluated after iterations 3, 6, this run is after 4"),
        ({"evaluation_spacing": "log"}, ""),
        ({"batch_size": 16}, ""),
        ({"log_every": 2}, ""),
    ],
)
def test_another_training_or_one_that_is_evaluated_elsewhere_starts_anew(
    change, told, tmp_path, capsys
):
    trained(CONFIG, tmp_path)
    other = longer(CONFIG).model_copy(update=change)
    assert trained(other, tmp_path).resumed_at == []
    err = capsys.readouterr().err
    assert (told in err) if told else not err


def test_what_cannot_be_gone_on_from_is_named_and_left_alone(tmp_path, capsys):
    trained(CONFIG, tmp_path)
    assert trained(longer(CONFIG), tmp_path, replace(IDENTITY, code="new")).resumed_at == []
    err = capsys.readouterr().err
    assert "code: is code there, now new; training does not go on from there" in err
    (state,) = tmp_path.glob("*/6/state")
    content = bytearray(state.read_bytes())
    content[-1] ^= 1
    state.write_bytes(content)
    assert trained(longer(CONFIG, 3), tmp_path).resumed_at == []
    assert "state: is damaged" in capsys.readouterr().err
    assert state.read_bytes() == content


def test_nothing_is_kept_unasked_and_a_shorter_one_goes_on_from_nothing(tmp_path):
    train(CONFIG, generated(CONFIG), SEEDS, kept=kept(CONFIG, tmp_path))
    assert not list(tmp_path.iterdir())
    trained(longer(CONFIG), tmp_path)
    assert trained(CONFIG, tmp_path).resumed_at == []


def test_an_experiment_with_more_iterations_goes_on_from_its_finished_run(
    tmp_path, monkeypatch, wganbench
):
    monkeypatch.chdir(tmp_path)
    Path("experiments").mkdir()
    Path("params.yaml").write_text("scale: smoke\n")

    def run(iterations: int, evaluations: int, *options: str) -> str:
        base = {"generator.width": 8, "critic.width": 8, "samples": 20,
                "iterations": iterations, "evaluations": evaluations}  # fmt: skip
        write(Path("experiments"), example(base=base, grid=[{"method": "wgan"}]), "toys")
        code, _, err = wganbench("run", "toys", "--no-report", *options)
        assert code == 0
        return err

    run(4, 2, "--keep-state")
    (first,) = Path("results/runs/toys").iterdir()
    assert "goes on after iteration 4 of a finished run" in run(8, 4)
    (second,) = set(Path("results/runs/toys").iterdir()) - {first}
    assert not Path("scratch/checkpoints/toys", second.name).exists()
    bytes_after = {name: sha256_of(second / name) for name in TRAINED if name != RECORD}
    for path in (second, Path("scratch/kept")):
        path.rename(tmp_path / f"away-{path.name}")
    assert "goes on" not in run(8, 4)
    assert {name: sha256_of(second / name) for name in bytes_after} == bytes_after
