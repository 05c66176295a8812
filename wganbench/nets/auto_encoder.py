"""The auto-encoder of [EBGAN]: a critic whose value is minus its reconstruction error."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, PositiveInt

from wganbench.nets import Critic, Width

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class AutoEncoderCritic(Critic):
    """One hidden layer of ReLU units on each side of a linear code, on the flattened sample.

    The energy is the Euclidean norm of the error ([EBGAN] section 2.3); 0 is perfect. As critics
    here are high on real samples, the value is its negative.
    """

    name: Annotated[
        Literal["auto-encoder"], Field(json_schema_extra={"slug": {"auto-encoder": "autoencoder"}})
    ] = "auto-encoder"
    width: Width = 128
    code_dim: Annotated[
        PositiveInt,
        Field(
            le=65_536,
            description="Dimensions of an auto-encoder's code.",
            json_schema_extra={"slug": "code"},
        ),
    ] = 32

    def build(self, shape: tuple[int, ...], streams: Streams) -> Module:
        """Return a net that gives a Critique with the `code` [replica batch code]."""
        from torch.nn import Sequential

        from wganbench.nets.layers.activations import ReLU
        from wganbench.nets.layers.auto_encoding import AutoEncoding
        from wganbench.nets.layers.linear import Linear

        inputs, width, code = prod(shape), self.width, self.code_dim
        encoder = Sequential(Linear(streams, inputs, width), ReLU(), Linear(streams, width, code))
        decoder = Sequential(Linear(streams, code, width), ReLU(), Linear(streams, width, inputs))
        return AutoEncoding(encoder, decoder)
