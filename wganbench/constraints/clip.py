"""Weight clipping ([WGAN] algorithm 1, line 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch.nn import Parameter


class Clip(Constraint):
    """Clips every critic parameter, batch-norm scale and bias included, after each critic step."""

    name: Literal["clip"] = "clip"
    clip_value: Annotated[
        float,
        Field(
            gt=0,
            le=1e3,
            description="c: parameters are kept in [-c, c] ([WGAN] algorithm 1: 0.01).",
            json_schema_extra={"slug": "c"},
        ),
    ] = 0.01

    def after_step(self, parameters: Iterable[Parameter]) -> None:
        """Clamp in place, as in the paper; the official code clips before the step."""
        for parameter in parameters:
            parameter.data.clamp_(-self.clip_value, self.clip_value)
