"""InfoGAN (Chen et al. 2016, arXiv 1606.03657): codes that can be read off the samples.

"Official code" is github.com/openai/InfoGAN (infogan_trainer.py, run_mnist_exp.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log, prod
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, cast

import numpy as np
from pydantic import Field

from wganbench.algorithms import unfit
from wganbench.algorithms.with_codes import WithCodes
from wganbench.algorithms.with_critic import WithCritic
from wganbench.evaluation_points import evaluation_points
from wganbench.grey_levels import as_floats, as_tensor
from wganbench.matching import joint_counts, matched_share
from wganbench.nets import Width, values_of

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor
    from torch.nn import Module, Sequential

    from wganbench.data import DataSet
    from wganbench.training.game import Game, Log, Player, Task

PLAIN_STACKS = ("mlp", "tanh-mlp")
"""Critics that are hidden layers and one unit on top, so that their body can be shared."""


class InfoGAN(WithCodes, WithCritic):
    """A GAN whose generator also takes a code c that a recogniser Q reads off its samples.

    The generator gains lambda L_I; L_I = E log Q(c | x) + H(c) is a lower bound of the mutual
    information I(c; G(z, c)) ([InfoGAN] equations 5 and 6). Of a continuous code Q is normal with
    standard deviation 1, as in the official code, so that its part is a squared error.
    """

    name: Literal["infogan"] = "infogan"
    losses: ClassVar[tuple[str, ...]] = (
        "critic_objective", "penalty", "generator_loss", "information",
    )  # fmt: skip
    columns: ClassVar[Mapping[str, str]] = {
        "information": "lower bound L_I of the categorical code's mutual information with the "
        "sample (nats), on the generator's batch",
        "code_error": "mean squared error of the recogniser's guess of the codes in U(-1, 1), on "
        "the same batch; 1/3 for one that has learned nothing",
        "information_heldout": "L_I of about as many latents as samples are saved, drawn for it "
        "after the iteration; null but at evaluation points",
        "recognition_error": "share of held-out real images whose class is not the one that is "
        "matched with the recogniser's category, one to one, on the same images; null but at "
        "evaluation points, and without labels",
    }
    information_weight: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="Lambda: what a nat of L_I is worth to generator and shared body. With 0 "
            "the recogniser learns all the same and nobody else knows of it.",
            json_schema_extra={"slug": "lambda"},
        ),
    ] = 1.0
    recogniser: Annotated[
        Literal["shared", "own"],
        Field(
            description="What Q sees: the last hidden layer of the critic, which L_I then trains "
            "too (official code), or the sample itself.",
            json_schema_extra={"slug": {"shared": "sharedq", "own": "ownq"}},
        ),
    ] = "shared"
    recogniser_width: Width = 128  # official code

    def misfit(self, data: DataSet) -> str:
        shares = self.recogniser == "shared" and self.critic.name not in PLAIN_STACKS
        reason = f"shares its body with no recogniser but those of {', '.join(PLAIN_STACKS)}"
        shared = unfit("critic.name", self.critic, data, reason if shares else "")
        return super().misfit(data) or shared

    def steps_per_iteration(self, iterations: int) -> float:
        """Return n_critic steps of critic and recogniser, and the generator's one."""
        return 2 * self.n_critic + 1

    def players(self, task: Task) -> dict[str, Player]:
        return {
            **WithCritic.players(self, task),
            **WithCodes.players(self, task),
            "recogniser": task.player(self._recogniser(task), self.critic_optimizer),
        }

    def _recogniser(self, task: Task) -> Module:
        """Return a net to logits of the categories and means of the continuous codes."""
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import ReLU
        from wganbench.nets.layers.linear import Linear

        sees = prod(task.shape) if self.recogniser == "own" else getattr(self.critic, "width", 0)
        width, codes = self.recogniser_width, self.categories + self.continuous
        return Sequential(
            Linear(task.streams, sees, width), ReLU(), Linear(task.streams, width, codes)
        )

    def guess(
        self, game: Game, x: Float[Tensor, "replica n *shape"]
    ) -> Float[Tensor, "replica n code"]:
        """Return what the recogniser makes of samples."""
        guessed: Tensor = game.players["recogniser"].net(self._seen(game, x))
        return guessed

    def _seen(
        self, game: Game, x: Float[Tensor, "replica n *shape"]
    ) -> Float[Tensor, "replica n feature"]:
        if self.recogniser == "own":
            return x.flatten(2)
        body: Tensor = cast("Sequential", game.players["critic"].net)[:-1](x)
        return body

    def bound(
        self, guess: Float[Tensor, "replica n code"], latents: Float[Tensor, "replica n latent"]
    ) -> tuple[Float[Tensor, " replica"], Float[Tensor, " replica"]]:
        """Return L_I of the category in nats, and the continuous codes' mean squared error."""
        import torch

        k, codes = self.categories, guess.shape[-1]
        # Replica by replica, as `nets.layers.activations` takes exponentials.
        log_q = torch.stack([logits.log_softmax(-1) for logits in guess[..., :k]])
        information = log(k) + (latents[..., :k] * log_q).sum(-1).mean(-1)
        if codes == k:
            return information, torch.zeros_like(information)
        return information, ((guess - latents[..., :codes])[..., k:] ** 2).flatten(1).mean(-1)

    def gain(
        self, guess: Float[Tensor, "replica n code"], latents: Float[Tensor, "replica n latent"]
    ) -> Float[Tensor, " replica"]:
        """Return L_I of all codes but for a constant: that of a normal Q of deviation 1."""
        information, error = self.bound(guess, latents)
        return information - self.continuous * error / 2

    def iterate(self, game: Game) -> Log:
        """Take the critic's and recogniser's steps and the generator's; evaluate Q where due."""
        is_point = self.kind_of_iteration(game) > 0
        for _ in range(self.n_critic):
            found = self.critic_step(game)
        found |= self.generator_step(game)
        return {**found, **self.evaluated(game)} if is_point else found

    def kind_of_iteration(self, game: Game) -> int:
        """Return a number of its own for each evaluation point, so that it is never recorded."""
        due = game.players["generator"].steps + 1
        return due if due in evaluation_points(game.configuration) else 0

    def critic_step(self, game: Game) -> Log:
        """Take one step of the recogniser and one of the critic, on the same generated batch."""
        import torch
        from torch.nn.utils import parametrize

        player, task = game.players["critic"], game.task
        critic, sees = player.net, self.objective.sees
        real, latents = task.sampler.real(), self.drawn(task, "latent")
        with torch.no_grad(), task.lowered():
            fake = self.generate(game, latents)
        self._recogniser_step(game, fake, latents)
        self.constraint.before_step(critic)
        with parametrize.cached():
            with task.lowered():
                on_real, on_fake = critic(real), critic(fake)
                penalty = self.constraint.penalty(critic, real, fake, task.streams)
                guess = self.guess(game, fake) if self.recogniser == "shared" else None
            loss = self.objective.critic_loss(sees(on_real), sees(on_fake))
        total = loss + penalty
        if guess is not None:
            total = total - self.information_weight * self.gain(guess, latents)
        player.descend(total)
        self.constraint.after_step(critic)
        return {
            "critic_objective": -loss.detach(),
            "penalty": penalty.detach(),
            **self.estimates(values_of(on_real).detach(), values_of(on_fake).detach()),
        }

    def _recogniser_step(
        self,
        game: Game,
        fake: Float[Tensor, "replica batch *shape"],
        latents: Float[Tensor, "replica batch latent"],
    ) -> None:
        """Raise L_I in the recogniser's own parameters, whatever the others gain by it."""
        player = game.players["recogniser"]
        with game.task.lowered():
            guess = player.net(self._seen(game, fake).detach())
        player.descend(-self.gain(guess, latents))

    def generator_step(self, game: Game) -> Log:
        """Take one generator step for every replica; return the quantities before it."""
        latents = self.drawn(game.task, "latent")
        with game.task.lowered():
            fake = self.generate(game, latents)
            on_fake, guess = game.players["critic"].net(fake), self.guess(game, fake)
        loss = self.objective.generator_loss(self.objective.sees(on_fake))
        gain = self.information_weight * self.gain(guess, latents)
        game.players["generator"].descend(loss - gain)
        information, error = self.bound(guess.detach(), latents)
        found = {"generator_loss": loss.detach(), "information": information}
        return {**found, "code_error": error} if self.continuous else found

    def evaluated(self, game: Game) -> Log:
        """Return what Q makes of further generated samples, and of held-out real ones."""
        import torch

        task, configuration = game.task, game.configuration
        batches = ceil(configuration.samples / configuration.batch_size)
        with torch.no_grad():
            bounds = [self._bound_of_a_batch(game) for _ in range(batches)]
            found = {"information_heldout": sum(bounds[1:], bounds[0]) / batches}
            if task.arrays.heldout_labels is not None:
                found["recognition_error"] = self._error_on_real(game)
        return found

    def _bound_of_a_batch(self, game: Game) -> Float[Tensor, " replica"]:
        latents = self.drawn(game.task, "held-out latent")
        return self.bound(self.guess(game, self.generate(game, latents)), latents)[0]

    def _error_on_real(self, game: Game) -> Float[Tensor, " replica"]:
        from torch import tensor

        streams, count = game.task.streams, game.configuration.samples
        arrays = game.task.arrays
        assert arrays.heldout_labels is not None, "whoever asks has looked"
        classes = np.asarray(arrays.heldout_labels[:count])
        images = as_floats(as_tensor(arrays.heldout[:count])).to(streams.device)
        guess = self.guess(game, images.expand(streams.replicas, *images.shape))
        shape = self.categories, int(classes.max()) + 1
        shares = [
            matched_share(joint_counts(categories, classes, shape))
            for categories in guess[..., : self.categories].argmax(-1).numpy(force=True)
        ]
        return tensor([1 - share for share in shares], device=streams.device)
