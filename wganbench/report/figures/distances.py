"""Laws in the plane: exact W1 along training."""

from wganbench.gather.load import Results
from wganbench.report.figures.histories import History
from wganbench.report.style.blocks import Figure, Finding, drawn, worded
from wganbench.report.style.wording import mean_sd, with_sd

HISTORY = History("w1", "floor", "exact W1 (the law's unit of length)", 1e-12, "data")

_CAPTION = (
    "Generated against held-out samples. Line: mean over seeds; band: smallest to largest seed. "
    "Grey: the floor, exact W1 between two samples of the law, mean ± 2 sd. The methods take "
    "different numbers of critic steps, so the horizontal axis counts both players' gradient "
    "steps, the critic's warm-up included."
)


def distance_figure(results: Results, name: str) -> Figure:
    """Return exact W1 along training, a panel per law, with the floor."""
    table = results.evaluations[results.evaluations["ok"]].dropna(subset=["w1"])
    return drawn(
        name, "Exact W1 along training", _findings(results), _CAPTION, HISTORY.data(table),
        lambda: HISTORY.draw(table),
    )  # fmt: skip


def _findings(results: Results) -> list[Finding]:
    """State where each method ends on each law."""
    final = results.final().dropna(subset=["w1"])
    ends = {
        str(law): worded(group, "label", "w1", text=mean_sd)
        | {"floor": with_sd(group["floor"], group["floor_sd"])}
        for law, group in final.groupby("data", sort=False)
    }
    statement = "Exact W1 at the end, mean ± standard deviation over seeds"
    return [Finding(statement, ends)] if ends else []
