"""`networks.safetensors`: the trained parameters of every player, stacked over the replicas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wganbench.errors import UserError
from wganbench.files import check_readable, written_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from torch.nn import Module

    from wganbench.plan.runs import Run

NETWORKS = "networks.safetensors"
SCHEMA = {"wganbench.networks": "1"}  # the file's metadata
REMEDY = "delete it and train the run again"


def write_networks(nets: Mapping[str, Module], path: Path) -> None:
    """Write the nets that were trained, by the player's name; no pickle is involved."""
    from safetensors.torch import save_file

    tensors = {
        f"{name}.{key}": tensor.detach().cpu().contiguous()
        for name, net in nets.items()
        for key, tensor in net.state_dict().items()
    }
    # One entry: safetensors writes several in random order, and the same run the same bytes.
    with written_atomically(path) as temporary:
        save_file(tensors, temporary, metadata=SCHEMA)


def read_networks(path: Path, run: Run | None = None) -> dict[str, np.ndarray]:
    """Return a run's tensors; with `run`, after checking that they can be its own.

    The format has no checksum: a flipped bit among the weights shows in `wganbench verify` alone.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
    from safetensors import safe_open

    check_readable(path, "train the run first")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata()
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
    except Exception as error:  # of the format, of the system, of a number type that numpy has not
        raise UserError(f"{path}: is damaged ({error}); {REMEDY}") from None
    if metadata != SCHEMA:
        raise UserError(f"{path}: has schema {metadata}, this wganbench reads {SCHEMA}; {REMEDY}")
    replicas = {tensor.shape[:1] for tensor in tensors.values()}
    if len(replicas) != 1:
        raise UserError(f"{path}: is damaged (it holds no nets for each seed); {REMEDY}")
    if run and replicas != {(len(run.seeds),)}:
        raise UserError(f"{path}: is another run's file; {REMEDY}")
    return tensors
