"""Training in bfloat16: faster where a device has units for it, and only training."""

import pytest
import torch
from configurations import IMAGES, configuration, generated

from wganbench.training.game import Game
from wganbench.training.process import prepare_torch
from wganbench.training.train import train


@pytest.fixture(autouse=True)
def _prepared() -> None:
    prepare_torch("cpu")


METHODS = {
    "gan": {},
    "wgan": {"constraint__clip_value": 0.1},
    "wgan-gp": {"critic__norm": "layer"},
    "wgan-sn": {"critic__norm": "none"},
}


def games(method: str) -> tuple[Game, Game]:
    """Return the same game in float32 and in bfloat16."""
    one, other = (
        configuration(method, IMAGES, precision=precision, **METHODS[method])
        for precision in ("float32", "bfloat16")
    )
    arrays = generated(one)
    return Game(one, arrays, (0, 1), "cpu"), Game(other, arrays, (0, 1), "cpu")


@pytest.mark.parametrize("method", METHODS)
def test_a_step_in_bfloat16_is_that_in_float32_up_to_its_rounding(method):
    exact, rounded = games(method)
    # Eight bits of mantissa, through a few layers.
    one, other = exact.iterate(), rounded.iterate()
    for name, value in one.items():
        scale = max(value.abs().max().item(), 0.1) if not value.isnan().any() else 1.0
        torch.testing.assert_close(
            other[name], value, rtol=0, atol=0.05 * scale, equal_nan=True, msg=name
        )
    differ = [not torch.equal(one[name], other[name]) for name in ("estimate", "generator_loss")]
    assert all(differ), "bfloat16 was not used"


@pytest.mark.parametrize("method", METHODS)
def test_parameters_losses_and_optimisers_stay_float32(method):
    _, rounded = games(method)
    log = rounded.iterate()
    tensors = [
        *log.values(),
        *(t for net in rounded.nets().values() for t in net.state_dict().values()),
        *(t for player in rounded.players.values() for t in player.state.tensors().values()),
    ]
    assert {tensor.dtype for tensor in tensors} == {torch.float32}


def test_evaluation_is_in_float32_whatever_training_was_in():
    config = configuration("wgan", IMAGES, precision="bfloat16")
    trained = train(config, generated(config), (0,))
    critic = trained.game.critic
    real = torch.from_numpy(trained.samples.real).float() / 127.5 - 1
    # As in evaluation: the same batches, which batch norm depends on, and where gradients are
    # wanted, without which torch may take other kernels.
    chunks = real[None].requires_grad_().chunk(-(-len(real) // config.batch_size), dim=1)
    told = torch.cat([critic(chunk) for chunk in chunks], dim=1).detach()
    torch.testing.assert_close(
        told, torch.from_numpy(trained.samples.critic_real[:, -1]), rtol=0, atol=0
    )


def test_precision_is_part_of_what_a_run_is():
    one, other = (configuration("wgan", precision=p) for p in ("float32", "bfloat16"))
    assert one.resolved() != other.resolved()
