"""[fGAN] table 3: a Gaussian fitted to a mixture: printed, exact and learned."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from wganbench.claims.judging.evidence import Evidence, evidence_of
from wganbench.claims.judging.fits import best, exact, fits, objectives
from wganbench.data.fgan_fit import LEARNED
from wganbench.gather.load import Results
from wganbench.gather.measures.relearned_divergence import CROSS
from wganbench.objectives.f_gan import FGAN
from wganbench.report.style.blocks import Cell, Table, TableRow, measured, tabulated


class Printed(NamedTuple):
    """A column of the table, each at the best fit and as learned."""

    divergence: tuple[float, float]
    mean: tuple[float, float]
    sd: tuple[float, float]


# By recall; tests hold what can be computed of it, the best fits, against quadrature.
PRINTED: Mapping[str, Printed] = {
    name: Printed(divergence, *zip(best, LEARNED[name], strict=True))
    for name, divergence, best in (
        ("kl", (0.2831, 0.2801), (1.0100, 1.8308)),
        ("reverse-kl", (0.2480, 0.2415), (1.5782, 1.6319)),
        ("js", (0.1280, 0.1226), (1.3070, 1.7542)),
        ("jeffrey", (0.5705, 0.5151), (1.3218, 1.7034)),
        ("pearson", (0.6457, 0.6379), (0.5737, 1.9274)),
    )
}
DIGITS = 4  # as printed
_CAPTION = (
    "Printed: the paper's table as it is quoted, by recall; not checked against the paper's text. "
    "Best: by quadrature on the mixture, which is recovered from these very numbers. Learned: mean "
    "± standard deviation over seeds at the last evaluation; D_f is there the trained critic's "
    "bound, integrated under both laws."
)
_CRITICS_CAPTION = (
    "What critics learn (their bound F, integrated under both laws) between the mixture and a "
    "normal law with the mean and deviation that the paper prints as learned (recall) on the "
    "divergence that the row names: a critic trained alone for each entry, as in the paper, mean ± "
    "standard deviation over seeds. In brackets the exact divergence, by quadrature, which no "
    "critic exceeds."
)
_CROSS_CAPTION = (
    "Exact divergence, by quadrature, of the models that were trained on the divergence that the "
    "row names, measured in that which the column names: mean ± standard deviation over seeds, and "
    "in brackets that of the means and deviations printed as learned (recall). The paper's own "
    "table trains a critic for each entry. A divergence is best on its own row where its column's "
    "least value lies on the diagonal."
)


def fit_tables(results: Results, name: str) -> Iterator[Table]:
    """Yield the table, and the cross tables below it, exact and by critics; those with runs."""
    if not results.runs:
        return
    evidence = evidence_of(results)
    table = fits(evidence).dropna()
    if len(table):
        models = {
            group["objective"].iloc[0]: group for _, group in table.groupby("run", sort=False)
        }
        rows = [row for objective, seeds in models.items() for row in _rows(objective, seeds)]
        yield tabulated(name, "Best fits, printed, exact and learned", _CAPTION, rows, table["run"])
        crossed = [_crossed(objective, seeds, list(models)) for objective, seeds in models.items()]
        title = "Trained on one divergence, measured in another"
        yield tabulated(f"{name}-cross", title, _CROSS_CAPTION, crossed, table["run"])
    said = evidence.measure("relearned_divergence", CROSS)
    if len(said):
        title = "The paper's fits, measured by critics that are trained anew"
        rows = list(_by_critics(said, evidence))
        yield tabulated(f"{name}-critics", title, _CRITICS_CAPTION, rows, said["run"])


def _by_critics(said: pd.DataFrame, evidence: Evidence) -> Iterator[TableRow]:
    """Yield a row for each of the paper's fits, with a cell for each divergence."""
    known = objectives(evidence, CROSS)
    fit = evidence.runs(CROSS).set_index("run")["data.trained_on"]
    names = {name: FGAN.model_validate({"f_divergence": name}).row.short for name in LEARNED}
    by = dict.fromkeys(sorted(known.values(), key=lambda one: [*LEARNED].index(one.f_divergence)))
    for trained_on in (name for name in LEARNED if name in set(fit)):
        row: dict[str, Cell | str] = {"trained on": names[trained_on]}
        for objective in by:
            runs = {run for run, one in known.items() if (fit[run], one) == (trained_on, objective)}
            values = said.loc[said["run"].isin(runs), "value"]
            truth = f" ({exact(objective, *LEARNED[trained_on]):.{DIGITS}f})"
            row[objective.row.short] = measured(values, DIGITS, unit=truth)
        yield row


def _rows(objective: FGAN, seeds: pd.DataFrame) -> Iterator[TableRow]:
    fit, printed = best(objective), PRINTED.get(objective.f_divergence)
    quantities = {
        "D_f": (fit.divergence, seeds["learned"], printed and printed.divergence),
        "mean": (fit.mean, seeds["mean"], printed and printed.mean),
        "standard deviation": (fit.sd, seeds["sd"], printed and printed.sd),
    }
    for quantity, (right, learned, pair) in quantities.items():
        yield {
            "divergence": objective.row.short,
            "of the model": quantity,
            "best, printed": _number(pair and pair[0]),
            "best": _number(right),
            "learned, printed": _number(pair and pair[1]),
            "learned": measured(learned, DIGITS),
        }


def _crossed(objective: FGAN, seeds: pd.DataFrame, columns: Sequence[FGAN]) -> TableRow:
    row: dict[str, Cell | str] = {"trained on": objective.row.short}
    for column in columns:
        laws = zip(seeds["mean"], seeds["sd"], strict=True)
        values = pd.Series([exact(column, mean, sd) for mean, sd in laws])
        printed = PRINTED.get(objective.f_divergence)
        theirs = printed and exact(column, printed.mean[1], printed.sd[1])
        row[column.row.short] = measured(
            values, DIGITS, unit=f" ({theirs:.{DIGITS}f})" if theirs else ""
        )
    return row


def _number(value: float | None) -> Cell:
    return Cell(f"{value:.{DIGITS}f}", value) if value is not None else Cell("")
