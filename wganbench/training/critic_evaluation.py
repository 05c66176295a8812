"""What is measured of a critic at an evaluation point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.grey_levels import as_floats
from wganbench.nets.layers.critique import values_of
from wganbench.nets.layers.gradients import input_gradient, interpolate, value_and_gradient_norm
from wganbench.training.game import Log

if TYPE_CHECKING:
    from wganbench.nets import Critic
    from wganbench.training.evaluation import Evaluator

GRID_POINTS = {1: 401, 2: 65}  # points along each axis of the grid that maps a critic's values
GRID_MARGIN = 0.25  # of the data's extent, on either side


class CriticEvaluation:
    """Measures a game's critic on an evaluator's samples."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator, self.game = evaluator, evaluator.game
        self.streams = self.game.task.streams
        configuration = self.game.configuration
        assert self.game.critic is not None, "whoever has a critic is measured"
        assert configuration.critic is not None, "and it is a plug-in"
        self.net: nn.Module = self.game.critic
        self.plugin: Critic = configuration.critic
        self.real = evaluator.real.expand(self.streams.replicas, *evaluator.real.shape)
        self.true_gradient = self._true_gradient()
        # A pair's samples are all drawn afresh: those of training would show the same.
        self.has_train = self.game.task.arrays.train_model is None
        if self.has_train:
            self.train_places = self.streams.integers(
                "training samples", len(self.game.task.sampler.pool), configuration.samples
            )

    def values(self, x: Float[Tensor, "replica n *shape"]) -> Float[Tensor, "replica n"]:
        return values_of(self.net(x))

    def measure(
        self, generated: Float[Tensor, "replica n *shape"]
    ) -> tuple[Log, dict[str, Float[Tensor, "replica *any"]]]:
        """Return what goes into the curves, and what is saved beside the samples, by name."""
        on_real, norms_real = self._values_and_norms(self.real)
        on_generated, norms_generated = self._values_and_norms(generated)
        log = self._estimates("heldout", on_real, on_generated)
        if self.has_train:  # [GP] figure 5
            with torch.no_grad():
                on_train = self.evaluator.chunked(self._on_train, self.train_places)
            log |= self._estimates("train", on_train, on_generated)
        n = min(self.real.shape[1], generated.shape[1])
        share = self.streams.uniform("evaluation", n)
        between = interpolate(self.real[:, :n], generated[:, :n], share)
        _, norms_between = self._values_and_norms(between)
        norms = torch.stack([norms_real[:, :n], norms_generated[:, :n], norms_between], dim=1)
        log["gradient_norm_max"] = norms.amax((1, 2))
        log["gradient_norm_interpolates"] = norms[:, 2].mean(1)
        bound = self.plugin.lipschitz_bound(self.net)
        if bound is not None:
            log["lipschitz_bound"] = bound
        tensors = {
            "critic_real": on_real, "critic_generated": on_generated, "gradient_norms": norms,
        }  # fmt: skip
        if (constraint := self.game.configuration.constraint) is not None:
            log |= constraint.measured(self.net)
        return log | self._gradient_errors(), tensors

    def mapped(
        self, generated: Float[Tensor, "replica n *shape"]
    ) -> dict[str, Float[np.ndarray, "replica *any"]]:
        """Return gradients by layer, and the critic on a grid, where they are had.

        What is not finite here ends no replica: no estimate rests on it.
        """
        tensors = self._layer_gradient_norm(generated) | self._on_grid()
        return {name: values.numpy(force=True) for name, values in tensors.items()}

    @cached_property
    def grid_points(self) -> Float[np.ndarray, "point dim"] | None:
        """The grid that the critic is mapped on, the same each time, for laws in 1 or 2 dimensions.

        None for images, and for a critic whose value is not a function of one sample.
        """
        dim = self.game.configuration.data.shape[0]
        if self.evaluator.images or dim not in GRID_POINTS or not self.plugin.is_pointwise:
            return None
        shown = self.real[0] if self.has_train else torch.cat([self.real[0], self._model()])
        return _grid(shown.numpy(force=True))

    def _estimates(
        self, part: str, on_real: Float[Tensor, "replica n"], on_fake: Float[Tensor, "replica m"]
    ) -> Log:
        found = self.game.algorithm.estimates(on_real.double(), on_fake.double())
        return {f"{name}_{part}": value for name, value in found.items()}

    def _on_train(self, places: Tensor) -> Float[Tensor, "replica n"]:
        """Return the critic's values on training samples, the same ones each time."""
        pool = self.game.task.sampler.pool
        drawn = as_floats(pool[places.to(pool.device)].to(self.real.device))
        return self.values(self.evaluator.as_saved(drawn))

    def _values_and_norms(
        self, points: Float[Tensor, "replica n *shape"]
    ) -> tuple[Float[Tensor, "replica n"], Float[Tensor, "replica n"]]:
        """Return the critic's values and the norms of its gradients."""
        found = [value_and_gradient_norm(self.net, x) for x in self.evaluator.chunks(points)]
        values, norms = zip(*found, strict=True)
        return torch.cat(values, dim=1), torch.cat(norms, dim=1)

    def _true_gradient(self) -> Float[Tensor, "n dim"] | None:
        real = self.evaluator.real
        gradient = self.game.configuration.data.true_gradient(real.numpy(force=True))
        return None if gradient is None else torch.as_tensor(gradient.copy()).to(real)

    def _gradient_errors(self) -> Log:
        """Compare the critic's gradient with an optimal critic's, where that is known."""
        if self.true_gradient is None:
            return {}
        gradient = self.evaluator.chunked(lambda x: input_gradient(self.net, x), self.real)
        cosine = torch.nn.functional.cosine_similarity(gradient, self.true_gradient, dim=-1)
        square = ((gradient - self.true_gradient) ** 2).sum(-1)
        return {"gradient_cosine": cosine.mean(-1), "gradient_l2": square.mean(-1)}

    def _layer_gradient_norm(
        self, generated: Float[Tensor, "replica n *shape"]
    ) -> dict[str, Float[Tensor, "replica layer"]]:
        """Return the norm of the critic loss's gradient in each layer's output ([GP] figure 1b).

        The loss is that of one chunk of the saved samples, penalty apart. Empty for images, and for
        what is not one layer after another.
        """
        layers = self.plugin.measured_layers(self.net)
        objective = self.game.configuration.objective
        if not layers or objective is None or self.evaluator.images:
            return {}
        size = self.game.configuration.batch_size
        with _outputs_of(layers) as outputs:
            chunks = (self.real[:, :size], generated[:, :size])
            seen = [objective.sees(self.net(x)) for x in chunks]
        loss = objective.critic_loss(*seen)
        gradients = torch.autograd.grad(loss.sum(), outputs)
        squares = torch.stack([(g**2).sum((1, 2)) for g in gradients], dim=1)
        both = squares[:, : len(layers)] + squares[:, len(layers) :]
        return {"layer_gradient_norm": both.sqrt()}

    def _on_grid(self) -> dict[str, Float[Tensor, "replica point"]]:
        """Return the critic's values and gradient norms on the grid, if there is one."""
        if self.grid_points is None:
            return {}
        points = torch.from_numpy(self.grid_points).to(self.streams.device)
        stacked = points.expand(self.streams.replicas, *points.shape)
        values, norms = value_and_gradient_norm(self.net, stacked)
        return {"grid_values": values, "grid_gradient_norm": norms}

    def _model(self) -> Float[Tensor, "n *shape"]:
        return self.game.task.heldout_model(self.game.configuration.samples)[0]


@contextmanager
def _outputs_of(layers: Sequence[nn.Module]) -> Iterator[list[Tensor]]:
    """Collect the layers' outputs while the block runs, in the order in which they are made."""
    outputs: list[Tensor] = []

    def keep(layer: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        outputs.append(output)
        return output.clone()  # which the next layer may write over

    hooks = [layer.register_forward_hook(keep) for layer in layers]
    try:
        yield outputs
    finally:
        for hook in hooks:
            hook.remove()


def _grid(samples: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "point dim"]:
    low, high = samples.min(0), samples.max(0)
    margin = GRID_MARGIN * (high - low).max()
    axes = [
        np.linspace(a - margin, b + margin, GRID_POINTS[samples.shape[1]], dtype=np.float32)
        for a, b in zip(low, high, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, samples.shape[1])
