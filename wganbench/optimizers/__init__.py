"""Optimisers: element-wise, so that a replica's step never depends on its neighbours.

The update rules are torch.optim's to the last bit (a test compares them). They are written out
because building an optimiser of torch imports its compiler, which takes longer than a small run,
because their whole state is in plain sight for a checkpoint, and because an update can be
differentiated through: an unrolled discriminator needs that.
"""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from torch import Tensor
    from torch.nn import Parameter

LearningRate = Annotated[
    float, Field(gt=0, le=1e3, description="Learning rate.", json_schema_extra={"slug": "lr"})
]
Momentum = Annotated[
    float, Field(ge=0, lt=1, description="Momentum.", json_schema_extra={"slug": "momentum"})
]
EPSILON = 1e-8  # torch's default for RMSProp and Adam
# Elements. Kernels may round by a tensor's alignment, and the last few elements otherwise than the
# others: every parameter begins as if it had memory of its own, and all ends where vectors do.
GAP = 64
BLOCK = 2**16  # elements: what an update rule reads and writes of them fits into a core's cache

Slots = dict[str, "Tensor"]
"""What an optimiser remembers of one parameter, each of the parameter's shape."""


class Optimizer(Plugin):
    """A named optimiser with the settings that the papers vary."""

    lr: LearningRate

    def update(
        self, parameter: Tensor, gradient: Tensor, slots: Slots, step: int | Tensor
    ) -> tuple[Tensor, Slots]:
        """Return the next parameter and slots, differentiable in all three tensors.

        A parameter and slots may be written over: whoever needs them gives copies.

        Args:
            parameter: of any shape.
            gradient: of the same shape; never written over.
            slots: those that the last update returned, empty before the first.
            step: which update it is, from 1; on a GPU a number on the device, so that a recorded
                iteration counts on (see `training.recording`).
        """
        raise NotImplementedError


def at(slots: Slots, name: str, like: Tensor) -> Tensor:
    """Return a slot, before the first update zeros."""
    return slots[name] if slots else like.new_zeros(like.shape)


def root(square: Tensor) -> Tensor:
    """Return the square root of a mean square, to which `EPSILON` is added next.

    All squares of a dead unit are 0, and a CPU's vector code takes twelve times as long for the
    root of 0: it gets the least normal number's, which is lost in `EPSILON`, also where Adam
    divides it by the root of 1 - beta2, if beta2 is below 1 - 6e-8. A root that is differentiated
    stays as it is, with its gradient.
    """
    from torch import finfo

    if square.requires_grad or not square.is_cpu:
        return square.sqrt()
    return square.clamp(min=finfo(square.dtype).tiny).sqrt_()


class OptimizerState:
    """An optimiser at work on a list of parameters.

    All of them, end to end, are one tensor to the update rule: at the widths of toy problems, a
    rule's few operations on each parameter cost as much as its gradient. A CPU takes it in blocks.
    They stay where they are, as recordings need it.
    """

    def __init__(self, optimizer: Optimizer, parameters: Iterable[Parameter]) -> None:
        self.optimizer = optimizer
        self.parameters = list(parameters)
        self.slots: Slots = {}
        self.steps = 0
        first = self.parameters[0].data
        self._clock = None if first.is_cpu else first.new_zeros(()).double()
        self._gaps = [p.data.new_zeros(-p.numel() % GAP) for p in self.parameters]
        self._memory: Tensor | None = None

    @property
    def taken(self) -> int | Tensor:
        """Steps so far, as update rules take them: on a GPU a number on the device."""
        return self.steps if self._clock is None else self._clock

    def step(self, gradients: Sequence[Tensor]) -> None:
        """Take one step along the gradients, one for each parameter."""
        self.steps += 1
        if self._clock is not None:
            self._clock.add_(1)
        if self._memory is None:
            self._memory = self._laid_end_to_end()
        before = dict(self.slots)
        for place, gradient in self._blocks(gradients):
            self._update(self._memory, slice(place, place + len(gradient)), gradient, before)

    def _update(self, memory: Tensor, block: slice, gradient: Tensor, before: Slots) -> None:
        old, slots = memory[block], {name: slot[block] for name, slot in before.items()}
        new, now = self.optimizer.update(old, gradient, slots, self.taken)
        if new is not old:
            old.copy_(new)
        for name, slot in now.items():
            if name not in self.slots:
                self.slots[name] = memory.new_zeros(len(memory))
            if slot is not slots.get(name):
                self.slots[name][block] = slot

    def _blocks(self, gradients: Sequence[Tensor]) -> Iterator[tuple[int, Tensor]]:
        """Yield blocks of what `joined` makes of gradients, with their places."""
        from torch import split

        if self._clock is not None:
            yield 0, self.joined(gradients)
            return
        place = 0
        pairs = zip(gradients, self._gaps, strict=True)
        for large, group in groupby(pairs, lambda pair: _is_large(*pair)):
            several = list(group)
            # A large gradient is not copied into a tensor with others.
            pieces = [g.flatten() for g, _ in several] if large else [_end_to_end(several)]
            for block in chain.from_iterable(split(piece, BLOCK) for piece in pieces):
                yield place, block
                place += len(block)

    def tensors(self) -> dict[str, Tensor]:
        """Return the slots, named by their parameter's place and their own name."""
        return {
            f"{place}.{name}": part
            for name, joined in self.slots.items()
            for place, part in enumerate(self.parts(joined))
        }

    def restore(self, steps: int, tensors: dict[str, Tensor]) -> None:
        """Go to where the tensors were taken, after so many steps."""
        self.steps = steps
        if self._clock is not None:
            self._clock.fill_(steps)
        names = {key.partition(".")[2] for key in tensors}
        self.slots = {
            name: self.joined(
                [tensors[f"{place}.{name}"].to(p.device) for place, p in enumerate(self.parameters)]
            )
            for name in names
        }

    def joined(self, tensors: Sequence[Tensor]) -> Tensor:
        """Return tensors of the parameters' shapes end to end, each from a multiple of `GAP`."""
        return _end_to_end(zip(tensors, self._gaps, strict=True))

    def parts(self, joined: Tensor) -> list[Tensor]:
        """Return the parts of a tensor as `joined` makes it, which share its memory."""
        from torch import split

        sizes = [size for p, gap in zip(self.parameters, self._gaps, strict=True)
                 for size in (p.numel(), len(gap))]  # fmt: skip
        parts = split(joined, sizes)[::2]
        return [part.view(p.shape) for part, p in zip(parts, self.parameters, strict=True)]

    def _laid_end_to_end(self) -> Tensor:
        """Return the memory that the parameters have from now on: others copy into it."""
        memory = self.joined([parameter.data for parameter in self.parameters])
        for parameter, part in zip(self.parameters, self.parts(memory), strict=True):
            parameter.data = part
        return memory


def _end_to_end(tensors_and_gaps: Iterable[tuple[Tensor, Tensor]]) -> Tensor:
    from torch import cat

    return cat([piece for tensor, gap in tensors_and_gaps for piece in (tensor.flatten(), gap)])


def _is_large(tensor: Tensor, gap: Tensor) -> bool:
    return tensor.numel() >= BLOCK and not len(gap)
