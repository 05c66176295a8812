"""A run's nets with the parameters that it was saved with."""

from pathlib import Path

import torch
from torch import nn

from wganbench.plan.runs import Run
from wganbench.records.networks import NETWORKS, read_networks


def restore(net: nn.Module, player: str, run: Run, folder: Path) -> nn.Module:
    """Give a stack of nets, one for each seed of the run, the parameters of a player; return it.

    Raises:
        UserError: the networks are missing, damaged or of another run.
    """
    prefix = f"{player}."
    tensors = read_networks(folder / NETWORKS, run)
    own = {
        key.removeprefix(prefix): torch.from_numpy(tensor)
        for key, tensor in tensors.items()
        if key.startswith(prefix)
    }
    net.load_state_dict(own)
    return net
