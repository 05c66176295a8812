"""In what precision nets are trained: for speed, where a device is faster in a lower one."""

from contextlib import AbstractContextManager, nullcontext
from typing import Literal

import torch
from torch import Tensor, nn

from wganbench.nets.layers.critique import Critique

Precision = Literal["float32", "bfloat16"]


def return_float32(net: nn.Module, precision: Precision) -> None:
    """Let a net return float32 where it computes in less."""
    if precision != "float32":
        net.register_forward_hook(lambda net, inputs, output: _float(output))


def _float(output: Tensor | Critique) -> Tensor | Critique:
    if isinstance(output, Critique):
        parts = {name: part.float() for name, part in output.parts.items()}
        return Critique(output.values.float(), parts)
    return output.float()


def lowered(precision: Precision, device: torch.device) -> AbstractContextManager[object]:
    """Return the context in which forward passes of training run; losses are outside of it.

    Convolutions and products of matrices run in the precision there, and so do their gradients;
    parameters stay float32.
    """
    if precision == "float32":
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16)
