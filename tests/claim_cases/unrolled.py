"""Claims of [UGAN]."""

from typing import Any

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.evidence import Evidence


def covered(method: str, right: dict[str, Any], **data: Any) -> Build:
    """Return a build in which levels are modes that K = 5 covers beyond the run on the right."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for settings, values in (({}, [2.0 + v for v in levels]), (right, 2.0)):
            run = made.run(method, "ring", **{"unrolled_steps": 5} | data | settings)
            made.end(run, modes_loose=values, modes=8.0, w1=0.3, floor=0.1)
        return made.evidence

    return build


NONE = {"unrolled_steps": 0}

CASES: Cases = {
    "unrolling_covers_modes": (5, 2, covered("unrolled", NONE)),
    "unrolling_second_term": (2, 0, covered("unrolled", {"second_term": False})),
    "unrolling_demo": (3, -1, covered("unrolled-demo", NONE, data__spacing="closed")),
}
