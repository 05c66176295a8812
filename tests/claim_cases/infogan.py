"""Claims of [InfoGAN]."""

from math import log

from claim_evidence import Levels, Made

from claim_cases.builds import Build, Cases
from wganbench.claims.judging.evidence import Evidence


def with_codes(column: str, factor: float = 1.0, **settings: float) -> Build:
    """Return a build in which levels are a column of runs with each kind of recogniser."""

    def build(levels: Levels) -> Evidence:
        made = Made()
        for recogniser in ("own", "shared"):
            run = made.run(
                "gan", "images", algorithm="infogan", recogniser=recogniser, generator__name="mlp",
                generator__width=16, critic__name="mlp", critic__width=16, **settings,
            )  # fmt: skip
            made.end(run, fid=5.0, **{column: [factor * v for v in levels]})
        return made.evidence

    return build


CASES: Cases = {
    "infogan_information": (0.99, 0.5, with_codes("information_heldout", log(10))),
    "infogan_needs_gain": (
        0.05, 0.9, with_codes("information_heldout", log(10), information_weight=0.0),
    ),
    "infogan_categories": (0.9, 0.4, with_codes("matched_accuracy")),
    "infogan_recognises": (0.05, 0.5, with_codes("recognition_error")),
}  # fmt: skip
