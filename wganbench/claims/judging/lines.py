"""Critics between parallel lines, one pair of laws for each shift: [WGAN] example 1."""

import pandas as pd

from wganbench.claims.judging.claim import no_cells
from wganbench.claims.judging.evidence import Evidence
from wganbench.claims.judging.pairs import lost_is_infinite, worst
from wganbench.gather.selection import Where


def worst_shift(evidence: Evidence, ends: pd.DataFrame, error: pd.Series) -> pd.DataFrame:
    """Return cells with the largest error over the shifts: one experiment's are one curve.

    Args:
        evidence: the results.
        ends: as `at_shifts` returns them.
        error: of each of its rows; infinite where a replica diverged.
    """
    if ends.empty:
        return no_cells()
    experiments = ends["run"].map(evidence.settings.set_index("run")["experiment"])
    runs = ends["run"].map(lambda run: (run,))
    return worst(ends.assign(context=experiments, effect=lost_is_infinite(error), runs=runs))


def at_shifts(evidence: Evidence, where: Where, column: str) -> pd.DataFrame:
    """Return `run`, `seed`, `value` and `floor` at the end, and the lines' `theta`.

    No row where no two lines lie apart: nothing could then depend on theta.
    """
    lines: Where = {**where, "data.name": "parallel-lines"}
    ends = evidence.at_end(lines, column)
    shifts = evidence.runs(lines).set_index("run").get("data.theta", pd.Series(dtype=float))
    apart = ends if shifts.any() else ends.iloc[:0]
    return apart.assign(theta=apart["run"].map(shifts).astype(float))
