"""Options that several commands share."""

from typing import Annotated

import typer

ScaleOption = Annotated[
    str | None,
    typer.Option("--scale", help="smoke, laptop, gpu or paper. Default: params.yaml's."),
]
CheckpointOption = Annotated[
    float, typer.Option(min=0, help="Seconds between two checkpoints: what a kill costs.")
]
