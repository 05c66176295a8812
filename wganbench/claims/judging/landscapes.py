"""What a trained critic looks like, as one number for each replica."""

import numpy as np
from jaxtyping import Float
from scipy.special import expit

AT_END = 0.001  # of c: so near to it lies a weight that clipping has stopped
BULK = 2.0  # standard deviations about a mean: where nearly all of a Gaussian's samples lie
# Norms whose squares are 0 in single precision are as good as these many decades down.
LOST_DECADES = 20.0


def growth(norms: Float[np.ndarray, " layer"]) -> float:
    """Return the decades by which a gradient grows from the last layer to the first.

    Negative where it vanishes on the way; -20 at most, which is also what a lost one counts as.
    """
    first, last = norms[0], norms[-1]
    if not (first > 0 and last > 0):
        return -LOST_DECADES
    return float(np.clip(np.log10(first / last), -LOST_DECADES, LOST_DECADES))


def share_at_ends(weights: Float[np.ndarray, " weight"], clip_value: float) -> float:
    """Return the share of weights at -c or c; beyond them there are none if they are clipped."""
    return float((np.abs(np.abs(weights) / clip_value - 1) <= AT_END).mean())


def share_of_pull(
    x: Float[np.ndarray, " point"],
    values: Float[np.ndarray, " point"],
    slopes: Float[np.ndarray, " point"],
    means: tuple[float, float],
    is_discriminator: bool,
) -> float:
    """Return the slope left for the model's samples as a share of the largest between the laws.

    The median over the model's bulk, as [WGAN] figure 2 draws the curves: of a discriminator that
    is D = sigmoid(f), whose slope is D (1 - D) |f'|; a critic is drawn as it is. 0 where all is
    flat.

    Args:
        x: points of the line.
        values: the net's output there.
        slopes: the size of its derivative there.
        means: the real law's and the model's; both have standard deviation 1.
        is_discriminator: whether the output is the logit of a probability.
    """
    drawn = slopes * expit(values) * expit(-values) if is_discriminator else slopes
    between = (x >= min(means) - BULK) & (x <= max(means) + BULK)
    at_model = np.abs(x - means[1]) <= BULK
    largest = drawn[between].max()
    return float(np.median(drawn[at_model]) / largest) if largest > 0 else 0.0


def explained(values: Float[np.ndarray, " point"], potential: Float[np.ndarray, " point"]) -> float:
    """Return the share of the potential's variance that the critic explains, scale and level free.

    0 for a critic that is flat, or that falls where the potential rises.
    """
    if values.std() <= np.finfo(np.float32).eps * np.abs(values).max():
        return 0.0
    return float(max(np.corrcoef(values, potential)[0, 1], 0.0) ** 2)
