"""Encoders: what reads a sample's latent off the sample; one module per architecture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plugins import Plugin

if TYPE_CHECKING:
    from torch.nn import Module

    from wganbench.training.streams import Streams


class Encoder(Plugin):
    """Maps samples to means and logarithms of variances of normal laws of their latents."""

    def misfit(self, shape: tuple[int, ...]) -> str:
        """Return why it cannot read samples of this shape, or nothing if it can."""
        return ""

    def build(self, shape: tuple[int, ...], latent_dim: int, streams: Streams) -> Module:
        """Return a net from [replica batch *shape] to [replica batch 2 latent_dim], means first."""
        raise NotImplementedError
