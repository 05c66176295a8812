"""Critics between parallel lines, one pair of laws for each shift: [WGAN] example 1."""

import pandas as pd

from wganbench.claims.judging.evidence import Evidence
from wganbench.gather.selection import Where


def at_shifts(evidence: Evidence, where: Where, column: str) -> pd.DataFrame:
    """Return `run`, `seed`, `value` and `floor` at the end, and the lines' `theta`.

    No row where no two lines lie apart: nothing could then depend on theta.
    """
    lines: Where = {**where, "data.name": "parallel-lines"}
    ends = evidence.at_end(lines, column)
    shifts = evidence.runs(lines).set_index("run").get("data.theta", pd.Series(dtype=float))
    apart = ends if shifts.any() else ends.iloc[:0]
    return apart.assign(theta=apart["run"].map(shifts).astype(float))
