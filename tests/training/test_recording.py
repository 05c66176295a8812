"""On a GPU an iteration is recorded, and a recording computes what it computed before."""

import pytest
import torch
from configurations import TOY, configuration, generated
from training_cases import ALL

from wganbench.algorithms.adversarial import Adversarial
from wganbench.plan.configuration import Configuration
from wganbench.training.game import Game
from wganbench.training.loop import Training
from wganbench.training.process import prepare_torch
from wganbench.training.recording import BEFORE, Recorder
from wganbench.training.state import read_state, write_state

SEEDS = (7, 1)
ITERATIONS = BEFORE + 4
on_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cuda" if torch.cuda.is_available() else "cpu")


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """Train a little first: on an H200 the first game of a process differed in last bits."""
    if torch.cuda.is_available():
        prepare_torch("cuda")
        first = game(configuration("wgan-gp", TOY))
        for _ in range(ITERATIONS):
            first.iterate()


def game(config: Configuration, device: str = "cuda") -> Game:
    return Game(config, generated(config), SEEDS, device)


def tensors(one: Game) -> dict[str, torch.Tensor]:
    """Return all that one iteration hands to the next."""
    found = one.task.streams.state()
    for name, player in one.players.items():
        parts = player.net.state_dict() | player.state.tensors()
        found |= {f"{name} {key}": tensor.detach().clone() for key, tensor in parts.items()}
        found[f"{name} steps"] = torch.tensor(player.steps)
    return found


def assert_same(ours: dict[str, torch.Tensor], theirs: dict[str, torch.Tensor]) -> None:
    assert ours.keys() == theirs.keys()
    different = [k for k in ours if not torch.equal(ours[k].nan_to_num(), theirs[k].nan_to_num())]
    assert not different


@on_gpu
@pytest.mark.filterwarnings("ignore:TF32 acceleration")
@pytest.mark.parametrize("case", ALL)
def test_recorded_iterations_are_the_iterations_bit_for_bit(case):
    recorded, plain = game(ALL[case]), game(ALL[case])
    for _ in range(ITERATIONS):
        ours, theirs = recorded.iterate(), plain.algorithm.iterate(plain)
        assert_same(ours, theirs)
        assert_same(tensors(recorded), tensors(plain))


@on_gpu
@pytest.mark.filterwarnings("ignore:TF32 acceleration")
def test_warm_up_iterations_have_a_recording_of_their_own():
    config = configuration(
        "wgan", TOY, warm_up_n_critic=3, warm_up_first=5, warm_up_every=4, iterations=16
    )
    recorded, plain = game(config), game(config)
    for _ in range(16):
        recorded.iterate()
        plain.algorithm.iterate(plain)
        assert_same(tensors(recorded), tensors(plain))
    assert recorded.players["critic"].steps == plain.players["critic"].steps > 16


@on_gpu
def test_a_state_that_is_put_back_after_a_recording_is_gone_on_from(tmp_path):
    config = configuration("wgan-gp", TOY, iterations=3 * ITERATIONS)
    training = Training(config, generated(config), SEEDS, "cuda")
    for _ in range(ITERATIONS):
        training.advance()
    write_state(training.state(), tmp_path / "state")  # recordings change tensors in place
    state, evaluations = read_state(tmp_path / "state"), list(training.history.evaluations)
    for _ in range(ITERATIONS):
        training.advance()
    once = tensors(training.game)
    training.restore(state, evaluations)
    for _ in range(ITERATIONS):
        training.advance()
    assert_same(once, tensors(training.game))


@on_gpu
@pytest.mark.parametrize("method", ["gan", "wgan", "wgan-gp"])
def test_a_training_that_is_resumed_between_recorded_iterations_ends_the_same(method):
    config = configuration(method, TOY, iterations=2 * ITERATIONS)
    whole, first, second = (Training(config, generated(config), SEEDS, "cuda") for _ in range(3))
    while not whole.is_over():
        whole.advance()
    for _ in range(ITERATIONS):
        first.advance()
    second.restore(first.state(), first.history.evaluations)
    while not second.is_over():
        second.advance()
    assert_same(tensors(whole.game), tensors(second.game))
    assert whole.history.curves.rows() == second.history.curves.rows()


class Waits(Adversarial):
    """Reads a number in the middle of an iteration, as a user's method may."""

    def iterate(self, game):
        log = super().iterate(game)
        if log["estimate"].mean().item() > 1e9:
            raise ArithmeticError
        return log


@on_gpu
def test_what_cannot_be_recorded_is_said_once_and_trains_as_it_is(capsys):
    config = configuration("wgan", TOY)
    waiting, plain = game(config), game(config)
    waiting.algorithm = Waits.model_construct(**dict(config.algorithm))
    for _ in range(ITERATIONS):
        waiting.iterate()
        plain.algorithm.iterate(plain)
    assert_same(tensors(waiting), tensors(plain))
    assert capsys.readouterr().err.count("trains without CUDA graphs") == 1


def test_on_a_cpu_nothing_is_recorded():
    config = configuration("wgan", TOY)
    one, other = game(config, "cpu"), game(config, "cpu")
    recorder = Recorder(one)
    for _ in range(ITERATIONS):
        recorder.iterate()
        other.algorithm.iterate(other)
    assert_same(tensors(one), tensors(other))
