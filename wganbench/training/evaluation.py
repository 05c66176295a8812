"""What is measured at an evaluation point, always on samples that are saved beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.data import Arrays
from wganbench.nets.layers.gradients import input_gradient, input_gradient_norm, interpolate
from wganbench.nets.layers.linear import Linear
from wganbench.nets.layers.lipschitz import lipschitz_bound
from wganbench.plan.configuration import Configuration
from wganbench.records.samples import HALF_RANGE
from wganbench.training.steps import Game, Log, as_floats, as_tensor, estimates

GRID_POINTS = {1: 401, 2: 65}  # points along each axis of the grid that maps a critic's values
GRID_MARGIN = 0.25  # of the data's extent, on either side


def evaluation_points(configuration: Configuration) -> list[int]:
    """Return the iterations after which a run is evaluated, ascending, without repeats."""
    count = min(configuration.evaluations, configuration.iterations)
    return [round((k + 1) * configuration.iterations / count) for k in range(count)]


@dataclass(frozen=True)
class Evaluation:
    """One evaluation point of all replicas."""

    iteration: int
    generated: np.ndarray
    critic_real: Float[np.ndarray, "replica n"]
    critic_generated: Float[np.ndarray, "replica n"]
    gradient_norms: Float[np.ndarray, "replica 3 n"]
    finite: list[bool]
    log: Log


class Evaluator:
    """Evaluates a game on fixed held-out real samples and fixed latents."""

    def __init__(self, game: Game, arrays: Arrays) -> None:
        configuration = game.configuration
        self.game = game
        self.images = configuration.data.kind == "images"
        heldout = as_tensor(arrays.heldout[: configuration.samples])
        self.real = self._as_saved(as_floats(heldout))
        self.real = self.real.to(game.streams.device)
        self.true_gradient = self._true_gradient()
        if game.generator is None:
            assert arrays.heldout_model is not None
            model = torch.from_numpy(arrays.heldout_model[: configuration.samples])
            self.model = model.to(game.streams.device)
        else:
            self.latents = game.streams.normal(
                "evaluation", configuration.samples, configuration.generator.latent_dim
            )
            self.train_places = game.streams.integers(
                "training samples", len(game.sampler.pool), configuration.samples
            )

    def evaluate(self, iteration: int) -> Evaluation:
        """Generate samples and measure the critic on them and on the held-out real ones."""
        generated = self._generate()
        finite = generated.isfinite().flatten(1).all(1)
        generated = self._as_saved(generated)
        real = self.real.expand(self.game.streams.replicas, *self.real.shape)
        critic = self.game.critic
        with torch.no_grad():
            on_real, on_generated = (self._chunked(critic, x) for x in (real, generated))
            on_train = self._on_train()
        log = self._told("heldout", on_real, on_generated)
        if on_train is not None:
            log |= self._told("train", on_train, on_generated)
        norms = self._gradient_norms(real, generated)
        for values in (on_real, on_generated, norms):
            finite = finite & values.isfinite().flatten(1).all(1)
        log["gradient_norm_max"] = norms.amax((1, 2))
        log["gradient_norm_interpolates"] = norms[:, 2].mean(1)
        bound = lipschitz_bound(critic)
        if bound is not None:
            log["lipschitz_bound"] = bound
        return Evaluation(
            iteration=iteration,
            generated=self._for_file(generated),
            critic_real=on_real.numpy(force=True),
            critic_generated=on_generated.numpy(force=True),
            gradient_norms=norms.numpy(force=True),
            finite=finite.tolist(),
            log=log | self._gradient_errors(real),
        )

    def layer_gradient_norm(self) -> np.ndarray | None:
        """Return the norm of the critic loss's gradient in each layer's output ([GP] figure 1b).

        None for what is no MLP. The loss is that of one chunk of the saved samples, penalty apart.
        """
        if not isinstance(self.game.critic, nn.Sequential) or self.images:
            return None
        size = self.game.configuration.batch_size
        real = self.real[:size].expand(self.game.streams.replicas, -1, *self.real.shape[1:])
        outputs: list[Tensor] = []
        values = []
        for x in (real, self._generate()[:, :size]):
            for layer in self.game.critic:
                x = layer(x)
                if isinstance(layer, Linear):
                    outputs.append(x)
            values.append(x)
        loss = self.game.configuration.objective.critic_loss(*values)
        gradients = torch.autograd.grad(loss.sum(), outputs)
        squares = torch.stack([(g**2).sum((1, 2)) for g in gradients], dim=1)
        both = squares[:, : squares.shape[1] // 2] + squares[:, squares.shape[1] // 2 :]
        return both.sqrt().numpy(force=True)

    def _told(
        self, part: str, on_real: Float[Tensor, "replica n"], on_fake: Float[Tensor, "replica m"]
    ) -> Log:
        told = estimates(self.game.configuration, on_real.double(), on_fake.double())
        return {f"{key}_{part}": value for key, value in told.items()}

    def _on_train(self) -> Float[Tensor, "replica n"] | None:
        """Return the critic's values on the fixed training samples ([GP] figure 5)."""
        if self.game.generator is None:
            return None
        pool, critic = self.game.sampler.pool, self.game.critic

        def values(places: Tensor) -> Tensor:
            drawn = as_floats(pool[places.to(pool.device)].to(self.real.device))
            told: Tensor = critic(self._as_saved(drawn))
            return told

        return self._chunked(values, self.train_places)

    def real_for_file(self) -> np.ndarray:
        """Return the held-out real samples as they are saved."""
        return self._for_file(self.real)

    def grid(self) -> dict[str, np.ndarray]:
        """Return the critic's values and gradient norms on a grid, for laws in 1 or 2 dimensions.

        Empty for images, and for a critic with batch norm, which is no function of one point.
        """
        configuration = self.game.configuration
        dim = configuration.data.shape[0]
        if self.images or dim not in GRID_POINTS:
            return {}
        if getattr(configuration.critic, "norm", "none") == "batch":
            return {}
        shown = self.real if self.game.generator else torch.cat([self.real, self.model])
        points = _grid(shown.numpy(force=True))
        stacked = torch.from_numpy(points).to(self.game.streams.device)
        stacked = stacked.expand(self.game.streams.replicas, *points.shape)
        with torch.no_grad():
            values = self.game.critic(stacked)
        norms = input_gradient_norm(self.game.critic, stacked)
        return {
            "grid_points": points,
            "grid_values": values.numpy(force=True),
            "grid_gradient_norm": norms.numpy(force=True),
        }

    def _true_gradient(self) -> Float[Tensor, "n dim"] | None:
        gradient = self.game.configuration.data.true_gradient(self.real.numpy(force=True))
        return None if gradient is None else torch.as_tensor(gradient.copy()).to(self.real)

    def _generate(self) -> Float[Tensor, "replica n *shape"]:
        if self.game.generator is None:
            return self.model.expand(self.game.streams.replicas, *self.model.shape)
        with torch.no_grad():
            return self._chunked(self.game.generator, self.latents)

    def _gradient_norms(
        self, real: Float[Tensor, "replica n *shape"], generated: Float[Tensor, "replica m *shape"]
    ) -> Float[Tensor, "replica 3 k"]:
        """Return the norms on real samples, generated ones and interpolates, k = min(n, m)."""
        n = min(real.shape[1], generated.shape[1])
        share = self.game.streams.uniform("evaluation", n)
        real, generated = real[:, :n], generated[:, :n]
        norms = [
            self._chunked(lambda x: input_gradient_norm(self.game.critic, x), points)
            for points in (real, generated, interpolate(real, generated, share))
        ]
        return torch.stack(norms, dim=1)

    def _gradient_errors(self, real: Float[Tensor, "replica n dim"]) -> Log:
        """Compare the critic's gradient with an optimal critic's, where that is known."""
        if self.true_gradient is None:
            return {}
        gradient = self._chunked(lambda x: input_gradient(self.game.critic, x), real)
        cosine = torch.nn.functional.cosine_similarity(gradient, self.true_gradient, dim=-1)
        square = ((gradient - self.true_gradient) ** 2).sum(-1)
        return {"gradient_cosine": cosine.mean(-1), "gradient_l2": square.mean(-1)}

    def _chunked(self, function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
        """Apply in chunks of about the batch size: batch norm sees what it was trained on."""
        chunks = ceil(x.shape[1] / self.game.configuration.batch_size)
        return torch.cat([function(chunk) for chunk in x.chunk(chunks, dim=1)], dim=1)

    def _as_saved(self, x: Tensor) -> Tensor:
        return _to_bytes(x).to(x.dtype) / HALF_RANGE - 1 if self.images else x

    def _for_file(self, x: Tensor) -> np.ndarray:
        array: np.ndarray = (_to_bytes(x) if self.images else x).numpy(force=True)
        return array


def _grid(samples: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "point dim"]:
    low, high = samples.min(0), samples.max(0)
    margin = GRID_MARGIN * (high - low).max()
    axes = [
        np.linspace(a - margin, b + margin, GRID_POINTS[samples.shape[1]], dtype=np.float32)
        for a, b in zip(low, high, strict=True)
    ]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, samples.shape[1])


def _to_bytes(images: Tensor) -> Tensor:
    """Return images in [-1, 1] as 8-bit grey values; what lies outside is clamped.

    NaN has no 8-bit value and becomes grey: whoever saves looks at finiteness first.
    """
    levels = ((images.nan_to_num(0.0) + 1) * HALF_RANGE).round()
    return levels.clamp(0, 2 * HALF_RANGE).to(torch.uint8)
