"""What several commands share: options, and the plan's parameters that these are laid over."""

from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer.core import TyperOption

    from wganbench.plan.params import Params

ScaleOption = Annotated[
    str | None,
    typer.Option(
        "--scale", help="smoke, laptop, desk, gpu, paper or your own. Default: params.yaml's."
    ),
]
DeviceOption = Annotated[
    str | None, typer.Option(help="cpu, cuda or auto. Default: params.yaml's.")
]
CheckpointOption = Annotated[
    float, typer.Option(min=0, help="Seconds between two checkpoints: what a kill costs.")
]

KeepOption = Annotated[
    bool,
    typer.Option(
        "--keep-state",
        help="Keep the state at the end in scratch/kept/, with the samples of all evaluations: the "
        "same run with more iterations goes on from there.",
    ),
]
FinishedOption = Annotated[
    bool,
    typer.Option(
        "--finished",
        help="Leave out the runs that are not done, and name them; a claim says nothing then where "
        "an experiment lacks one.",
    ),
]


class Commands(TyperGroup):
    """Commands whose help is shown where none is named, and without importing pydantic.

    Typer asks pydantic to convert what is not a boolean, so also the None of an absent `--help`.
    """

    def get_help_option(self, ctx: "Context") -> "TyperOption | None":
        option = super().get_help_option(ctx)
        if option:
            option.default = False
        return option

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        if not args:
            typer.echo(ctx.get_help())
            ctx.exit(2)
        return super().parse_args(ctx, args)


def parameters(scale: str | None = None, device: str | None = None) -> "Params":
    """Return what params.yaml holds, imported late: a broken plug-in ends a command in one line.

    Raises:
        UserError: this is not a project's folder, or a value is wrong.
    """
    from wganbench.plan.params import load_params

    return load_params(scale, device=device)
