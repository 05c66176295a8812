"""For each claim: evidence in which every seed has a level, one that holds and one that fails.

`CASES[name]` is (holds, fails, build). Seeds that all hold support the claim, seeds that all fail
contradict it, and seeds that take turns are noise. A claim without a case here fails its tests. A
module of this folder has the cases of claims that are alike, and needs no line here.
"""

from importlib import import_module
from pkgutil import iter_modules

from claim_cases.builds import Cases

CASES: Cases = {}
for module in iter_modules(__path__):
    CASES |= getattr(import_module(f"{__name__}.{module.name}"), "CASES", {})
