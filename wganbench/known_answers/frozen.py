"""Frozen critics: samples that climb one function for ever, by gradient steps of one size."""

from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float

from wganbench.known_answers import Answer, Known

Points = Float[np.ndarray, "n 2"]
Critic = Callable[[Points], Float[np.ndarray, " n"]]

ETA, STEPS, SAMPLES = 0.05, 60, 400
APART = 0.5  # of the differences by which slopes are taken: of squares they are exact
ALONG, ACROSS = np.array([1.0, 1.0]) / np.sqrt(2), np.array([1.0, -1.0]) / np.sqrt(2)

CRITICS: Mapping[str, Critic] = {
    "−(x² + y²)": lambda p: -(p**2).sum(-1),
    "−(x − y)²": lambda p: -((p[:, 0] - p[:, 1]) ** 2),
    "x² + y²": lambda p: (p**2).sum(-1),
}
"""The sources' examples: a best point, a best line, nothing that is best."""
POINT, LINE, NONE = CRITICS


def start() -> Points:
    """Return samples of N(0, I), always the same."""
    return np.random.default_rng(0).standard_normal((SAMPLES, 2))


def climbed(critic: Critic, points: Points, steps: int = STEPS) -> Points:
    """Return where the points are after steps along the critic's slope, taken by differences."""
    moves = APART * np.eye(2)
    for _ in range(steps):
        slopes = [(critic(points + move) - critic(points - move)) / (2 * APART) for move in moves]
        points = points + ETA * np.stack(slopes, axis=-1)
    return points


def _factor(name: str, direction: Float[np.ndarray, "2"]) -> float:
    """Return what the extent along a direction is multiplied by over all steps."""
    before = start()
    after = climbed(CRITICS[name], before)
    return float((after @ direction).std() / (before @ direction).std())


_HOW = f"{STEPS} steps of {ETA:g}, {SAMPLES} samples, slopes by differences"

KNOWN = Known(
    title="A critic that no longer learns",
    source="asked in a discussion of [WGAN]; closed forms by hand",
    answers=(
        Answer(f"f = {POINT}: extent after over before", "(1 − 2η)ⁿ: one point",
               (1 - 2 * ETA) ** STEPS, _factor(POINT, ALONG), _HOW),
        Answer(f"f = {LINE}: the same across the line x = y", "(1 − 4η)ⁿ: a line",
               (1 - 4 * ETA) ** STEPS, _factor(LINE, ACROSS), _HOW),
        Answer(f"f = {LINE}: the same along it", "1: nothing moves", 1, _factor(LINE, ALONG), _HOW),
        Answer(f"f = {NONE}: extent after over before", "(1 + 2η)ⁿ: without bound",
               (1 + 2 * ETA) ** STEPS, _factor(NONE, ALONG), _HOW),
    ),
)  # fmt: skip
