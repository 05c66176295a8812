"""A fixed generator: the model law is given, and the critic is trained alone."""

from typing import Literal

from wganbench.nets import Generator


class FixedGenerator(Generator):
    """Stands for the second law of a pair, so that a critic can be trained to optimality.

    [WGAN] figures 1 and 2 compare what discriminator and critic make of two given laws.
    """

    name: Literal["fixed"] = "fixed"
