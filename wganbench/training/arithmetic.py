"""In what precision nets are trained: for speed, where a device is faster in a lower one."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import nn

from wganbench.plan.configuration import Configuration


def return_float32(net: nn.Module, configuration: Configuration) -> None:
    """Let a net return float32 where it computes in less."""
    if configuration.precision != "float32":
        net.register_forward_hook(lambda net, inputs, output: output.float())


def lowered(configuration: Configuration, device: torch.device) -> AbstractContextManager[object]:
    """Return the context in which forward passes of training run; losses are outside of it.

    Convolutions and products of matrices run in the configuration's precision there, and so do
    their gradients; parameters stay float32.
    """
    if configuration.precision == "float32":
        return nullcontext()
    return torch.autocast(device.type, torch.bfloat16)
