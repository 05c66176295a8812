"""What a run's files say of its critic's layers: weights, and gradients by layer."""

import numpy as np

from wganbench.gather.load import Results
from wganbench.records.networks import NETWORKS, read_networks


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
