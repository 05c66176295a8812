"""Pairs of laws whose W1 is known in any dimension: the funnels of [KSB]."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import AfterValidator, Field, PositiveInt

from wganbench.data import HELDOUT_SIZE, TRAIN_SIZE, Arrays, PairOfLaws

if TYPE_CHECKING:
    from jaxtyping import Float

    from wganbench.data.known.funnels import FunnelPair

TRUTH_SAMPLES = 50_000


def _printable(file: str) -> str:
    if file and not file.isprintable():
        raise ValueError("holds a character that no file's name should")
    return file


class Funnels(PairOfLaws):
    """Korotin, Kolesov, Burnaev 2022: X, moved down its transport ray, against Y, uniform on a box.

    The optimal critic, high on X, is minus the funnels' lower envelope.
    """

    name: Literal["funnels"] = "funnels"
    dim: Annotated[
        PositiveInt,
        Field(le=1024, description="Dimensions.", json_schema_extra={"slug": "d"}),
    ]
    funnels: Annotated[
        PositiveInt,
        Field(le=4096, description="Number of funnels.", json_schema_extra={"slug": "n"}),
    ] = 4
    seed: Annotated[int, Field(ge=0, description="Seed of the funnels' places and heights.")] = 0
    file: Annotated[
        str,
        Field(
            max_length=4096,
            description="Instead of a seed an .npz file with arrays dD_nN_centers and dD_nN_bias, "
            "or a torch state dict of one pair (.pt, .pth), as [KSB] publish them.",
        ),
        AfterValidator(_printable),
    ] = ""
    source: ClassVar[str] = "[KSB] section 4"

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.dim,)

    def raw_files(self) -> list[Path]:
        return [Path(self.file)] if self.file else []

    def pair(self) -> FunnelPair:
        """Return the pair of laws.

        Raises:
            UserError: the file is missing or does not hold the pair.
        """
        # Planning imports this module, so scipy waits until a pair is wanted.
        from wganbench.data.known.funnel_files import load
        from wganbench.data.known.funnels import FunnelPair

        if self.file:
            return load(Path(self.file), self.dim, self.funnels)
        return FunnelPair.random(self.dim, self.funnels, self.seed)

    def generate(self, rng: np.random.Generator) -> Arrays:
        """Return X as the real law and Y as the model's, independently drawn.

        Raises:
            UserError: the file is missing or does not hold the pair.
        """
        pair = self.pair()
        return Arrays(
            train=pair.sample_x(TRAIN_SIZE, rng).astype(np.float32),
            heldout=pair.sample_x(HELDOUT_SIZE, rng).astype(np.float32),
            train_model=pair.sample_y(TRAIN_SIZE, rng).astype(np.float32),
            heldout_model=pair.sample_y(HELDOUT_SIZE, rng).astype(np.float32),
        )

    def true_w1(self) -> tuple[float, float]:
        """Return the mean length of the coupled pairs' rays and its standard error."""
        return self.pair().true_w1(TRUTH_SAMPLES, np.random.default_rng(0))

    def true_gradient(self, points: Float[np.ndarray, "n dim"]) -> Float[np.ndarray, "n dim"]:
        return -self.pair().potential_gradient(points.astype(np.float64))
