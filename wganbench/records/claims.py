"""`results/claims.json`: every claim's verdict at a scale. Small, so that it goes into git."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from wganbench.plugins import Strict
from wganbench.records.json_files import read_json

SCHEMA_VERSION = 1
REMEDY = "run `wganbench claims`"
Ruling = Literal["reproduced", "not reproduced", "inconclusive"]


class Verdict(Strict):
    """A claim, what was measured, and what follows."""

    name: Annotated[str, Field(description="The claim's module.")]
    source: Annotated[str, Field(description="Paper and figure, example or section.")]
    statement: Annotated[str, Field(description="The claim in one sentence.")]
    statistic: Annotated[str, Field(description="What is measured on each context and seed.")]
    ratio: Annotated[bool, Field(description="Whether it is a ratio, whose mean is geometric.")]
    direction: Annotated[
        Literal["at least", "at most"], Field(description="On which side the claim holds.")
    ]
    threshold: Annotated[float, Field(description="Fixed before any result.")]
    reason: Annotated[str, Field(description="Why this threshold.")]
    verdict: Ruling
    tested: Annotated[bool, Field(description="Whether any run at this scale bears on it.")]
    because: Annotated[str, Field(description="What decided the verdict.")]
    value: Annotated[float | None, Field(description="Mean of the statistic over the cells.")]
    low: Annotated[float | None, Field(description="Lower end of its 95% interval.")]
    high: Annotated[float | None, Field(description="Upper end.")]
    seeds: int
    contexts: Annotated[int, Field(description="Laws, architectures or pairs of runs.")]
    cells: Annotated[int, Field(description="Contexts and seeds that were measured.")]
    floor: Annotated[
        float | None,
        Field(description="Mean floor of the distance in it: what two samples of one law show."),
    ]
    runs: Annotated[list[str], Field(description="Ids of the runs it rests on.")]
    text: Annotated[str, Field(description="The verdict's numbers in one line.")]


class Claims(Strict):
    """The content of claims.json."""

    schema_version: int = SCHEMA_VERSION
    scale: Annotated[str, Field(description="A verdict is one at this scale's settings.")]
    code_digest: Annotated[str, Field(description="Digest of the code that judged.")]
    claims: Annotated[list[Verdict], Field(description="In the papers' order.")]


def as_text(claims: Claims) -> str:
    """Return the file's content."""
    return claims.model_dump_json(indent=2) + "\n"


def read_claims(path: Path) -> Claims:
    """Return the verdicts.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    return read_json(path, Claims, SCHEMA_VERSION, REMEDY)
