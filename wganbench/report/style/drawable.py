"""How many runs of one experiment a page draws: a grid of hundreds makes no figure for a reader."""

from wganbench.gather.labels import method_label
from wganbench.gather.load import Results

MOST = 30  # the papers' largest grid has 28 runs
ALIKE = 2  # runs of one method, data and nets, where there are more than that
LEFT_OUT = (
    "Of {name}, {shown:,} of {all:,} runs are drawn and tabled here: the first {alike} of each "
    "method, data set and architecture, in the grid's order. The table of runs has all of them."
)


def drawable(part: Results) -> Results:
    """Return the runs of one experiment, or of many the first of each method, data and nets."""
    if len(part.runs) <= MOST:
        return part
    facts = part.facts.assign(
        method=[method_label(part.runs[run].configuration) for run in part.facts["run"]]
    )
    turn = facts.groupby(["method", "data_id", "architecture"], sort=False).cumcount()
    first = facts.assign(turn=turn)[turn < ALIKE].sort_values("turn", kind="stable")
    return part.select(first["run"].head(MOST))
