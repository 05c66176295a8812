"""The schema of an experiment file. Its field descriptions are its documentation."""

import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from wganbench.errors import UserError
from wganbench.plan.keys import Dotted, Keys, Tunable, Values
from wganbench.plan.yaml_files import mapping_in, text_of
from wganbench.plugins import Strict
from wganbench.plugins.explain import explain

SCALES = ("smoke", "laptop", "desk", "gpu", "paper")
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
MAX_SEEDS = 1000
MAX_RULES = 200  # each is asked at each of 10,000 points: 2 seconds


def _meant_so(scale: str) -> str:
    """Tell a scale of one's own from a slip in writing a usual one: letters alone, and near."""
    near = get_close_matches(scale, SCALES, n=1, cutoff=0.8) if scale.isalpha() else []
    if near and near != [scale]:
        raise ValueError(
            f"is no scale; did you mean {near[0]!r}? (one of your own is not so near to it)"
        )
    return scale


ScaleName = Annotated[
    str,
    Field(
        pattern=f"^{NAME.pattern}$",
        description="smoke, laptop, desk, gpu, paper, or one of your own.",
        examples=list(SCALES),
    ),
    AfterValidator(_meant_so),
]


class Override(Strict):
    """Settings for those configurations that match a condition."""

    when: Annotated[
        Values, Field(description="Dotted keys and the value, or the list of values, they have.")
    ]
    set: Annotated[Values, Field(description="Dotted keys and the values they get.")]


class Axis(Strict):
    """An axis of the grid; it may exist only where a condition holds."""

    values: Annotated[list[Any], Field(min_length=1, description="The values along the axis.")]
    when: Annotated[
        Values, Field(description="The condition; elsewhere the axis is left out of the grid.")
    ] = {}


def _spelt_out(axis: Any) -> Any:
    """Read a list as an axis's values, and anything but a mapping as its only value."""
    if isinstance(axis, dict):
        return axis
    return {"values": axis if isinstance(axis, list) else [axis]}


AnyAxis = Annotated[
    Axis,
    BeforeValidator(_spelt_out, json_schema_input_type=Axis | list[Any] | str | int | float | bool),
]


def _counted(seeds: Any) -> Any:
    """Read a number as that many seeds."""
    if isinstance(seeds, int) and not isinstance(seeds, bool):
        return list(range(min(seeds, MAX_SEEDS + 1)))
    return seeds


def _distinct(seeds: list[int]) -> list[int]:
    if len(set(seeds)) < len(seeds):
        raise ValueError("a seed stands here twice")
    return seeds


Seeds = Annotated[
    list[Annotated[int, Field(ge=0, lt=2**63)]],
    BeforeValidator(_counted, json_schema_input_type=int | list[int]),
    AfterValidator(_distinct),
    Field(
        min_length=1,
        max_length=MAX_SEEDS,
        description="The seeds, or how many of them (0, 1, 2, ...).",
    ),
]


class Tried(Strict):
    """Settings that are tried in some configurations: the product of the axes."""

    when: Annotated[
        Values, Field(description="The condition; without one it holds for every configuration.")
    ] = {}
    axes: Annotated[
        dict[str, Annotated[list[Any], Field(min_length=2)]],
        Field(
            min_length=1,
            description="Dotted keys and the values that are tried; of several items that hold, a "
            "later one's values of a key count.",
        ),
        Dotted,
        Tunable,
    ]


class Tuned(Strict):
    """How configurations are tuned: as many settings each, and the best one stands for it.

    Every setting is trained with the tuning seeds. The one with the best mean quality at the end is
    chosen and trained with the scale's other seeds; comparisons and verdicts see that run alone.
    """

    seeds: Annotated[
        int, Field(ge=1, description="So many of the scale's seeds, the first, are tuning seeds.")
    ]
    settings: Annotated[
        list[Tried],
        Field(
            min_length=1,
            max_length=MAX_RULES,
            description="What is tried. A configuration for which none of these holds is not "
            "tuned; all others have equally many settings.",
        ),
    ]
    without: Annotated[
        list[Annotated[Values, Field(min_length=1)]],
        Field(
            max_length=MAX_RULES,
            description="Configurations that are not tuned, whatever holds: those whose settings "
            "have all of the values of one of these.",
        ),
    ] = []


class Subset(Strict):
    """A random part of the grid, for one that nobody trains whole.

    What is drawn follows from the seed alone. A smaller number of points is a part of a larger one,
    and a wider grid has other points.
    """

    points: Annotated[
        int, Field(ge=1, description="So many points are drawn, of those that the scale keeps.")
    ]
    seed: Annotated[int, Field(ge=0, lt=2**63, description="Another seed draws other points.")]
    same_for: Annotated[
        Keys,
        Field(
            description="Axes that are not drawn: each point stands with all of their values, so "
            "that with `method` all methods have the same architectures.",
        ),
    ] = []


