"""curves.parquet: rows, evaluations, and what an algorithm logs of its own."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wganbench.errors import UserError
from wganbench.records.curves import SCHEMA, Curves, read_curves


def curves() -> Curves:
    """Two seeds, iterations 2 and 4 logged, 4 and 5 evaluated; the second seed ends after 4."""
    made = Curves((7, 1))
    made.add(2, {"estimate": [0.5, 1.5]}, [True, True])
    made.add(4, {"estimate": [0.25, float("nan")]}, [True, True])
    made.add(4, {"gradient_norm_max": [3.0, 4.0]}, [True, True], is_evaluation=True)
    made.add(5, {"gradient_norm_max": [2.0, 9.0]}, [True, False], is_evaluation=True)
    return made


def found_in(table: pa.Table) -> list[tuple[int, int]]:
    return [(row["seed"], row["iteration"]) for row in table.to_pylist()]


def evaluations(table: pa.Table) -> list[tuple[int, int]]:
    return found_in(table.filter(table["is_evaluation"]))


def test_whether_a_row_is_an_evaluation_is_recorded(tmp_path):
    curves().write(tmp_path / "curves.parquet", {})
    table = read_curves(tmp_path / "curves.parquet")
    assert found_in(table) == [(7, 2), (1, 2), (7, 4), (1, 4), (7, 5)]
    assert table["is_evaluation"].to_pylist() == [False, False, True, True, True]
    assert table["estimate"].to_pylist() == [0.5, 1.5, 0.25, None, None]
    assert evaluations(table) == [(7, 4), (1, 4), (7, 5)]


def test_an_evaluation_that_measures_nothing_is_one(tmp_path):
    """A run without a critic has no gradient norm at its evaluations."""
    made = Curves((3,))
    made.add(1, {"loss": [1.0]}, [True])
    made.add(1, {}, [True], is_evaluation=True)
    made.add(2, {"loss": [0.5]}, [True])
    made.write(tmp_path / "curves.parquet", {"loss": "what it minimises"})
    assert evaluations(read_curves(tmp_path / "curves.parquet")) == [(3, 1)]


def test_an_older_files_evaluations_are_the_rows_with_a_gradient_norm(tmp_path):
    path = tmp_path / "curves.parquet"
    curves().write(path, {})
    pq.write_table(pq.read_table(path).drop_columns(["is_evaluation"]), path)
    table = read_curves(path)
    assert table["is_evaluation"].to_pylist() == [False, False, True, True, True]
    assert evaluations(table) == [(7, 4), (1, 4), (7, 5)]


def test_an_algorithms_own_column_is_written_with_its_meaning_and_read(tmp_path):
    path = tmp_path / "curves.parquet"
    made = curves()
    made.add(2, {"distance_to_mean": [0.125, float("inf")]}, [True, True])
    made.write(path, {"distance_to_mean": "of the generator's mean from the data's"})
    table = read_curves(path)
    assert table.column_names == [*SCHEMA.names, "distance_to_mean"]
    assert table["distance_to_mean"].to_pylist() == [0.125, None, None, None, None]
    about = table.schema.field("distance_to_mean").metadata[b"about"]
    assert about == b"of the generator's mean from the data's"


def test_an_own_column_that_is_no_number_is_refused(tmp_path):
    path = tmp_path / "curves.parquet"
    curves().write(path, {})
    table = pq.read_table(path)
    own = pa.array(["text"] * len(table))
    pq.write_table(table.append_column("own", own), path)
    with pytest.raises(UserError, match=r"curves\.parquet: has other columns"):
        read_curves(path)


def test_restored_curves_go_on_as_if_nothing_had_been():
    whole, restored = curves(), Curves((7, 1))
    restored.restore(curves().rows())
    for one in (whole, restored):
        one.add(6, {"estimate": [1.0, 2.0]}, [True, False], is_evaluation=True)
    assert whole.rows() == restored.rows()
