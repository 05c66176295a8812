"""What a run's files say of its critic's layers: weights, and gradients by layer."""

from pathlib import Path

import numpy as np
from safetensors import safe_open

from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.gather.load import Results
from wganbench.plan.runs import Run

NETWORKS = "networks.safetensors"
SCHEMA = {"wganbench.networks": "1"}  # the file's metadata
REMEDY = "delete it and train the run again"


def layer_norms(results: Results, run: str) -> np.ndarray | None:
    """Return the loss's gradient norm by layer, a row for each seed that did not diverge."""
    samples = results.samples(run)
    if samples.layer_gradient_norm is None:
        return None
    ok = set(results.records[run].ok_seeds())
    rows: np.ndarray = samples.layer_gradient_norm[[int(s) in ok for s in samples.seeds]]
    return rows.astype(np.float64)


def critic_weights(results: Results, run: str) -> list[np.ndarray]:
    """Return all weights of the critic for each seed that did not diverge.

    Raises:
        UserError: the networks are missing or damaged.
    """
    tensors = read_networks(results.folder / run / NETWORKS, results.runs[run])
    record = results.records[run]
    ok = set(record.ok_seeds())
    rows = [k for k, seed in enumerate(record.seeds) if seed.seed in ok]
    weights = [
        tensor
        for key, tensor in tensors.items()
        if key.startswith("critic.") and key.endswith((".weight", ".original"))
    ]
    return [np.concatenate([w[row].ravel() for w in weights]).astype(np.float64) for row in rows]


def read_networks(path: Path, run: Run | None = None) -> dict[str, np.ndarray]:
    """Return a run's tensors; with `run`, after checking that they can be its own.

    The format has no checksum: a flipped bit among the weights shows in `wganbench verify` alone.

    Raises:
        UserError: the file is missing, damaged, of another schema version or of another run.
    """
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
    if len(replicas) != 1 or not any(key.startswith("critic.") for key in tensors):
        raise UserError(f"{path}: is damaged (it holds no critic for each seed); {REMEDY}")
    if run and replicas != {(len(run.seeds),)}:
        raise UserError(f"{path}: is another run's file; {REMEDY}")
    return tensors
