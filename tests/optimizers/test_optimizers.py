"""Optimisers: torch's to the last bit, and differentiable through."""

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck

from wganbench import optimizers
from wganbench.optimizers import GAP, Optimizer, OptimizerState
from wganbench.optimizers.adam import Adam
from wganbench.optimizers.rmsprop import RMSProp
from wganbench.optimizers.sgd import SGD

CASES = {
    "SGD": (SGD(lr=0.1), lambda p: torch.optim.SGD(p, lr=0.1)),
    "SGD with momentum": (
        SGD(lr=0.1, momentum=0.9), lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9)
    ),
    "RMSProp": (RMSProp(lr=5e-5), lambda p: torch.optim.RMSprop(p, lr=5e-5)),
    "RMSProp with momentum": (
        RMSProp(lr=5e-5, momentum=0.5), lambda p: torch.optim.RMSprop(p, lr=5e-5, momentum=0.5)
    ),
    "Adam without momentum": (
        Adam(lr=1e-4, beta1=0.0, beta2=0.9), lambda p: torch.optim.Adam(p, 1e-4, (0.0, 0.9))
    ),
    "Adam": (Adam(lr=2e-4, beta1=0.5), lambda p: torch.optim.Adam(p, 2e-4, (0.5, 0.999))),
}  # fmt: skip
OURS = [pytest.param(ours, id=name) for name, (ours, _) in CASES.items()]
STEPS = 20


@pytest.mark.parametrize(("settings", "torchs"), CASES.values(), ids=CASES)
def test_optimisers_step_as_torchs_do_to_the_last_bit(settings, torchs):
    start = [torch.randn(3, 17, 5), torch.randn(3, 1, 5)]
    ours = [torch.nn.Parameter(p.clone()) for p in start]
    theirs = [torch.nn.Parameter(p.clone()) for p in start]
    state, oracle = OptimizerState(settings, ours), torchs(theirs)
    for _ in range(STEPS):
        gradients = [torch.randn_like(p) for p in start]
        state.step(gradients)
        for parameter, gradient in zip(theirs, gradients, strict=True):
            parameter.grad = gradient.clone()
        oracle.step()
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert state.steps == STEPS


