"""How large a run's files will be, from its configuration."""

import numpy as np

from wganbench.constraints import Constraint
from wganbench.evaluation_points import evaluation_points
from wganbench.plan.configuration import Configuration
from wganbench.plan.runs import Run
from wganbench.plan.step import sample_bytes, saved_samples
from wganbench.records.data import Arrays
from wganbench.training.critic_evaluation import GRID_POINTS
from wganbench.training.game import Game

FLOAT = 4  # bytes
GRADIENT_NORMS = 3  # on real samples, generated ones and interpolates
# Measured: a value of a curve takes 4 bytes and some for its place in the column's dictionary.
CURVE_VALUE = 6
MEASURED_ROW = 120  # of transport.parquet and fidelity.parquet, a seed's evaluation point each
SMALL_FILES = 15_000  # run.json and what every file's headers and schema take


class Sizes:
    """Bytes of runs' files, about, if no seed stops early; nets that are alike are built once."""

    def __init__(self) -> None:
        self._networks: dict[str, int] = {}

    def files(self, run: Run) -> dict[str, int]:
        c = run.configuration
        points, seeds = evaluation_points(c), len(run.seeds)
        logged = c.iterations // c.log_every + sum(point % c.log_every > 0 for point in points)
        return {
            "samples.npz": _samples(run, len(points)),
            "networks.safetensors": seeds * self._networks_of_replica(c),
            "curves.parquet": seeds * logged * _values(c) * CURVE_VALUE,
            "other": seeds * len(points) * MEASURED_ROW + SMALL_FILES,
        }

    def _networks_of_replica(self, c: Configuration) -> int:
        """Return the bytes of one replica's networks, which are built to be counted."""
        key = c.model_dump_json(include={"data", "algorithm"})
        if key not in self._networks:
            empty = np.zeros((1, *c.data.shape), dtype=np.float32)
            arrays = Arrays(empty, empty, empty, empty)
            nets = Game(c, arrays, (0,), "cpu").nets().values()
            tensors = [tensor for net in nets for tensor in net.state_dict().values()]
            self._networks[key] = sum(tensor.nbytes for tensor in tensors)
        return self._networks[key]


def _samples(run: Run, evaluations: int) -> int:
    c, seeds = run.configuration, len(run.seeds)
    sample = sample_bytes(run)
    values = (2 + GRADIENT_NORMS) * FLOAT if c.critic else 0
    saved = saved_samples(run) * (sample + values) + c.samples * sample
    dim = c.data.shape[0]
    mapped = c.data.kind != "images" and c.critic is not None and c.critic.is_pointwise
    points = GRID_POINTS[dim] ** dim if mapped and dim in GRID_POINTS else 0
    return saved + points * FLOAT * (dim + 2 * seeds * evaluations)


def _values(c: Configuration) -> int:
    """Return the columns of curves that differ from row to row."""
    logged = len(c.algorithm.losses) + len(c.algorithm.columns)
    if c.objective is None or c.constraint is None:
        return logged
    has_no_penalty = type(c.constraint).penalty is Constraint.penalty  # then that loss is always 0
    has_divergence = not c.objective.quantity.is_distance
    return logged - has_no_penalty + 1 + has_divergence  # and the estimate
