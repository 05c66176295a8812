"""`networks.safetensors`: the trained parameters, stacked over the replicas."""

from pathlib import Path

from safetensors.torch import save_file

from wganbench.files import written_atomically
from wganbench.training.steps import Game

SCHEMA_VERSION = 1


def write_networks(game: Game, path: Path) -> None:
    """Write critic and, where it is trained, generator; no pickle is involved."""
    tensors = {
        f"{name}.{key}": tensor.detach().cpu().contiguous()
        for name, net in game.nets().items()
        for key, tensor in net.state_dict().items()
    }
    # One entry: safetensors writes several in random order, and the same run the same bytes.
    metadata = {"wganbench.networks": str(SCHEMA_VERSION)}
    with written_atomically(path) as temporary:
        save_file(tensors, temporary, metadata=metadata)
