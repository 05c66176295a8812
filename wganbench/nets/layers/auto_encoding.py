"""A critic made of an encoder and a decoder."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from wganbench.nets.layers.critique import Critique


class AutoEncoding(nn.Module):
    """Its value is minus the distance of a sample from its reconstruction."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder, self.decoder = encoder, decoder

    def forward(self, x: Float[Tensor, "replica batch *shape"]) -> Critique:
        flat = x.flatten(2)
        code = self.encoder(flat)
        error = torch.linalg.vector_norm(self.decoder(code) - flat, dim=-1)
        return Critique(-error, {"code": code})
