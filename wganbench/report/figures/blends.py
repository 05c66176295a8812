"""Between GAN and WGAN: how near generators come by alpha, the GAN's share of both losses."""

from collections.abc import Iterator
from functools import partial

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from wganbench.gather.load import Results
from wganbench.objectives.blend import Blend
from wganbench.report.style.blocks import Drawing, Figure, Finding, drawn
from wganbench.report.style.looks import Look
from wganbench.report.style.marks import RANGE, bars, handles, logarithmic
from wganbench.report.style.wording import mean_sd

LOOKS: dict[str, Look] = {
    "minimax": ("#D55E00", "o"),
    "non-saturating": ("#0072B2", "s"),
    "average": ("#009E73", "^"),
}
"""By the GAN's loss of the generator."""
AS_WGAN, AS_GAN = "trained as a WGAN", "trained as a GAN"
ROWS = {"over_floor": "exact W1 over its floor", "modes_loose": "modes covered"}
SHIFT = 0.012  # of alpha, between losses
_DATA = ("run", "alpha", "loss", "trained", "seed", "w1", "floor", "over_floor", "modes_loose")
_CAPTION = (
    f"{RANGE}Left: clipped, RMSProp, five critic steps, both losses alpha times a GAN's plus "
    "1 - alpha times a WGAN's; at alpha 0 all losses of the generator are WGAN's. Right: as GANs "
    "are trained, at alpha 1: no clip, Adam, one critic step. Average: half of each of "
    "Goodfellow's losses, which is linear in the discriminator's logit as WGAN's is."
)


def blend_figures(results: Results, name: str) -> Iterator[Figure]:
    """Yield a figure for each law on which blends were trained."""
    table = _table(results)
    for law, rows in table.groupby("data", sort=False):
        yield drawn(
            f"{name}-{law}", f"Between GAN and WGAN ({law})", _findings(rows), _CAPTION,
            rows[list(_DATA)], partial(_drawing, rows),
        )  # fmt: skip


def _table(results: Results) -> pd.DataFrame:
    """Return the last evaluations of blends; that of a WGAN once for each loss that is blended."""
    planned = {run: each.configuration for run, each in results.runs.items()}
    blends = {run: c.objective for run, c in planned.items() if isinstance(c.objective, Blend)}
    final = results.final().dropna(subset=["w1"])
    final = final[final["run"].isin(blends)]
    table = final.assign(
        over_floor=final["w1"] / final["floor"],
        alpha=final["run"].map({run: blend.share for run, blend in blends.items()}).astype(float),
        loss=final["run"].map({run: blend.gan_loss for run, blend in blends.items()}),
        trained=final["run"].map(
            {
                run: AS_WGAN if planned[run].get("constraint.name") == "clip" else AS_GAN
                for run in blends
            }
        ),
    )
    wgan, others = table[table["alpha"] == 0], table[table["alpha"] > 0]
    blended = dict.fromkeys(others.loc[others["alpha"] < 1, "loss"])
    return pd.concat([*(wgan.assign(loss=loss) for loss in blended or LOOKS), others])


def _findings(table: pd.DataFrame) -> list[Finding]:
    values: dict[str, dict[str, str]] = {}
    ordered = table.sort_values("trained", ascending=False, kind="stable")
    for (trained, loss), rows in ordered.groupby(["trained", "loss"], sort=False):
        values[f"{loss}, {trained}"] = {
            f"alpha {alpha:g}": mean_sd(seeds["over_floor"])
            for alpha, seeds in rows.groupby("alpha")
        }
    return [Finding("Exact W1 over its floor, mean ± standard deviation over seeds", values)]


def _drawing(table: pd.DataFrame) -> Drawing:
    figure, grid = plt.subplots(
        len(ROWS), 2, figsize=(7.4, 4.6), width_ratios=(3, 1), sharex="col", sharey="row"
    )
    for (column, words), (left, right) in zip(ROWS.items(), grid, strict=True):
        _by_alpha(left, table[table["trained"] == AS_WGAN], column)
        _by_loss(right, table[table["trained"] == AS_GAN], column)
        left.set_ylabel(words)
    logarithmic(grid[0, 0].yaxis, table["over_floor"])
    grid[0, 0].set_title(AS_WGAN)
    grid[0, 1].set_title(AS_GAN)
    grid[-1, 0].set_xlabel("alpha: 0 is a WGAN, 1 a GAN that is trained as one")
    grid[-1, 1].set_xlabel("alpha 1")
    figure.legend(handles=handles(LOOKS, ms=6), loc="outside upper left", ncols=3)
    return figure


def _by_alpha(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for k, (loss, (ink, marker)) in enumerate(LOOKS.items()):
        rows = table[table["loss"] == loss]
        if len(rows):
            moved = rows.assign(alpha=rows["alpha"] + SHIFT * (k - 1))
            bars(axes, moved, "alpha", column, c=ink, marker=marker)
    axes.set_xticks(sorted(set(table["alpha"])))


def _by_loss(axes: Axes, table: pd.DataFrame, column: str) -> None:
    for k, (loss, (ink, marker)) in enumerate(LOOKS.items()):
        rows = table[table["loss"] == loss].assign(place=float(k))
        if len(rows):
            bars(axes, rows, "place", column, c=ink, marker=marker)
    axes.set_xticks([])
    axes.set_xlim(-0.6, len(LOOKS) - 0.4)
