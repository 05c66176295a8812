"""All claims, found by file, in the papers' order."""

from wganbench.claims.judging.claim import Claim
from wganbench.found import stated

PAPERS = ("[WGAN]", "[GP]")  # in the order in which they appeared; others follow
PACKAGE = "wganbench.claims"


def catalogue() -> dict[str, Claim]:
    """Return every claim by its module's name.

    Raises:
        TypeError: a module of the package states no claim.
    """
    found = stated(PACKAGE, "CLAIM", Claim)
    return dict(sorted(found.items(), key=lambda item: _rank(*item)))


def _rank(name: str, claim: Claim) -> tuple[int, str, str]:
    paper = next((k for k, tag in enumerate(PAPERS) if claim.source.startswith(tag)), len(PAPERS))
    return paper, claim.source, name
