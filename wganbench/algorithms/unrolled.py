"""A generator that sees its critic's next steps: [UGAN] equations 7 to 12."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from wganbench.algorithms.with_critic import WithCritic
from wganbench.algorithms.with_generator import WithGenerator
from wganbench.optimizers.sgd import SGD

if TYPE_CHECKING:
    from jaxtyping import Float
    from torch import Tensor

    from wganbench.training.game import Game, Log, Player, Task

# Their generators descend on a loss of their own, where [UGAN]'s descends on what D climbs.
NOT_ZERO_SUM = ("non-saturating", "lsgan")


class Unrolled(WithGenerator, WithCritic):
    """n_critic critic steps, then a generator step against the critic as K more would leave it."""

    name: Literal["unrolled"] = "unrolled"
    losses: ClassVar[tuple[str, ...]] = ("critic_objective", "generator_loss")
    unrolled_steps: Annotated[
        int,
        Field(
            ge=0,
            le=1_000,
            description="K: critic steps that the generator's step looks ahead, on its own batch; "
            "they are taken back afterwards. 0: a GAN with the minimax loss.",
            json_schema_extra={"slug": "K"},
        ),
    ] = 5
    unrolled_update: Annotated[
        Literal["sgd", "own"],
        Field(
            description="The step that is unrolled. sgd: along the gradient times `unrolled_lr`, "
            "[UGAN] equation 7. own: that of the critic's optimiser from where it is, as the "
            "authors' demo does; through Adam's root there is no gradient where a weight has "
            "never had one, as below a unit of a ReLU that is off for all samples.",
            json_schema_extra={"slug": {"sgd": "", "own": "own"}},
        ),
    ] = "sgd"
    unrolled_lr: Annotated[
        float,
        Field(gt=0, le=1e3, description="Learning rate of the unrolled steps, for `sgd`."),
    ] = 0.1
    second_term: Annotated[
        bool,
        Field(
            description="Whether the generator's gradient goes through the unrolled steps: the "
            "second term of [UGAN] equation 12, how D would react. Without it the K steps ahead "
            "are taken as they come.",
            json_schema_extra={"slug": {"True": "", "False": "firstterm"}},
        ),
    ] = True

    @model_validator(mode="after")
    def _plays_for_one_value(self) -> Self:
        if self.objective.name in NOT_ZERO_SUM:
            raise ValueError(
                f"objective.name: {self.objective.name!r} has a loss of its own for the generator, "
                "and an unrolled one minimises what the critic maximises; write minimax"
            )
        if self.constraint.name != "none":
            raise ValueError("constraint.name: unrolled steps are of a free critic; write none")
        return self

    def steps_per_iteration(self, iterations: int) -> float:
        """Return the critic's steps, those ahead included, and the generator's one."""
        return self.n_critic + self.unrolled_steps + 1

    def players(self, task: Task) -> dict[str, Player]:
        return WithCritic.players(self, task) | WithGenerator.players(self, task)

    def iterate(self, game: Game) -> Log:
        """Take the critic's steps and the generator's; return the last ones' quantities."""
        for _ in range(self.n_critic):
            log = self.critic_step(game)
        return {**log, "generator_loss": self.generator_step(game)}

    def generator_step(self, game: Game) -> Float[Tensor, " replica"]:
        """Take one generator step for every replica; return what the critic ahead makes of it."""
        with game.task.lowered():
            real, fake = game.task.sampler.real(), self.fake(game)
        seen = fake if self.second_term else fake.detach()
        loss = -self.critic_loss(game, self.critic_ahead(game, real, seen), real, fake)
        game.players["generator"].descend(loss)
        return loss.detach()

    def critic_ahead(
        self,
        game: Game,
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
    ) -> Float[Tensor, " flat"]:
        """Return the critic's parameters after K steps on one batch, a function of `fake`."""
        import torch

        state = game.players["critic"].state
        own = self.unrolled_update == "own"
        optimizer = state.optimizer if own else SGD(lr=self.unrolled_lr)
        slots = dict(state.slots) if own else {}
        parameters = state.joined([p.detach() for p in state.parameters]).requires_grad_()
        for step in range(1, self.unrolled_steps + 1):
            loss = self.critic_loss(game, parameters, real, fake).sum()
            (gradient,) = torch.autograd.grad(loss, parameters, create_graph=self.second_term)
            copies = {name: slot.clone() for name, slot in slots.items()}
            parameters, slots = optimizer.update(
                parameters.clone(), gradient, copies, state.taken + step
            )
            if not self.second_term:
                parameters = parameters.detach().requires_grad_()
        return parameters

    def critic_loss(
        self,
        game: Game,
        parameters: Float[Tensor, " flat"],
        real: Float[Tensor, "replica batch *shape"],
        fake: Float[Tensor, "replica batch *shape"],
    ) -> Float[Tensor, " replica"]:
        """Return the loss of a critic with these parameters, which lie as its optimiser's do."""
        from torch.func import functional_call

        from wganbench.nets.layers.activations import differentiated_twice

        critic, sees = game.players["critic"], self.objective.sees
        names = [name for name, _ in critic.net.named_parameters()]
        named = dict(zip(names, critic.state.parts(parameters), strict=True))
        with game.task.lowered(), differentiated_twice(wanted=self.second_term):
            on_real, on_fake = (functional_call(critic.net, named, (x,)) for x in (real, fake))
        return self.objective.critic_loss(sees(on_real), sees(on_fake))
