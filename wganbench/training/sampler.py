"""Batches of real samples, and of a given model's, drawn for every replica."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from wganbench.grey_levels import as_floats, as_tensor
from wganbench.records.data import Arrays
from wganbench.training.streams import Streams


@dataclass(frozen=True)
class Sampler:
    """Draws batches of real samples, and of the model's where its law is given."""

    pool: Shaped[Tensor, "n *shape"]
    model_pool: Shaped[Tensor, "m *shape"] | None
    streams: Streams
    batch_size: int

    @classmethod
    def on(cls, arrays: Arrays, used: int, batch_size: int, streams: Streams) -> "Sampler":
        """Take so many samples of a data set's training part, all of them for 0."""
        real, model = (
            None if pool is None else _pool(pool[: used or None], streams.device)
            for pool in (arrays.train, arrays.train_model)
        )
        assert real is not None, "every data set has a training part"
        return cls(real, model, streams, batch_size)

    @property
    def on_device(self) -> bool:
        """Whether batches are drawn where they are used."""
        pools = [pool for pool in (self.pool, self.model_pool) if pool is not None]
        return all(pool.device.type == self.streams.device.type for pool in pools)

    def real(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of real samples for each replica, drawn with replacement."""
        return self._draw("data", self.pool)

    def model(self) -> Float[Tensor, "replica batch *shape"]:
        """Return a batch of the given model's samples for each replica."""
        assert self.model_pool is not None, "only a pair of laws gives the model"
        return self._draw("model", self.model_pool)

    def _draw(
        self, purpose: str, pool: Shaped[Tensor, "n *shape"]
    ) -> Float[Tensor, "replica batch *shape"]:
        places = self.streams.integers(purpose, len(pool), self.batch_size).to(pool.device)
        # Two to nine times as fast as pool[places].
        drawn = pool.index_select(0, places.flatten()).view(*places.shape, *pool.shape[1:])
        return as_floats(drawn.to(self.streams.device))


def _pool(samples: np.ndarray, device: torch.device) -> Shaped[Tensor, "n *shape"]:
    """Put samples on the device, or leave them, perhaps in a mapped file, if they do not fit.

    They fit if they take up half of the memory that is free before the nets are built.
    """
    pool = as_tensor(samples)
    if device.type == "cuda" and pool.nbytes > torch.cuda.mem_get_info(device)[0] / 2:
        return pool
    return pool.to(device)
