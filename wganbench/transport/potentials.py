"""The optimal critic of two samples: Kantorovich potentials by POT, on exactly these samples."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from wganbench.transport.exact import MAX_ITERATIONS, SolverError, refuse_warnings, uniform
from wganbench.transport.pot import simplex

if TYPE_CHECKING:
    from jaxtyping import Float

_OPTIMAL = 1  # POT's result_code


def exact_potential(
    costs: Float[np.ndarray, "n m"],
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " m"]]:
    """Return an optimal critic's values on the first sample and on the second.

    It is 1-Lipschitz between the samples and E f(x) - E f(y) is their exact W1. Where the simplex
    leaves the first half slack it is raised to the largest feasible one.

    Raises:
        SolverError: the solver warned or did not reach the optimum.
    """
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        n, m = costs.shape
        _, log = simplex.emd(uniform(n), uniform(m), costs, numItermax=MAX_ITERATIONS, log=True)
    refuse_warnings(caught, "exact potential")
    if log["result_code"] != _OPTIMAL:
        raise SolverError(f"exact potential: POT stopped with result code {log['result_code']}")
    second = -np.asarray(log["v"], dtype=np.float64)
    first = (costs + second).min(axis=1)
    return first, second
