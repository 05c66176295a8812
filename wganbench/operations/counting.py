"""Counting what an iteration asks of a device, on tensors that have shapes and no numbers."""

from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from wganbench.errors import UserError
from wganbench.operations.counted import Count, plain
from wganbench.operations.timing import stand_ins
from wganbench.plan.runs import Run
from wganbench.training.game import Game


class Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the kernels that torch calls, backward passes included, by torch's own formulas."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls = self.values = self.flops = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Any = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        if not func.is_view:
            self.calls += 1
            self.values += sum(t.numel() for t in tree_leaves(out) if isinstance(t, torch.Tensor))
        if formula := flop_registry.get(func._overloadpacket):
            self.flops += formula(*args, **kwargs, out_val=out)
        return out


def count(run: Run) -> Count | None:
    """Return the count of one iteration of one replica; None if it looks at numbers."""
    configuration = plain(run.configuration)
    try:
        with FakeTensorMode(allow_non_fake_inputs=True), Counter() as counter:
            game = Game(configuration, stand_ins(configuration), run.seeds[:1], "cpu")
            counter.calls = counter.values = counter.flops = 0  # not of making it
            game.iterate()
    except (RuntimeError, UserError):
        return None
    steps = configuration.steps_per_iteration()
    return Count(counter.calls, counter.values, counter.flops, steps)
