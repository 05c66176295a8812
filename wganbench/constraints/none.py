"""No constraint: the discriminator of a GAN."""

from typing import Literal

from wganbench.constraints import Constraint


class Unconstrained(Constraint):
    """Leaves the critic free."""

    name: Literal["none"] = "none"
