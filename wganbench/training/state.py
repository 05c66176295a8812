"""A state on disk: tensors and plain facts in one file that is whole or not there.

Safetensors, no pickle, behind the SHA-256 of what follows: a damaged file is never read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load, save
from torch import Tensor

from wganbench.errors import UserError
from wganbench.files import written_atomically

_DIGEST = sha256().digest_size
_FACTS = "facts"


@dataclass(frozen=True)
class State:
    """Tensors by name, and all the rest as JSON holds it."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]


def write_state(state: State, path: Path) -> str:
    """Write the file, atomically, and return the hex digest of its content."""
    facts = np.frombuffer(json.dumps(state.facts).encode(), dtype=np.uint8)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.tensors.items()}
    content = save({**tensors, _FACTS: torch.from_numpy(facts.copy())})
    digest = sha256(content)
    with written_atomically(path) as temporary, temporary.open("wb") as file:
        file.write(digest.digest())
        file.write(content)
    return digest.hexdigest()


def read_state(path: Path, digest: str | None = None) -> State:
    """Return a file's content, if it has the digest that is asked for.

    Raises:
        FileNotFoundError: there is no such file.
        UserError: it is damaged, or another file.
    """
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None
    content = found[_DIGEST:]
    actual = sha256(content)
    if actual.digest() != found[:_DIGEST]:
        raise UserError(f"{path}: is damaged (its checksum is wrong)")
    if digest not in (None, actual.hexdigest()):
        raise UserError(f"{path}: belongs to another checkpoint")
    # Clones lie where torch puts its own tensors: kernels may round by alignment.
    tensors = {name: tensor.clone() for name, tensor in load(content).items()}
    facts = json.loads(tensors.pop(_FACTS).numpy().tobytes())
    return State(tensors, facts)


def named(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return tensors under names that begin with a prefix."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the tensors whose names begin with a prefix, without it."""
    start = f"{prefix}/"
    return {k.removeprefix(start): t for k, t in tensors.items() if k.startswith(start)}
