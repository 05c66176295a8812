"""Counting what iterations ask of a device, on tensors that have shapes and no numbers.

`python -m wganbench.operations.counting` reads configurations from its input, a list in JSON, and
writes a list of their counts.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import flop_registry

from wganbench.errors import UserError
from wganbench.operations.counted import Count
from wganbench.operations.timing import stand_ins
from wganbench.plan.configuration import Configuration
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


def count(configuration: Configuration) -> Count | None:
    """Return the count of one iteration of one replica; None if it looks at numbers."""
    try:
        with FakeTensorMode(allow_non_fake_inputs=True), Counter() as counter:
            game = Game(configuration, stand_ins(configuration), (0,), "cpu")
            counter.calls = counter.values = counter.flops = 0  # not of making it
            game.iterate()
    except (RuntimeError, UserError):
        return None
    steps = configuration.steps_per_iteration()
    return Count(counter.calls, counter.values, counter.flops, steps)


def main() -> None:
    """Count what the input asks for."""
    given = [Configuration.from_flat(flat, recorded=True) for flat in json.load(sys.stdin)]
    found = [count(configuration) for configuration in given]
    json.dump([one and asdict(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()
