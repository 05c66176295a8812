"""The commands that measure what users bring; `wganbench.cli` takes them in."""

from pathlib import Path
from typing import Annotated

import typer

from wganbench.options import Commands

measuring = typer.Typer()
measure = typer.Typer(help="Measure two samples of your own.", cls=Commands)
measuring.add_typer(measure, name="measure")
JsonOption = Annotated[bool, typer.Option("--json", help="All numbers, for programs.")]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a page here too.")]


@measure.command("points")
def measure_points(
    first: Annotated[
        Path, typer.Argument(help="Points, one row each: .npy, .npz, .csv or .parquet.")
    ],
    reference: Annotated[
        Path, typer.Argument(help="Those that they are held against; the floor is theirs.")
    ],
    critic: Annotated[
        list[str] | None,
        typer.Option(help="Train critics of this method between them too; may be repeated."),
    ] = None,
    iterations: Annotated[int, typer.Option(min=1, help="Critic steps.")] = 3000,
    most: Annotated[
        int, typer.Option(min=4, help="Use at most so many rows of each, drawn at random.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Of what is drawn.")] = 0,
    device: Annotated[str, typer.Option(help="cpu or cuda, for critics.")] = "cpu",
    as_json: JsonOption = False,
    html: HtmlOption = None,
) -> None:
    """Exact W1, sliced W1 and Sinkhorn divergence between two files of points.

    Each stands beside its floor: what two samples of the reference have.
    """
    from dataclasses import replace

    from wganbench.data.raw.point_files import read_points
    from wganbench.measure.critics import critics_of_points
    from wganbench.measure.points import measure_points as measured
    from wganbench.measure.points import thinned
    from wganbench.measure.show import as_json_text, points_page, print_points

    names = str(first), str(reference)
    x, y = (thinned(read_points(path), most, seed) for path in (first, reference))
    found = measured(x, y, names=names, seed=seed)
    if critic:
        trained = critics_of_points(
            x, y, critic, names=names, iterations=iterations, device=device
        )  # fmt: skip
        found = replace(found, critics=tuple(trained))
    if html:
        points_page(found, html)
    if as_json:
        typer.echo(as_json_text(found), nl=False)
    else:
        print_points(found)
