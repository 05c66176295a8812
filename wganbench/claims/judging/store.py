"""`claims.json`: every claim's verdict at a scale. Small, so that it goes into git."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from wganbench.claims.judging.catalogue import catalogue
from wganbench.claims.judging.evidence import evidence_of
from wganbench.claims.judging.verdict import judge_all
from wganbench.errors import UserError
from wganbench.files import written_atomically
from wganbench.gather.load import load_results
from wganbench.plan import steps
from wganbench.plan.elsewhere import judged_elsewhere
from wganbench.plan.runs import Run
from wganbench.records import layout
from wganbench.records.claims import REMEDY, Claims, as_text, read_claims


def write_claims(
    runs: list[Run],
    scale: str,
    folder: Path,
    results: Path,
    shares: Mapping[str, float] = MappingProxyType({}),
) -> Claims:
    """Judge every claim by the runs' results, write claims.json and return it.

    Args:
        runs: the runs.
        scale: the scale they are of.
        folder: the folder with the runs' folders.
        results: the folder that gets the file.
        shares: of each experiment that lacks runs the share that is there.

    Raises:
        UserError: a result is missing or damaged; nothing is written then.
    """
    evidence = replace(evidence_of(load_results(runs, folder)), unfinished=shares)
    verdicts = judge_all(catalogue(), evidence)
    claims = Claims(scale=scale, code_digest=steps.CLAIMS.code(), claims=verdicts)
    with written_atomically(results / layout.CLAIMS) as temporary:
        temporary.write_text(as_text(claims), encoding="utf-8")
    return claims


def check_current(claims: Claims, path: Path) -> None:
    """Check that a file has the verdicts of today's code: each claim's, once.

    Raises:
        UserError: it has not.
    """
    remedy = f"{REMEDY} --scale {claims.scale}"
    if claims.code_digest != steps.CLAIMS.code():
        raise UserError(f"{path}: was judged by other code; {remedy}")
    if [verdict.name for verdict in claims.claims] != list(catalogue()):
        raise UserError(f"{path}: a claim is missing, doubled or unknown; {remedy}")


def read_other_claims(scale: str, folder: Path = layout.SCALES) -> list[Claims]:
    """Return what was judged at other scales than one, the smallest scale first.

    Raises:
        UserError: a file is damaged, of another schema version, or of another scale's folder.
    """
    found = []
    for path in judged_elsewhere(scale, folder):
        found.append(read_claims(path))
        if found[-1].scale != (other := path.parent.name):
            raise UserError(f"{path}: scale: is {found[-1].scale}; {REMEDY} --scale {other}")
    return found
