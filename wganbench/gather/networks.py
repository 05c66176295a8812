"""A critic's layers, from a run's files: weights, and gradients by layer."""

import numpy as np

from wganbench.gather.load import Results
from wganbench.records.networks import NETWORKS, read_networks


def layer_norms(results: Results, run: str) -> np.ndarray | None:
    """Return the loss's gradient norm by layer at the end, a row for each seed not diverged."""
    samples = results.samples(run)
    if samples.layer_gradient_norm is None:
        return None
    norms = samples.layer_gradient_norm.astype(np.float64)
    return np.stack([norms[place] for place in results.last(run, samples).values()])


def critic_weights(results: Results, run: str) -> list[np.ndarray]:
    """Return all weights of the critic for each seed that did not diverge.

    Raises:
        UserError: the networks are missing or damaged.
    """
    tensors = read_networks(results.folder / run / NETWORKS, results.runs[run])
    weights = [
        tensor
        for key, tensor in tensors.items()
        if key.startswith("critic.") and key.endswith((".weight", ".original"))
    ]
    return [
        np.concatenate([w[row].ravel() for w in weights]).astype(np.float64)
        for row in results.replicas(run).values()
    ]