class Scale(Strict):
    """How large the experiment is at one scale, and what differs from the base there."""

    like: Annotated[
        ScaleName | None,
        Field(
            description="Another scale of the file: its settings and overrides hold here too, "
            "before these, and so do its `only`, `without`, `subset` and `tuned` unless they stand "
            "here."
        ),
    ] = None
    seeds: Seeds
    set: Annotated[Values, Field(description="Settings of every configuration at this scale.")] = {}
    overrides: Annotated[
        list[Override],
        Field(max_length=MAX_RULES, description="Settings of some configurations at this scale."),
    ] = []
    only: Annotated[
        Values,
        Field(
            description="Keeps the part of the grid whose settings have these values; a "
            "configuration without the setting is kept."
        ),
    ] = {}
    without: Annotated[
        list[Annotated[Values, Field(min_length=1)]],
        Field(
            max_length=MAX_RULES,
            description="Parts of the grid that are left out: those whose settings have all of the "
            "values of one of these.",
        ),
    ] = []
    subset: Annotated[
        Subset | None, Field(description="A random part of the grid; without it all of the grid.")
    ] = None
    tuned: Annotated[
        Tuned | None,
        Field(description="Settings of which each configuration's best is compared."),
    ] = None

    @model_validator(mode="after")
    def _leaves_seeds_for_verdicts(self) -> Self:
        if self.tuned and self.tuned.seeds >= len(self.seeds):
            raise ValueError(
                f"tuned.seeds: {self.tuned.seeds} of {len(self.seeds)} seeds would choose the "
                "settings, which leaves none for verdicts"
            )
        return self

    def over(self, other: "Scale") -> "Scale":
        """Return this scale with what it takes over from the one that it is like."""
        mine = {key: getattr(self, key) for key in self.model_fields_set}
        merged = {"set": other.set | self.set, "overrides": [*other.overrides, *self.overrides]}
        taken = {key: getattr(other, key) for key in ("only", "without", "subset", "tuned")}
        return Scale.model_construct(**(taken | mine | merged | {"like": None}))

    @property
    def tuning_seeds(self) -> tuple[int, ...]:
        """The seeds that choose among settings, none where nothing is tuned."""
        return tuple(self.seeds[: self.tuned.seeds]) if self.tuned else ()


def _with_likenesses(scales: dict[ScaleName, Scale]) -> dict[ScaleName, Scale]:
    """Return the scales, each with what it takes over from another."""
    for name, scale in scales.items():
        if scale.like and (scale.like not in scales or scales[scale.like].like):
            raise ValueError(f"{name}.like: {scale.like} is no scale of its own in this file")
    return {
        name: scale.over(scales[scale.like]) if scale.like else scale
        for name, scale in scales.items()
    }


class Experiment(Strict):
    """One question: a figure, table or example of a paper, and the grid that answers it."""

    title: Annotated[str, Field(min_length=1, description="Heading in the report.")]
    source: Annotated[str, Field(min_length=1, description="Paper and section, figure or table.")]
    question: Annotated[str, Field(min_length=1, description="What the experiment asks.")]
    notes: Annotated[
        str, Field(description="What a reader must know: choices that the source leaves open.")
    ] = ""
    base: Annotated[
        Values, Field(description="Settings of every configuration, over the method's preset.")
    ] = {}
    overrides: Annotated[
        list[Override],
        Field(max_length=MAX_RULES, description="Settings of some configurations, at every scale."),
    ] = []
    grid: Annotated[
        list[Annotated[dict[str, AnyAxis], Field(min_length=1), Dotted]],
        Field(
            min_length=1,
            description="Blocks; each is the product of its axes: dotted key to a list of values, "
            "a single value, or {values, when}.",
        ),
    ]
    scales: Annotated[
        dict[ScaleName, Scale],
        Field(min_length=1, description="Every scale it can run at."),
        AfterValidator(_with_likenesses),
    ]


def load_experiment(path: Path) -> Experiment:
    """Return the experiment that a file describes.

    Raises:
        UserError: the file is unreadable, badly named or does not fit the schema.
    """
    if not NAME.fullmatch(path.stem):
        raise UserError(
            f"{path}: the name may hold a-z, 0-9 and - only, 40 at most, as it names a folder"
        )
    return _experiment(text_of(path), path)


@cache  # as plan, report and verdicts ask for the same files
def _experiment(text: str, path: Path) -> Experiment:
    content = mapping_in(text, path)
    try:
        return Experiment.model_validate(content, strict=True)
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}") from None
