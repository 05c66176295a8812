"""`claims.json`: every claim's verdict at a scale. Small, so that it goes into git."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wganbench.plugins import Strict
from wganbench.records.json_files import read_json

SCHEMA_VERSION = 2
REMEDY = "run `wganbench claims`"
Ruling = Literal[
    "reproduced", "not reproduced", "mixed", "not settled", "inconclusive", "not testable here"
]
Direction = Literal["at least", "at most"]
Origin = Literal["the papers", "other papers", "this project"]
# What a replica that diverged counts as, in place of infinity, which JSON lacks: larger than any
# other effect, so that only its rank matters.
LOST = 1e100
HOLM = 0.05  # the chance that any verdict of all falls by chance where none should


def told(value: float) -> str:
    """Return an effect with three digits, or that it is infinite."""
    if abs(value) >= LOST / 10:
        return "infinite" if value > 0 else "-infinite"
    return f"{value:.3g}"


class Context(Strict):
    """What one context says: a law, an architecture or a pair of runs."""

    name: Annotated[str, Field(description="Its runs, without their digests.")]
    value: Annotated[float, Field(description="Median of the effect over seeds, or a share.")]
    low: Annotated[float | None, Field(description="Null where the seeds have no interval.")]
    high: float | None
    effects: Annotated[list[float], Field(description="The effect of each seed, in their order.")]
    left_out: Annotated[str, Field(description="The gate that it failed, or empty.")]


class GateReading(Strict):
    """A gate, and how the contexts passed it."""

    name: str
    asks: Annotated[str, Field(description="What is measured of a run.")]
    direction: Direction
    bar: float
    reason: Annotated[str, Field(description="Why this bar.")]
    worst: Annotated[float | None, Field(description="The number of the worst context.")]
    passed: Annotated[int, Field(description="Contexts that passed.")]
    contexts: Annotated[int, Field(description="Contexts that were asked.")]


class Step(Strict):
    """What was said at a share of the budget."""

    share: float
    value: float | None
    low: float | None
    high: float | None
    verdict: Ruling


class Verdict(Strict):
    """A claim, what was measured, and what follows."""

    name: Annotated[str, Field(description="The claim's module.")]
    source: Annotated[str, Field(description="Paper and figure, example or section.")]
    origin: Annotated[Origin, Field(description="Who says so.")]
    statement: Annotated[str, Field(description="The claim in one sentence.")]
    statistic: Annotated[str, Field(description="What is measured on each context and seed.")]
    ratio: Annotated[bool, Field(description="Whether it is a ratio, averaged by logarithms.")]
    share_of: Annotated[
        str,
        Field(
            description="What was drawn at random, if not seeds: the numbers are a share of these."
        ),
    ] = ""
    direction: Annotated[Direction, Field(description="On which side the claim holds.")]
    threshold: Annotated[float, Field(description="Fixed before any result.")]
    reason: Annotated[str, Field(description="Why this threshold.")]
    verdict: Ruling
    because: Annotated[str, Field(description="What decided the verdict.")]
    value: Annotated[
        float | None,
        Field(description="Median over seeds of the mean over the contexts, or a share."),
    ]
    low: Annotated[float | None, Field(description="Lower end of its 95% interval.")]
    high: Annotated[float | None, Field(description="Upper end.")]
    p: Annotated[
        float | None, Field(description="Two-sided p of the threshold being typical of seeds.")
    ]
    p_of_all: Annotated[
        float | None, Field(description="The same, corrected for all claims judged (Holm 1979).")
    ]
    seeds: Annotated[
        int, Field(description="Seeds that all contexts have; or of how many it is a share.")
    ]
    contexts: Annotated[list[Context], Field(description="Each, those left out too.")]
    gates: list[GateReading]
    course: Annotated[list[Step], Field(description="By quarters of the budget.")]
    floor: Annotated[
        float | None,
        Field(description="Mean floor of the distance in it: what two samples of one law show."),
    ]
    runs: Annotated[list[str], Field(description="Ids of the runs it rests on.")]

    @property
    def kept(self) -> list[Context]:
        """The contexts that the verdict rests on."""
        return [context for context in self.contexts if not context.left_out]

    @property
    def survives(self) -> bool:
        """Whether it is decided, and so with all other claims in view (Holm's correction)."""
        decided = self.verdict in ("reproduced", "not reproduced")
        return decided and self.p_of_all is not None and self.p_of_all <= HOLM


class Claims(Strict):
    """The content of claims.json."""

    schema_version: int = SCHEMA_VERSION
    scale: Annotated[
        str,
        Field(
            pattern=r"^[a-z0-9][a-z0-9-]{0,39}$",
            description="A verdict is one at this scale's settings.",
        ),
    ]
    code_digest: Annotated[str, Field(description="Digest of the code that judged.")]
    claims: Annotated[list[Verdict], Field(description="In the papers' order.")]

    @property
    def by_name(self) -> dict[str, Verdict]:
        """The verdicts by their claims' names."""
        return {verdict.name: verdict for verdict in self.claims}


def as_text(claims: Claims) -> str:
    """Return the file's content."""
    return claims.model_dump_json(indent=2) + "\n"


def read_claims(path: Path) -> Claims:
    """Return the verdicts.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    return read_json(path, Claims, SCHEMA_VERSION, REMEDY)