@pytest.mark.parametrize(("settings", "torchs"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("smallest", [0.0, 1e-30, 1e-21, 1e-19, 1e-18, 1e-12])
def test_dead_units_and_gradients_whose_squares_vanish_step_as_torchs_too(
    settings, torchs, smallest
):
    start = torch.randn(4, 50) * torch.logspace(-20, 0, 50)  # which a step of any size moves
    ours, theirs = (torch.nn.Parameter(start.clone()) for _ in range(2))
    state, oracle = OptimizerState(settings, [ours]), torchs([theirs])
    for _ in range(STEPS):
        gradient = torch.randn_like(start)
        gradient[1] *= smallest
        state.step([gradient])
        theirs.grad = gradient.clone()
        oracle.step()
        assert torch.equal(ours, theirs)


@pytest.mark.parametrize(("settings", "torchs"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("block", [GAP, 2 * GAP])
def test_parameters_larger_than_a_block_are_stepped_as_torchs_too(
    settings, torchs, block, monkeypatch
):
    monkeypatch.setattr(optimizers, "BLOCK", block)
    start = [torch.randn(2, 3), torch.randn(5, GAP), torch.randn(3 * GAP + 1), torch.randn(7)]
    ours = [torch.nn.Parameter(p.clone()) for p in start]
    theirs = [torch.nn.Parameter(p.clone()) for p in start]
    state, oracle = OptimizerState(settings, ours), torchs(theirs)
    for _ in range(STEPS):
        gradients = [torch.randn_like(p.t()).t() for p in start]  # lying otherwise than they do
        state.step(gradients)
        for parameter, gradient in zip(theirs, gradients, strict=True):
            parameter.grad = gradient.clone()
        oracle.step()
    assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


@pytest.mark.parametrize("settings", OURS)
def test_parameters_and_slots_stay_where_they_are(settings: Optimizer):
    parameters = [torch.nn.Parameter(torch.randn(4, 5)), torch.nn.Parameter(torch.randn(3))]
    state = OptimizerState(settings, parameters)

    def places() -> list[int]:
        return [t.data_ptr() for t in [*parameters, *state.slots.values()]]

    state.step([torch.randn_like(p) for p in parameters])
    before = places()
    state.step([torch.randn_like(p) for p in parameters])
    assert places() == before


class Averaged(SGD):
    """A plug-in's rule that writes over nothing, and remembers more from its third step on."""

    def update(self, parameter, gradient, slots, step):
        moved = parameter - self.lr * gradient
        mean = slots.get("mean", parameter).lerp(moved, 1 / step)
        return moved, {"mean": mean} if step < 3 else {"mean": mean, "last": gradient}


def test_a_rule_that_writes_over_nothing_is_as_good():
    parameter = torch.nn.Parameter(torch.zeros(3, 2))
    state = OptimizerState(Averaged(lr=1.0), [parameter])
    gradients = [torch.full((3, 2), value) for value in (1.0, 2.0, 3.0, 4.0)]
    for gradient in gradients:
        state.step([gradient])
    slots = state.tensors()
    assert torch.equal(parameter, torch.full((3, 2), -10.0))
    assert torch.equal(slots["0.mean"], torch.full((3, 2), -5.0))  # of -1, -3, -6, -10
    assert torch.equal(slots["0.last"], gradients[-1])


@pytest.mark.parametrize("settings", OURS)
def test_an_update_leaves_the_gradient_as_it_was_and_copies_of_the_rest_lead_to_the_same(
    settings: Optimizer,
):
    parameter, slots = torch.randn(4, 5), {}
    for step in range(1, 5):
        gradient = torch.randn(4, 5)
        before, start = gradient.clone(), parameter.clone()
        copies = {name: slot.clone() for name, slot in slots.items()}
        copied, copied_slots = settings.update(start.clone(), gradient, copies, step)
        copied_slots = {name: slot.clone() for name, slot in copied_slots.items()}
        parameter, slots = settings.update(parameter, gradient, slots, step)
        assert torch.equal(gradient, before)
        assert not torch.equal(parameter, start)
        assert torch.equal(copied, parameter)
        assert slots.keys() == copied_slots.keys()
        assert all(torch.equal(slots[name], copied_slots[name]) for name in slots)
        slots = {name: slot.clone() for name, slot in slots.items()}


@pytest.mark.parametrize("settings", OURS)
def test_several_steps_can_be_differentiated_through(settings: Optimizer):
    """By the first parameter, and by what the loss depends on: an unrolled opponent."""

    def unrolled(parameter: Tensor, target: Tensor) -> Tensor:
        slots: dict[str, Tensor] = {}
        for step in range(1, 4):
            gradient = 2 * (parameter - target) + (parameter - target) ** 3  # of a smooth loss
            copies = {name: slot.clone() for name, slot in slots.items()}
            parameter, slots = settings.update(parameter.clone(), gradient, copies, step)
        return parameter

    generator = torch.Generator().manual_seed(0)
    start, target = (
        torch.randn(6, generator=generator, dtype=torch.float64).requires_grad_() for _ in range(2)
    )
    assert gradcheck(unrolled, (start, target), eps=1e-7, atol=1e-6)


@pytest.mark.parametrize("settings", OURS)
def test_a_restored_state_goes_on_bit_for_bit(settings: Optimizer):
    start, gradients = torch.randn(2, 3), torch.randn(6, 2, 3)
    whole, first, second = (torch.nn.Parameter(start.clone()) for _ in range(3))
    uninterrupted, before = OptimizerState(settings, [whole]), OptimizerState(settings, [first])
    for gradient in gradients:
        uninterrupted.step([gradient])
    for gradient in gradients[:3]:
        before.step([gradient])
    second.data = first.data.clone()
    after = OptimizerState(settings, [second])
    after.restore(before.steps, {name: tensor.clone() for name, tensor in before.tensors().items()})
    for gradient in gradients[3:]:
        after.step([gradient])
    assert torch.equal(whole, second)
