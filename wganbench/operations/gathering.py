"""The commands that look at many runs: what is chosen, summary, verdicts and report.

`wganbench.cli` takes them in.
"""

from typing import TYPE_CHECKING, Annotated

import typer

from wganbench.errors import UserError
from wganbench.options import FinishedOption, ScaleOption, parameters
from wganbench.records.layout import CLAIMS, REPORTS, RUNS, SCALES

if TYPE_CHECKING:
    from wganbench.operations.finished import Part
    from wganbench.plan.params import Params

gathering = typer.Typer()


@gathering.command()
def choose(
    experiment: Annotated[str, typer.Argument(help="An experiment that is tuned.")],
    scale: ScaleOption = None,
) -> None:
    """Choose the setting of each tuned configuration, by its trained and measured candidates.

    The chosen one is trained with the scale's other seeds.
    """
    from wganbench.gather.choosing import chosen_settings, write_choices

    params = parameters(scale)
    runs = params.possible_runs([experiment]).get(experiment, [])
    if not any(run.candidate for run in runs):
        raise UserError(f"{experiment}: nothing is tuned at scale {params.scale}")
    made = chosen_settings(runs, RUNS)
    typer.echo(write_choices(made, experiment, params.scale, RUNS))


@gathering.command()
def summary(scale: ScaleOption = None, finished: FinishedOption = False) -> None:
    """Gather all runs in results/scales/SCALE/: summary.*, metrics.json, plots/."""
    from wganbench.report.tables.summary import write_summary

    params = parameters(scale)
    write_summary(_part(params, finished).all_runs, RUNS, SCALES / params.scale)


@gathering.command()
def claims(
    scale: ScaleOption = None,
    finished: FinishedOption = False,
    read: Annotated[
        bool, typer.Option("--read", help="Judge nothing: show what is in the file.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="The content of the file, not a table.")
    ] = False,
) -> None:
    """Judge the papers' claims: a table, and claims.json in results/scales/SCALE/."""
    from wganbench.claims.judging.store import write_claims
    from wganbench.claims.judging.table import print_verdicts
    from wganbench.freed_memory import keep_freed_memory
    from wganbench.records.claims import as_text, read_claims

    params = parameters(scale)
    results = SCALES / params.scale
    if read:
        judged = read_claims(results / CLAIMS)
    else:
        keep_freed_memory()
        part = _part(params, finished)
        judged = write_claims(part.all_runs, params.scale, RUNS, results, part.shares)
    if as_json:
        typer.echo(as_text(judged), nl=False)
    else:
        print_verdicts(judged)


@gathering.command()
def report(scale: ScaleOption = None, finished: FinishedOption = False) -> None:
    """Write reports/*.html from the results and the verdicts."""
    from wganbench.claims.judging.store import check_current, read_other_claims
    from wganbench.records.claims import read_claims
    from wganbench.report.site.write import write_report

    params = parameters(scale)
    path = SCALES / params.scale / CLAIMS
    ours = read_claims(path)
    check_current(ours, path)
    claims = [ours, *read_other_claims(params.scale)]
    part = _part(params, finished)
    path = write_report(
        params.experiments(), part.runs, params.scale, RUNS, REPORTS, claims, gaps=list(part.gaps())
    )
    typer.echo(path)


def _part(params: "Params", finished: bool) -> "Part":
    """Return what results are gathered of, and say on standard error what is left out."""
    from wganbench.operations.finished import part_of

    part = part_of(params, finished=finished)
    for line in part.gaps():
        typer.echo(line, err=True)
    return part
