"""All claims, found by file, in the papers' order."""

import importlib
import pkgutil

from wganbench.claims.judging.claim import Claim

PAPERS = ("[WGAN]", "[GP]")  # in the order in which they appeared; others follow
PACKAGE = "wganbench.claims"


def catalogue() -> dict[str, Claim]:
    """Return every claim by its module's name.

    Raises:
        TypeError: a module of the package states no claim.
    """
    root = importlib.import_module(PACKAGE)
    found = {}
    for module in pkgutil.iter_modules(root.__path__):
        if not module.ispkg:
            claim = getattr(importlib.import_module(f"{PACKAGE}.{module.name}"), "CLAIM", None)
            if not isinstance(claim, Claim):
                raise TypeError(f"{PACKAGE}.{module.name}: states no claim; it needs CLAIM = Claim")
            found[module.name] = claim
    return dict(sorted(found.items(), key=lambda item: _place(item[0], item[1])))


def _place(name: str, claim: Claim) -> tuple[int, str, str]:
    paper = next((k for k, p in enumerate(PAPERS) if claim.source.startswith(p)), len(PAPERS))
    return paper, claim.source, name
