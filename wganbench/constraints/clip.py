"""Weight clipping ([WGAN] algorithm 1, line 7), and how its official code departs from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from wganbench.constraints import Constraint

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.game import Log

AT_END = 0.001  # of c: so near to it lies a weight that clipping has stopped


class Clip(Constraint):
    """Keeps critic parameters in [-c, c]."""

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
    order: Annotated[
        Literal["after", "before"],
        Field(
            description="Clip after each critic step (the paper's algorithm) or before (its code).",
            json_schema_extra={"slug": {"after": "", "before": "clipbefore"}},
        ),
    ] = "after"
    norm_parameters: Annotated[
        bool,
        Field(
            description="Clip the scales and shifts of batch or layer norm too, as the official "
            "code does.",
            json_schema_extra={"slug": {"True": "", "False": "normfree"}},
        ),
    ] = True

    def before_step(self, critic: Module) -> None:
        """Clamp if the order is the official code's."""
        if self.order == "before":
            self._clamp(critic)

    def after_step(self, critic: Module) -> None:
        """Clamp if the order is the paper's."""
        if self.order == "after":
            self._clamp(critic)

    def measured(self, critic: Module) -> Log:
        """Return the share of weights at -c or c: [GP] figure 1b, right."""
        import torch

        parameters = critic.named_parameters()
        weights = [p.detach() for name, p in parameters if name.rpartition(".")[2] == "weight"]
        if not weights:
            return {}
        off = [(weight.abs() / self.clip_value - 1).abs() for weight in weights]
        stopped = torch.stack([(o <= AT_END).flatten(1).sum(1) for o in off]).sum(0)
        return {"weights_at_ends": stopped / sum(weight[0].numel() for weight in weights)}

    def _clamp(self, critic: Module) -> None:
        from wganbench.nets.layers.norm import Affine

        for layer in critic.modules():
            if self.norm_parameters or not isinstance(layer, Affine):
                for parameter in layer.parameters(recurse=False):
                    parameter.data.clamp_(-self.clip_value, self.clip_value)
