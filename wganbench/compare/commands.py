"""The commands that hold results against one another; `wganbench.cli` takes them in."""

from typing import Annotated

import typer

from wganbench.options import CheckpointOption, ScaleOption, parameters
from wganbench.records.layout import CHECKPOINT_EVERY

comparing = typer.Typer()


@comparing.command()
def compare(
    old: Annotated[str, typer.Argument(help="A scale, a project's folder, or a git revision.")],
    new: Annotated[str, typer.Argument(help="The other.")],
    scale: ScaleOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="All of it, for programs.")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if anything differs, as git diff does.")
    ] = False,
) -> None:
    """Tell what changed between two results: verdicts, runs, numbers."""
    from wganbench.compare.changes import compared
    from wganbench.compare.sides import read_side
    from wganbench.compare.table import print_comparison

    def meant() -> str:
        return scale or parameters().scale

    comparison = compared(read_side(old, meant), read_side(new, meant))
    if as_json:
        typer.echo(comparison.model_dump_json(indent=2))
    else:
        print_comparison(comparison)
    raise typer.Exit(code=1 if exit_code and comparison.differs else 0)


@comparing.command()
def replay(
    run: Annotated[str, typer.Argument(help="EXPERIMENT/NAME, or a finished run's folder.")],
    device: Annotated[str, typer.Option(help="cpu or cuda.")] = "cpu",
    checkpoint_every: CheckpointOption = CHECKPOINT_EVERY,
) -> None:
    """Train a finished run again and tell whether the same came out.

    Its run.json says how. The results stay as they are. Exit code 1 if it differs by more than
    seeds do.
    """
    from wganbench.compare.replay import found_run, print_replay
    from wganbench.compare.replay import replay as train_again

    replayed = train_again(found_run(run), device, checkpoint_every)
    print_replay(replayed)
    raise typer.Exit(code=1 if replayed.outcome == "different" else 0)
