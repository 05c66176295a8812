"""Games of two numbers: x minimises V(x, y), y maximises it, by gradient steps of one size."""

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np
from jaxtyping import Float

from wganbench.known_answers import Answer, Known

State = Float[np.ndarray, "2"]
Field = Callable[[State], State]
Step = Callable[[Field, State, float], State]

ETA, DELTA, STEPS = 0.2, 0.5, 100
START = np.array([1.0, 0.0])


def bilinear(state: State) -> State:
    """Return where the players of V = x y go: x down, y up."""
    x, y = state
    return np.array([-y, x])


def convex(state: State) -> State:
    """Return the same for V = x y + delta/2 (x^2 - y^2), strongly convex and concave by delta."""
    x, y = state
    return np.array([-y - DELTA * x, x - DELTA * y])


def simultaneous(field: Field, state: State, eta: float) -> State:
    """Move both players by the field where they stand."""
    return state + eta * field(state)


def alternating(field: Field, state: State, eta: float) -> State:
    """Move x, then y by the field where x has come to."""
    moved = np.array([state[0] + eta * field(state)[0], state[1]])
    return np.array([moved[0], moved[1] + eta * field(moved)[1]])


def extragradient(field: Field, state: State, eta: float) -> State:
    """Move both by the field where a simultaneous step would lead (Korpelevich 1976)."""
    return state + eta * field(simultaneous(field, state, eta))


WAYS: Mapping[str, Step] = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "extra-gradient": extragradient,
}


def path(step: Step, field: Field, eta: float, steps: int = STEPS) -> Float[np.ndarray, "step 2"]:
    """Return the players' places, the first of them (1, 0)."""
    places = [START]
    for _ in range(steps):
        places.append(step(field, places[-1], eta))
    return np.stack(places)


def _factor(step: Step, field: Field, eta: float) -> float:
    """Return what a step multiplies the distance from (0, 0) by, over the whole path."""
    radii = np.linalg.norm(path(step, field, eta), axis=-1)
    return float((radii[-1] / radii[0]) ** (1 / STEPS))


def _farthest() -> float:
    """Return the largest x^2 - eta x y + y^2 of alternating steps over the smallest."""
    x, y = path(alternating, bilinear, ETA).T
    kept = x**2 - ETA * x * y + y**2
    return float(kept.max() / kept.min())


_BEST = DELTA / (1 + DELTA**2)

KNOWN = Known(
    title="Games",
    source="V = xy, of which lectures say that the players orbit; closed forms by hand",
    answers=(
        Answer(f"growth of the radius, simultaneous steps of {ETA:g}", "√(1 + η²)",
               sqrt(1 + ETA**2), _factor(simultaneous, bilinear, ETA), f"{STEPS} steps"),
        Answer(f"the same, extra-gradient steps of {ETA:g}", "√(1 − η² + η⁴)",
               sqrt(1 - ETA**2 + ETA**4), _factor(extragradient, bilinear, ETA), f"{STEPS} steps"),
        Answer("x² − ηxy + y², alternating steps: largest over smallest", "1: it is kept", 1,
               _farthest(), f"{STEPS} steps"),
        Answer(f"V = xy + δ/2 (x² − y²), δ = {DELTA:g}, η = δ/(1 + δ²): squared radius a step",
               "1 − δ²/(1 + δ²)", 1 - DELTA**2 / (1 + DELTA**2),
               _factor(simultaneous, convex, _BEST) ** 2, f"{STEPS} steps"),
    ),
)  # fmt: skip
