"""Funnel pairs from files: an archive of [KSB]'s pairs, or one of their state dicts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from jaxtyping import Float

from wganbench.data.known.funnels import FunnelPair
from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.records.array_files import read_arrays

STATE_DICTS = (".pt", ".pth")
_CENTERS = re.compile(r"d(\d+)_n(\d+)_centers")


def pairs_in(path: Path) -> list[tuple[int, int]]:
    """The (dimension, funnels) of every pair in an archive, in increasing order.

    Raises:
        UserError: the archive is missing or unreadable.
    """
    found = (_CENTERS.fullmatch(name) for name in _read_npz(path))
    return sorted((int(match[1]), int(match[2])) for match in found if match)


def load(path: Path, dim: int, funnels: int) -> FunnelPair:
    """One pair of an archive, or the one of a state dict, by the file's suffix.

    Raises:
        UserError: the file is missing or unreadable, or does not hold this pair.
    """
    if path.suffix not in STATE_DICTS:
        return load_npz(path, dim, funnels)
    pair = load_state_dict(path)
    if (pair.dim, pair.funnels) != (dim, funnels):
        raise UserError(f"{path}: holds d{pair.dim}_n{pair.funnels}, not d{dim}_n{funnels}")
    return pair


def load_npz(path: Path, dim: int, funnels: int) -> FunnelPair:
    """One pair of an archive with keys such as `d16_n64_centers` and `d16_n64_bias`.

    Raises:
        UserError: the archive is missing or unreadable, lacks the pair, or holds no valid one.
    """
    arrays = _read_npz(path)
    name = f"d{dim}_n{funnels}"
    for key in (f"{name}_centers", f"{name}_bias"):
        if key not in arrays:
            held = ", ".join(f"d{d}_n{n}" for d, n in pairs_in(path)) or "none"
            raise UserError(f"{path}: no array {key}; pairs it holds: {held}")
    centers, biases = arrays[f"{name}_centers"], arrays[f"{name}_bias"]
    if centers.shape != (funnels, dim):
        raise UserError(f"{path}: {name}_centers has shape {centers.shape}, not {(funnels, dim)}")
    return _pair(path, centers, biases)


def load_state_dict(path: Path) -> FunnelPair:
    """One pair of a torch state dict, whose keys end in `centers` and in `bias`.

    Read with weights_only, so that a file from elsewhere cannot run code.

    Raises:
        UserError: the file is missing, no state dict, lacks a key, or holds no valid pair.
    """
    import torch  # seconds to import, and only this function needs it

    check_readable(path, "name a torch state dict", ours=False)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        tensors = {name.rsplit(".", 1)[-1]: tensor.numpy() for name, tensor in state.items()}
    except Exception as error:  # torch raises a dozen kinds for a file that is no state dict
        raise UserError(
            f"{path}: not a readable torch state dict: {error}".split("\n")[0]
        ) from error
    missing = {"centers", "bias"} - tensors.keys()
    if missing:
        raise UserError(f"{path}: no key ends in {' or '.join(sorted(missing))}; got {list(state)}")
    return _pair(path, tensors["centers"], tensors["bias"])


def _read_npz(path: Path) -> dict[str, Float[np.ndarray, "..."]]:
    return read_arrays(path, "name an .npz archive of funnel pairs", ours=False)


def _pair(
    path: Path, centers: Float[np.ndarray, "funnels dim"], biases: Float[np.ndarray, " funnels"]
) -> FunnelPair:
    try:
        return FunnelPair(centers, biases)
    except (ValueError, TypeError) as error:
        raise UserError(f"{path}: no valid funnel pair: {error}") from error
