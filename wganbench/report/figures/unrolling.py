"""[UGAN] figure 2 in numbers: modes of a ring by the critic steps that a generator sees ahead."""

from collections.abc import Iterator
from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from wganbench.gather.load import Results
from wganbench.gather.selection import chosen
from wganbench.report.style import marks
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn, worded
from wganbench.report.style.looks import INK, Look, ordered_looks
from wganbench.report.style.wording import mean_range

WIDTH, HEIGHT = 3.0, 3.0  # inches of a panel
ASIDE = 0.12  # steps by which lines stand apart
TERMS = {True: "both terms", False: "first term alone"}
LOOKS: dict[str, Look] = {TERMS[True]: ("#0072B2", "o"), TERMS[False]: ("#D55E00", "s")}
K, MODES = "unrolled_steps", "modes_loose"
_DATA = ["run", "ring", "seed", K, "terms", "iteration", MODES, "w1", "floor", "floor_sd"]
_CAPTION = (
    "Modes that get a fifth of their fair share of samples, of {modes} (dotted); samples spread "
    "evenly over the ring cover all of them, and W1 tells these apart. Left: at the end, "
    "against K, the critic steps that the generator's step looks ahead; with K = 0 it is a GAN "
    "with the minimax loss. Both terms: its gradient goes through these steps; first term alone: "
    "it takes the critic that they lead to as given. Then: along training, mean over seeds and "
    "smallest to largest. Right: exact W1 to held-out samples at the end and its floor (grey, "
    "± 2 sd). {range}Lines of the first panel and the last stand a little aside."
)


def unrolling_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield a figure for each ring that unrolled generators were trained on."""
    table = _table(results)
    for n, (ring, rows) in enumerate(table.groupby("ring", sort=False)):
        modes = int(rows["modes"].iloc[0])
        yield drawn(
            f"{name}-{n}" if n else name, f"Modes against steps ahead: {ring}", _findings(rows),
            _CAPTION.format(modes=modes, range=marks.RANGE), rows[_DATA],
            partial(_drawing, rows, modes),
        )  # fmt: skip


def _table(results: Results) -> pd.DataFrame:
    """Return the evaluations of unrolled generators, each with its `ring`, K and `terms`."""
    runs = chosen(results.settings, {"algorithm": "unrolled"}) if results.runs else pd.DataFrame()
    known = results.evaluations
    if runs.empty or MODES not in known:
        return pd.DataFrame(columns=[*_DATA, "modes"])
    facts = runs[["run", K]].assign(
        terms=runs["second_term"].map(TERMS),
        ring=[_ring(results, run) for run in runs["run"]],
    )
    table = known[known["ok"] & known[MODES].notna()].merge(facts, on="run")
    return table.astype({MODES: float, K: int})


def _ring(results: Results, run: str) -> str:
    """Return the law and the nets' activation in words."""
    configuration = results.runs[run].configuration
    modes = configuration.data.modes()
    count = 0 if modes is None else len(modes)
    activation = configuration.get("critic.activation")
    return f"{configuration.data.name}, {count} modes" + (f", {activation}" if activation else "")


def _ends(table: pd.DataFrame) -> pd.DataFrame:
    return table.sort_values("iteration").groupby(["run", "seed"]).tail(1)


def _findings(table: pd.DataFrame) -> list[Finding]:
    ends = _ends(table)
    values = {
        str(terms): worded(rows, K, MODES, 2, mean_range, "K={}")
        for terms, rows in ends.groupby("terms")
    }
    return [Finding("Modes covered at the end, mean (smallest to largest) over seeds", values)]


def _drawing(table: pd.DataFrame, modes: int) -> Drawing:
    along = [terms for terms in LOOKS if (table["terms"] == terms).any()]
    shades = ordered_looks(table[K])
    panels = len(along) + 2
    figure, grid = plt.subplots(1, panels, figsize=(panels * WIDTH, HEIGHT + 0.6))
    ends = _ends(table)
    _against_k(grid[0], ends, MODES)
    grid[0].set(title="modes at the end", ylabel="modes covered")
    for axes, terms in zip(grid[1:-1], along, strict=True):
        _along(axes, table[table["terms"] == terms], shades)
        axes.set(title=f"modes along training,\n{terms}", xlabel="generator iteration")
    for axes in grid[:-1]:
        axes.axhline(modes, c=INK, ls=":", lw=1)
        axes.set_ylim(-0.4, modes + 0.6)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    _against_k(grid[-1], ends, "w1")
    marks.floor_band(grid[-1], ends["floor"].mean(), ends["floor_sd"].mean())
    marks.logarithmic(grid[-1].yaxis, ends["w1"], *ends["floor"].dropna())
    grid[-1].set(title="exact W1 at the end", ylabel="W1 (length)")
    named = {terms: LOOKS[terms] for terms in along}
    steps = [marks.entry(f"K = {k}", c=shade, marker=shape) for k, (shade, shape) in shades.items()]
    entries = [*marks.handles(named, ls="-"), *steps, marks.span_handle("W1's floor ± 2 sd")]
    figure.legend(handles=entries, loc="outside upper left", ncols=len(entries))
    return figure


def _against_k(axes: Axes, ends: pd.DataFrame, column: str) -> None:
    """Draw a value at the end against K, a line for each choice of terms."""
    for sign, (terms, (colour, marker)) in zip((-1, 1), LOOKS.items(), strict=True):
        rows = ends[ends["terms"] == terms].dropna(subset=[column])
        if len(rows):
            aside = rows.assign(place=rows[K] + sign * ASIDE)
            marks.bars(axes, aside, "place", column, c=colour, marker=marker)
    axes.set_xlabel("K, critic steps ahead")
    axes.set_xticks(sorted(set(ends[K])))


def _along(axes: Axes, table: pd.DataFrame, shades: dict[float, Look]) -> None:
    """Draw modes along training, a line and a band for each K."""
    for k, (shade, marker) in shades.items():
        rows = table[table[K] == k]
        values = rows.groupby("iteration")[MODES].agg(marks.SPREAD)
        if len(values):
            marks.band(axes, values, shade, 0.2, marker=marker, ms=3.5, mec="none")
