"""The variational auto-encoder: a generator that learns from an encoder in a critic's place.

[VAE] Kingma and Welling 2013 (arXiv 1312.6114), algorithm 1 and section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field, SerializeAsAny

from wganbench.algorithms import unfit
from wganbench.algorithms.with_generator import WithGenerator
from wganbench.nets.encoders import Encoder
from wganbench.plugins import any_of

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Log, Player, Task

    AnyEncoder = Encoder
else:
    AnyEncoder = any_of("wganbench.nets", Encoder)

_UNBOUNDED = (
    "likelihood 'bernoulli' needs a generator whose output lies in [-1, 1]; write "
    "`generator.output: tanh`"
)


class VAE(WithGenerator):
    """Raises a lower bound of log p(x), the generator as decoder and an encoder with it.

    Both take each step together, by the generator's optimiser. Its samples are the decoder's
    outputs for latents of the prior, the means of pixels without their noise, as in [VAE] figure 5.
    """

    name: Literal["vae"] = "vae"
    losses: ClassVar[tuple[str, ...]] = ("elbo",)
    columns: ClassVar[Mapping[str, str]] = {
        "elbo": "lower bound of log p(x) on the training batch, one latent an image: nats per "
        "image; of a density for the Gaussian likelihood, with pixels in [-1, 1]",
        "reconstruction": "its part log p(x | z), z from the encoder: nats per image",
        "kl": "divergence of the encoder's law of the latent from N(0, I), which the bound takes "
        "off: nats per image",
        "pixel_log_sd": "logarithm of the pixels' standard deviation about the decoder's output; "
        "null for Bernoulli",
    }
    encoder: Annotated[
        SerializeAsAny[AnyEncoder], Field(description="What gives an image's latent its law.")
    ]
    likelihood: Annotated[
        Literal["gaussian", "bernoulli"],
        Field(
            description="Law of the pixels given the decoder's output: normal with the one "
            "standard deviation that is best for the batch, a density of grey levels; or "
            "Bernoulli's ([VAE] appendix C.1), which is one of black and white pixels only.",
            json_schema_extra={"slug": {"gaussian": "", "bernoulli": "bernoulli"}},
        ),
    ] = "gaussian"

    def misfit(self, data: DataSet) -> str:
        """Return why not, unless the data are images that both nets and the likelihood fit."""
        reason = "" if data.kind == "images" else "makes images: its samples are means of pixels"
        net = unfit("encoder.name", self.encoder, data, self.encoder.misfit(data.shape))
        bounds = getattr(self.generator, "output", "tanh") == "tanh"
        likelihood = "" if bounds or self.likelihood == "gaussian" else _UNBOUNDED
        return super().misfit(data) or unfit("algorithm", self, data, reason) or net or likelihood

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the one that encoder and generator take together, as two."""
        return 2

    def players(self, task: Task) -> dict[str, Player]:
        net = self.encoder.build(task.shape, self.generator.latent_dim, task.streams)
        encoder = task.player(net, self.generator_optimizer)
        return super().players(task) | {"encoder": encoder}

    def iterate(self, game: Game) -> Log:
        """Take a step of both nets along the gradient of the bound on a batch."""
        from torch.autograd import grad

        log = self.bound(game, game.task.sampler.real())
        players = list(game.players.values())
        # All gradients before any step: each is taken where all parameters are.
        parameters = [p for player in players for p in player.state.parameters]
        gradients = iter(grad(-log["elbo"].sum(), parameters))
        for player in players:
            player.state.step([next(gradients) for _ in player.state.parameters])
        return {name: value.detach() for name, value in log.items()}

    def bound(self, game: Game, x: Float[Tensor, "replica batch *shape"]) -> Log:
        """Return the bound on the mean of log p(x) over samples, and what goes into it."""
        from wganbench.nets.layers.variational import drawn

        task = game.task
        noise = task.streams.normal("posterior", x.shape[1], self.generator.latent_dim)
        with task.lowered():
            coded = game.players["encoder"].net(x)
        z, divergence = drawn(coded, noise)
        with task.lowered():
            decoded = self.generate(game, z)
        likelihood, also = self._log_likelihood(x, decoded)
        reconstruction, kl = likelihood.mean(-1), divergence.mean(-1)
        return {"elbo": reconstruction - kl, "reconstruction": reconstruction, "kl": kl, **also}

    def _log_likelihood(
        self,
        x: Float[Tensor, "replica batch *shape"],
        decoded: Float[Tensor, "replica batch *shape"],
    ) -> tuple[Float[Tensor, "replica batch"], Log]:
        from wganbench.nets.layers.variational import bernoulli, best_log_sd, gaussian

        if self.likelihood == "bernoulli":
            return bernoulli(x, decoded), {}
        log_sd = best_log_sd(x, decoded)
        return gaussian(x, decoded, log_sd), {"pixel_log_sd": log_sd}
