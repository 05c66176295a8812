"""All claims, found by file, in the papers' order."""

from wganbench.claims.judging.claim import Claim
from wganbench.plugins import modules_in

PAPERS = ("[WGAN]", "[GP]")  # in the order in which they appeared; others follow
PACKAGE = "wganbench.claims"


def catalogue() -> dict[str, Claim]:
    """Return every claim by its module's name.

    Raises:
        TypeError: a module of the package states no claim.
    """
    found = {}
    for module in modules_in(PACKAGE):
        claim = getattr(module, "CLAIM", None)
        if not isinstance(claim, Claim):
            raise TypeError(f"{module.__name__}: states no claim; it needs CLAIM = Claim")
        found[module.__name__.rpartition(".")[2]] = claim
    return dict(sorted(found.items(), key=lambda item: _rank(*item)))


def _rank(name: str, claim: Claim) -> tuple[int, str, str]:
    paper = next((k for k, tag in enumerate(PAPERS) if claim.source.startswith(tag)), len(PAPERS))
    return paper, claim.source, name
