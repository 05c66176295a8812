"""The sections that algorithms have in common, each a choice among the plug-ins of a folder."""

from typing import TYPE_CHECKING, Annotated

from pydantic import Field, SerializeAsAny

from wganbench.plugins import any_of

if TYPE_CHECKING:
    from wganbench.constraints import Constraint as AnyConstraint
    from wganbench.nets import Critic as AnyCritic
    from wganbench.nets import Generator as AnyGenerator
    from wganbench.objectives import Objective as AnyObjective
    from wganbench.optimizers import Optimizer as AnyOptimizer
else:
    from wganbench.constraints import Constraint
    from wganbench.nets import Critic, Generator
    from wganbench.objectives import Objective
    from wganbench.optimizers import Optimizer

    AnyConstraint = any_of("wganbench.constraints", Constraint)
    AnyCritic = any_of("wganbench.nets", Critic)
    AnyGenerator = any_of("wganbench.nets", Generator)
    AnyObjective = any_of("wganbench.objectives", Objective)
    AnyOptimizer = any_of("wganbench.optimizers", Optimizer)

GeneratorSection = Annotated[SerializeAsAny[AnyGenerator], Field(description="The generator.")]
CriticSection = Annotated[
    SerializeAsAny[AnyCritic], Field(description="The critic (for a GAN, the discriminator).")
]
ObjectiveSection = Annotated[
    SerializeAsAny[AnyObjective], Field(description="What critic and generator optimise.")
]
ConstraintSection = Annotated[
    SerializeAsAny[AnyConstraint], Field(description="How the critic is kept Lipschitz.")
]
GeneratorOptimizerSection = Annotated[
    SerializeAsAny[AnyOptimizer], Field(description="Optimiser of the generator.")
]
CriticOptimizerSection = Annotated[
    SerializeAsAny[AnyOptimizer], Field(description="Optimiser of the critic.")
]
