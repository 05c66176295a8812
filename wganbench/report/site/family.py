"""The models and questions around the two papers: what each claims, and what was found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wganbench.claims.judging.catalogue import catalogue
from wganbench.report.site.verdicts import Judged


@dataclass(frozen=True)
class Member:
    """A claim about a model, beside the number that its source gives."""

    claim: Judged
    published: str


def family(claims: Iterable[Judged]) -> Mapping[str, list[Member]]:
    """Return the claims about each model, the models in the claims' order."""
    known = catalogue()
    models: dict[str, list[Member]] = {}
    for claim in claims:
        stated = known[claim.verdict.name]
        if stated.model:
            models.setdefault(stated.model, []).append(Member(claim, stated.published))
    return models
