"""What is measured at an evaluation point, always on samples that are saved beside it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from math import ceil

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from wganbench.grey_levels import as_floats, as_levels, as_tensor
from wganbench.records.data import Arrays
from wganbench.training.critic_evaluation import CriticEvaluation
from wganbench.training.game import Game, Log


@dataclass(frozen=True)
class Evaluation:
    """One evaluation point of all replicas; what is not measured, as without a critic, is None.

    The arrays go by the names that they have in the samples' file.
    """

    iteration: int
    generated: np.ndarray
    finite: list[bool]
    log: Log
    critic_real: Float[np.ndarray, "replica n"] | None = None
    critic_generated: Float[np.ndarray, "replica n"] | None = None
    gradient_norms: Float[np.ndarray, "replica 3 n"] | None = None
    layer_gradient_norm: Float[np.ndarray, "replica layer"] | None = None
    grid_values: Float[np.ndarray, "replica point"] | None = None
    grid_gradient_norm: Float[np.ndarray, "replica point"] | None = None

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that there are, a row for each replica."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: array for name, array in found.items() if isinstance(array, np.ndarray)}


class Evaluator:
    """Evaluates a game on fixed held-out real samples and fixed latents."""

    def __init__(self, game: Game, arrays: Arrays) -> None:
        configuration, task = game.configuration, game.task
        self.game = game
        self.images = configuration.data.kind == "images"
        heldout = as_tensor(arrays.heldout[: configuration.samples])
        self.real = self.as_saved(as_floats(heldout)).to(task.streams.device)
        self.latents = game.algorithm.latents(task, configuration.samples)
        self.critic = CriticEvaluation(self) if game.critic is not None else None

    def evaluate(self, iteration: int) -> Evaluation:
        """Generate samples and measure the critic on them and on the held-out real ones."""
        generated = self.generate()
        finite = generated.isfinite().flatten(1).all(1)
        generated = self.as_saved(generated)
        log: Log = {}
        arrays: dict[str, np.ndarray] = {}
        if self.critic is not None:
            log, tensors = self.critic.measure(generated)
            for values in tensors.values():
                finite = finite & values.isfinite().flatten(1).all(1)
            arrays = {name: values.numpy(force=True) for name, values in tensors.items()}
            arrays |= self.critic.mapped(generated)
        return Evaluation(
            iteration=iteration,
            generated=self._for_file(generated),
            finite=finite.tolist(),
            log=log,
            **arrays,
        )

    def generate(self) -> Float[Tensor, "replica n *shape"]:
        """Return samples of the same latents each time."""
        with torch.no_grad():
            return self.chunked(lambda z: self.game.algorithm.generate(self.game, z), self.latents)

    def chunked(self, function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        """Apply in chunks, see `chunks`."""
        return torch.cat([function(chunk) for chunk in self.chunks(x)], dim=1)

    def chunks(self, x: Tensor) -> tuple[Tensor, ...]:
        """Return chunks of about the batch size: batch norm sees what it was trained on."""
        return x.chunk(ceil(x.shape[1] / self.game.configuration.batch_size), dim=1)

    def real_for_file(self) -> np.ndarray:
        """Return the held-out real samples as they are saved."""
        return self._for_file(self.real)

    def as_saved(self, x: Tensor) -> Tensor:
        """Return samples as a reader of the file will have them: images in 256 grey levels."""
        return as_floats(as_levels(x)).to(x.dtype) if self.images else x

    def _for_file(self, x: Tensor) -> np.ndarray:
        array: np.ndarray = (as_levels(x) if self.images else x).numpy(force=True)
        return array
