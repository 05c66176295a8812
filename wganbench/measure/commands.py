"""The commands that measure what users bring, and sample for it; `wganbench.cli` takes them in."""

from pathlib import Path
from typing import Annotated

import typer

from wganbench.options import Commands, parameters

measuring = typer.Typer()
measure = typer.Typer(help="Measure two samples of your own, or a run.", cls=Commands)
measuring.add_typer(measure, name="measure")
JsonOption = Annotated[bool, typer.Option("--json", help="All numbers, for programs.")]
HtmlOption = Annotated[Path | None, typer.Option("--html", help="Write a page here too.")]


@measuring.command()
def sample(
    run: Annotated[str, typer.Argument(help="EXPERIMENT/NAME, or a finished run's folder.")],
    out: Annotated[
        Path, typer.Argument(help="An .npy file, or a folder that gets a PNG for each image.")
    ],
    n: Annotated[int, typer.Option("-n", "--number", min=1, help="How many samples.")] = 1000,
    seed: Annotated[
        int | None, typer.Option(help="Which replica, by its seed. Default: the first.")
    ] = None,
) -> None:
    """Sample a finished run's generator.

    The first samples are those that the run saved at the end.
    """
    from wganbench.compare.replay import found_run
    from wganbench.operations.sample import write_samples_of

    used = write_samples_of(found_run(run), out, n, seed)
    typer.echo(f"{out}: {n} samples of {run}, seed {used}")


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
    from wganbench.measure.show import show

    names = str(first), str(reference)
    x, y = (thinned(read_points(path), most, seed) for path in (first, reference))
    found = measured(x, y, names=names, seed=seed)
    if critic:
        trained = critics_of_points(
            x, y, critic, names=names, iterations=iterations, device=device
        )  # fmt: skip
        found = replace(found, critics=tuple(trained))
    show(found, as_json=as_json, html=html)


@measure.command("run")
def measure_run(
    run: Annotated[str, typer.Argument(help="EXPERIMENT/NAME, or a finished run's folder.")],
    as_json: JsonOption = False,
    html: HtmlOption = None,
) -> None:
    """A finished run, as those of the plan are: the tables go beside its other files.

    No plan has to know it: a folder that `wganbench train --config` made will do.
    """
    from wganbench.compare.replay import found_run
    from wganbench.measure.runs import measure_run as measured
    from wganbench.measure.show import show

    found = measured(found_run(run), parameters().extractor)
    show(found, as_json=as_json, html=html)


@measure.command("images")
def measure_images(
    images: Annotated[
        Path, typer.Argument(help="A folder of images, or an .npy or .npz file of one array.")
    ],
    reference: Annotated[
        str, typer.Argument(help="Real ones: a data set's id, as in data/, a folder or a file.")
    ],
    inception: Annotated[
        bool, typer.Option("--inception", help="In Inception's space, with weights you provide.")
    ] = False,
    size: Annotated[
        int | None, typer.Option(min=16, help="Rows to which folders' images are brought.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of what is drawn.")] = 0,
    as_json: JsonOption = False,
    html: HtmlOption = None,
) -> None:
    """Distance of patches, and in a feature space FID, KID, precision and recall.

    Each stands beside what equally many real images get. A data set with labels is measured in the
    space of its own classifier (`wganbench extractor`), as runs are.
    """
    from wganbench.measure.image_sets import read_images, read_reference
    from wganbench.measure.images import measure_images as measured
    from wganbench.measure.show import show
    from wganbench.measure.spaces import made_data_set, space_for
    from wganbench.training.process import prepare_torch

    prepare_torch("cpu")
    data = made_data_set(reference)
    real = read_reference(reference, data, size)
    space = space_for(data, inception=inception)
    channels, rows = real.images.shape[1], real.images.shape[-1]
    given = read_images(images, rows, channels)
    found = measured(given, real, space, name=str(images), seed=seed)
    show(found, as_json=as_json, html=html)
