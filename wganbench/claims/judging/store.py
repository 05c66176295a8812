"""`results/claims.json`: every claim's verdict at a scale. Small, so that it goes into git."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.reading import evidence_of
from wganbench.claims.judging.verdict import Verdict, judge
from wganbench.files import written_atomically
from wganbench.gather.load import load_results
from wganbench.json_files import read_json
from wganbench.plan.digest import claims_code
from wganbench.plan.plugins import Strict
from wganbench.plan.products import CLAIMS
from wganbench.plan.runs import Run

SCHEMA_VERSION = 1
REMEDY = "run `wganbench claims`"


class Claims(Strict):
    """The content of claims.json."""

    schema_version: int = SCHEMA_VERSION
    scale: Annotated[str, Field(description="A verdict is one at this scale's settings.")]
    code_digest: Annotated[str, Field(description="Digest of the code that judged.")]
    claims: Annotated[list[Verdict], Field(description="In the papers' order.")]


def write_claims(runs: list[Run], scale: str, folder: Path, results: Path) -> Claims:
    """Judge every claim by the runs' results, write claims.json and return it.

    Raises:
        UserError: a result is missing or damaged; nothing is written then.
    """
    evidence = evidence_of(load_results(runs, folder))
    verdicts = [judge(name, claim, evidence) for name, claim in catalogue().items()]
    claims = Claims(scale=scale, code_digest=claims_code(), claims=verdicts)
    with written_atomically(results / CLAIMS) as temporary:
        temporary.write_text(as_text(claims), encoding="utf-8")
    return claims


def as_text(claims: Claims) -> str:
    """Return the file's content."""
    return claims.model_dump_json(indent=2) + "\n"


def read_claims(path: Path) -> Claims:
    """Return the verdicts.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    return read_json(path, Claims, SCHEMA_VERSION, REMEDY)
