"""`curves.parquet`: one row per seed and logged iteration."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from wganbench.records.tables import by_evaluation, column, columns, read_table, write_table

SCHEMA_VERSION = 2
# Column: what it holds. Columns from estimate_heldout on are null but at evaluation points.
COLUMNS = {
    "critic_objective": "what the critic maximises, without penalty, on its last training batch",
    "penalty": "the constraint's penalty, weight included, on the same batch",
    "estimate": "E f(real) - E f(generated) on the same batch: K * W1 at best, K unknown",
    "divergence": "the divergence that the critic's value estimates (nats), on the same batch",
    "generator_loss": "the generator's loss on its batch",
    "estimate_heldout": "estimate on the saved held-out and generated samples",
    "divergence_heldout": "divergence on the saved held-out and generated samples",
    "estimate_train": "the same with as many fixed training samples in place of the held-out ones; "
    "null for pairs of laws",
    "divergence_train": "divergence on the same samples",
    "gradient_norm_max": "largest norm of the critic's input gradient on the saved samples and "
    "their interpolates",
    "gradient_norm_interpolates": "mean norm of the critic's input gradient on the interpolates",
    "gradient_cosine": "mean cosine between the critic's gradient and an optimal critic's, at the "
    "held-out real samples, where the truth is known",
    "gradient_l2": "mean squared distance between the same gradients",
    "lipschitz_bound": "product of the layers' largest singular values: an upper bound of the "
    "critic's Lipschitz constant, for MLPs without normalisation",
    "weights_at_ends": "share of a clipped critic's weights within 0.1% of -c or c, biases apart; "
    "null where nothing is clipped",
}
SAVED = "whether samples were saved here; absent from older files"
SCHEMA = by_evaluation(
    "curves",
    SCHEMA_VERSION,
    [column("is_evaluation", pa.bool_(), SAVED), *columns(pa.float32(), COLUMNS)],
)


class Curves:
    """Collects rows while a run trains; a replica's rows end where it diverged."""

    def __init__(self, seeds: tuple[int, ...]) -> None:
        self.seeds = seeds
        self._rows: dict[tuple[int, int], dict[str, Any]] = {}

    def add(
        self,
        iteration: int,
        values: Mapping[str, list[float]],
        alive: list[bool],
        *,
        is_evaluation: bool = False,
    ) -> None:
        """Add each living replica's values at an iteration, to its row there if it has one."""
        for replica, seed in enumerate(self.seeds):
            if alive[replica]:
                row = self._rows.setdefault(
                    (iteration, replica),
                    {"seed": seed, "iteration": iteration, "is_evaluation": False},
                )
                row["is_evaluation"] |= is_evaluation
                row |= {name: _finite(column[replica]) for name, column in values.items()}

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows, by iteration and replica."""
        return [self._rows[key] for key in sorted(self._rows)]

    def restore(self, rows: list[dict[str, Any]]) -> None:
        self._rows = {(row["iteration"], self.seeds.index(row["seed"])): row for row in rows}

    def write(self, path: Path, own: Mapping[str, str]) -> None:
        """Write the rows.

        Args:
            path: the file.
            own: columns that the run's algorithm has besides: name, and what it holds.
        """
        table_schema = pa.schema([*SCHEMA, *columns(pa.float32(), own)], metadata=SCHEMA.metadata)
        write_table(self.rows(), table_schema, path)


def _finite(value: float) -> float | None:
    return value if abs(value) < float("inf") else None


def read_curves(path: Path) -> pa.Table:
    """Return a run's curves, with what columns its algorithm has of its own.

    In older files `is_evaluation` is inferred from what they hold at evaluations only.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    table = read_table(path, SCHEMA, "train the run again", others=pa.float32())
    field = SCHEMA.field("is_evaluation")
    if not table[field.name].null_count:
        return table
    import pyarrow.compute as pc  # a tenth of a second, which older files alone need

    held = (pc.is_valid(table[name]) for name in ("estimate_heldout", "gradient_norm_max"))
    known = pc.coalesce(table[field.name], pc.or_(*held))
    return table.set_column(SCHEMA.get_field_index(field.name), field, known)
