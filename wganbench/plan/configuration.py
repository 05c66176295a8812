"""The configuration of a run: one point of an experiment's grid, fully resolved."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, PositiveInt, SerializeAsAny, model_validator

from wganbench.algorithms.adversarial import MAX_ITERATIONS, Adversarial
from wganbench.plugins import RECORDED, Since, Strict, any_of

if TYPE_CHECKING:
    from wganbench.algorithms import Algorithm as AnyAlgorithm
    from wganbench.constraints import Constraint
    from wganbench.data import DataSet as AnyDataSet
    from wganbench.nets import Critic, Generator
    from wganbench.objectives import Objective
else:
    from wganbench.algorithms import Algorithm
    from wganbench.data import DataSet

    AnyAlgorithm = any_of("wganbench.algorithms", Algorithm)
    AnyDataSet = any_of("wganbench.data", DataSet)

USUAL_SAMPLES = 1000


def _usual_samples(validated: Mapping[str, Any]) -> int:
    """Return the default: data that do not fit are told before samples are."""
    data = validated.get("data")
    return min(USUAL_SAMPLES, (data and data.heldout_size) or USUAL_SAMPLES)


ALGORITHM = "algorithm"
USUAL = Adversarial.model_fields["name"].default


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
    algorithm: Annotated[
        SerializeAsAny[AnyAlgorithm],
        Field(description="The way of training; the settings that it takes stand beside it."),
    ]
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
            description="Iterations of the algorithm: generator steps, if it has a generator.",
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
            description="Evaluation points, the last at the last iteration: samples are saved and "
            "the critic is measured there.",
        ),
    ] = 16
    evaluation_spacing: Annotated[
        Literal["even", "log"],
        Field(
            description="How evaluation points lie. even: equally far apart. log: ever farther "
            "apart from a fiftieth of the iterations on, about `evaluations` of them, and also at "
            "the end of each quarter of the iterations.",
        ),
        Since("0.2", absent="even"),
    ] = "even"
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
            description="Generated and held-out real samples at each evaluation point, no more "
            "than the data hold out. Default: 1000, or all of a smaller set.",
            default_factory=_usual_samples,
        ),
    ]

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
        if misfit := self.algorithm.misfit(self.data):
            raise ValueError(misfit)
        size = self.data.heldout_size
        if size is not None and self.samples > size:
            raise ValueError(
                f"samples: {self.samples} held-out samples are asked for, and data.name "
                f"{self.data.name!r} has {size}"
            )
        if self.patience and self.critic is None:
            raise ValueError(
                f"patience: waits for a critic's estimate, and {ALGORITHM} "
                f"{self.algorithm.name!r} has no critic"
            )
        return self

    @property
    def generator(self) -> "Generator | None":
        return getattr(self.algorithm, "generator", None)

    @property
    def critic(self) -> "Critic | None":
        return getattr(self.algorithm, "critic", None)

    @property
    def objective(self) -> "Objective | None":
        return getattr(self.algorithm, "objective", None)

    @property
    def constraint(self) -> "Constraint | None":
        return getattr(self.algorithm, "constraint", None)

    def steps_per_iteration(self) -> float:
        """Return the gradient steps of an iteration, all players', averaged over the training."""
        return self.algorithm.steps_per_iteration(self.iterations)

    def holder(self, key: str) -> tuple[Strict, str]:
        """Return the model that holds a setting, and the setting's name there.

        Args:
            key: dotted, as experiment files write it.

        Raises:
            KeyError: this configuration has no such setting.
        """
        section, _, name = key.partition(".")
        home: Strict = self if section in type(self).model_fields else self.algorithm
        if name:
            home, section = getattr(home, section, home), name
        if section not in type(home).model_fields:
            raise KeyError(key)
        return home, section

    def get(self, key: str) -> Any:
        """Return a setting by its dotted key, None where this configuration has none."""
        try:
            home, name = self.holder(key)
        except KeyError:
            return None
        return getattr(home, name)

    def resolved(self) -> dict[str, Any]:
        """Return the configuration as plain data, ready for JSON, as flat as experiment files."""
        return _flat(self.model_dump(mode="json"))

    def identity(self) -> dict[str, Any]:
        """Return what a run's id is a digest of: `resolved`, younger settings at rest left out."""
        return _flat(super().identity())

    @classmethod
    def from_flat(
        cls, flat: Mapping[str, Any], *, strict: bool = False, recorded: bool = False
    ) -> Self:
        """Return the configuration of plain data.

        Args:
            flat: as `resolved` returns it.
            strict: whether a text, for one, is not taken for a number.
            recorded: whether it is a record's, perhaps older than some settings: see `Since`.

        Raises:
            ValidationError: a setting is missing, unknown, out of range or does not fit.
        """
        fields = cls.model_fields
        own = {key: value for key, value in flat.items() if key in fields}
        rest = {key: value for key, value in flat.items() if key not in fields}
        name = own.get(ALGORITHM, USUAL)
        nested = {**own, ALGORITHM: {"name": name, **rest}}
        context = RECORDED if recorded else None
        return cls.model_validate(nested, strict=strict, context=context)


def _flat(nested: dict[str, Any]) -> dict[str, Any]:
    own = dict(nested[ALGORITHM])
    name = own.pop("name")
    front = ("method", "variant", "data")
    return {
        **{key: nested[key] for key in front if key in nested},
        ALGORITHM: name,
        **own,
        **{key: value for key, value in nested.items() if key not in (*front, ALGORITHM)},
    }
