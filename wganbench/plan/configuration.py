"""The configuration of a run: one point of an experiment's grid, fully resolved."""

from math import ceil
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, PositiveInt, SerializeAsAny, model_validator

from wganbench.plugins import Strict, any_of

if TYPE_CHECKING:
    from wganbench.constraints import Constraint as AnyConstraint
    from wganbench.data import DataSet as AnyDataSet
    from wganbench.nets import Critic as AnyCritic
    from wganbench.nets import Generator as AnyGenerator
    from wganbench.objectives import Objective as AnyObjective
    from wganbench.optimizers import Optimizer as AnyOptimizer
else:
    from wganbench.constraints import Constraint
    from wganbench.data import DataSet
    from wganbench.nets import Critic, Generator
    from wganbench.objectives import Objective
    from wganbench.optimizers import Optimizer

    AnyConstraint = any_of("wganbench.constraints", Constraint)
    AnyDataSet = any_of("wganbench.data", DataSet)
    AnyCritic = any_of("wganbench.nets", Critic)
    AnyGenerator = any_of("wganbench.nets", Generator)
    AnyObjective = any_of("wganbench.objectives", Objective)
    AnyOptimizer = any_of("wganbench.optimizers", Optimizer)

MAX_ITERATIONS = 10_000_000


class Configuration(Strict):
    """Every setting that decides what a run computes. The run id is a digest of it."""

    method: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
            description="Name of the method: a preset (gan, wgan, wgan-gp) or a name of your own. "
            "Figures group and colour by it.",
        ),
    ]
    variant: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9.-]{0,40}$",
            description="Name of a variation that an experiment's overrides give meaning to.",
        ),
    ] = ""
    data: Annotated[
        SerializeAsAny[AnyDataSet], Field(description="The law or image set to be learned.")
    ]
    generator: Annotated[
        SerializeAsAny[AnyGenerator],
        Field(description="The generator; `fixed` trains a critic alone, on a fixed pair of laws."),
    ]
    critic: Annotated[
        SerializeAsAny[AnyCritic], Field(description="The critic (for a GAN, the discriminator).")
    ]
    objective: Annotated[
        SerializeAsAny[AnyObjective], Field(description="What critic and generator optimise.")
    ]
    constraint: Annotated[
        SerializeAsAny[AnyConstraint], Field(description="How the critic is kept Lipschitz.")
    ]
    generator_optimizer: Annotated[
        SerializeAsAny[AnyOptimizer], Field(description="Optimiser of the generator.")
    ]
    critic_optimizer: Annotated[
        SerializeAsAny[AnyOptimizer], Field(description="Optimiser of the critic.")
    ]
    n_critic: Annotated[
        PositiveInt,
        Field(
            le=10_000,
            description="Critic steps per generator step ([WGAN] algorithm 1: 5).",
            json_schema_extra={"slug": "ncritic"},
        ),
    ] = 5
    warm_up_n_critic: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="Critic steps before a warm-up generator step (the official WGAN code: "
            "100); 0: there is no warm-up, as in the paper.",
            json_schema_extra={"slug": "warmup"},
        ),
    ] = 0
    warm_up_first: Annotated[
        int,
        Field(
            ge=0,
            le=MAX_ITERATIONS,
            description="So many first generator steps are warm-up steps (the official code: 25).",
        ),
    ] = 25
    warm_up_every: Annotated[
        PositiveInt,
        Field(
            le=MAX_ITERATIONS,
            description="So is every generator step after a multiple of this many (the official "
            "code: 500).",
        ),
    ] = 500
    batch_size: Annotated[
        PositiveInt,
        Field(
            le=65_536,
            description="Samples per step and law ([WGAN] algorithm 1: 64).",
            json_schema_extra={"slug": "batch"},
        ),
    ] = 64
    iterations: Annotated[
        PositiveInt,
        Field(
            le=MAX_ITERATIONS,
            description="Generator iterations (with a fixed generator: rounds of n_critic steps).",
            json_schema_extra={"slug": "iterations"},
        ),
    ]
    log_every: Annotated[
        PositiveInt, Field(le=MAX_ITERATIONS, description="Iterations between two rows of curves.")
    ] = 1
    evaluations: Annotated[
        PositiveInt,
        Field(
            le=10_000,
            description="Evaluation points, evenly spaced, the last at the last iteration: samples "
            "are saved and the held-out estimate is taken there.",
        ),
    ] = 16
    train_samples: Annotated[
        int,
        Field(
            ge=0,
            description="Training uses so many samples of each law; 0: all of them.",
            json_schema_extra={"slug": "n"},
        ),
    ] = 0
    patience: Annotated[
        int,
        Field(
            ge=0,
            le=10_000,
            description="A seed stops early after this many evaluations in which its held-out "
            "estimate over its largest gradient norm has not risen by 1%; 0: never. `iterations` "
            "is then the budget.",
        ),
    ] = 0
    samples: Annotated[
        int,
        Field(
            ge=2,
            le=1_000_000,
            description="Generated and held-out real samples at each evaluation point.",
        ),
    ] = 1000

    precision: Annotated[
        Literal["float32", "bfloat16"],
        Field(
            description="Of the nets' passes in training. Parameters, optimisers, losses and every "
            "evaluation are float32. bfloat16 takes half the time where CPU or GPU has units for "
            "it.",
            json_schema_extra={"slug": {"float32": "", "bfloat16": "bf16"}},
        ),
    ] = "float32"

    @model_validator(mode="after")
    def _parts_go_together(self) -> Self:
        if (self.data.kind == "pair") != (self.generator.name == "fixed"):
            raise ValueError(
                f"generator.name {self.generator.name!r} does not go with data.name "
                f"{self.data.name!r}: a pair of laws needs `fixed`, and nothing else takes it"
            )
        if self.warm_up_n_critic and self.generator.name == "fixed":
            raise ValueError(
                "warm_up_n_critic does not go with generator.name 'fixed', which takes no steps"
            )
        for section, net in (("generator", self.generator), ("critic", self.critic)):
            if misfit := net.misfit(self.data.shape):
                raise ValueError(
                    f"{section}.name {net.name!r} does not go with data.name {self.data.name!r}: "
                    f"it {misfit}"
                )
        return self

    def critic_steps(self, taken: int) -> int:
        """Return how many critic steps the next generator step waits for, after so many of them."""
        if not self.warm_up_n_critic:
            return self.n_critic
        warm = taken < self.warm_up_first or taken % self.warm_up_every == 0
        return self.warm_up_n_critic if warm else self.n_critic

    def mean_critic_steps(self) -> float:
        """Return the critic steps per generator step over the whole of training."""
        if not self.warm_up_n_critic:
            return self.n_critic
        first = min(self.warm_up_first, self.iterations)
        later = ceil(self.iterations / self.warm_up_every) - ceil(first / self.warm_up_every)
        share = (first + later) / self.iterations
        return share * self.warm_up_n_critic + (1 - share) * self.n_critic

    def resolved(self) -> dict[str, Any]:
        """Return the configuration as plain data, ready for JSON."""
        return self.model_dump(mode="json")
