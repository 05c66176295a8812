"""Files that cannot be read, are badly named or missing: one line that says which and why."""

import re

import pytest
from experiment_files import EXAMPLE, mistake_in, planned, write

from wganbench.plan.experiment import load_experiment
from wganbench.plan.params import load_params, validated
from wganbench.plan.runs import find_run, plan

UNREADABLE = [
    (b"", "holds no keys"),
    (b"- a\n- b", "holds no keys"),
    (b"just text", "holds no keys"),
    (b"a: 1\nb: 2\na: 3", "line 3 is not valid YAML: key 'a' stands here twice"),
    (b"base: {a.b: 1, a.b: 2}", "line 1 is not valid YAML: key 'a.b' stands here twice"),
    (b"1: a", "line 1 is not valid YAML: key 1 is no text"),
    (b"[1]: a", "line 1 is not valid YAML: key [1] is no text"),
    (b"{a: 1}: a", "line 1 is not valid YAML: key {'a': 1} is no text"),
    (b"null: a", "line 1 is not valid YAML: key None is no text"),
    (b"a: &a [1]\nb: [*a, *a]", "line 2 is not valid YAML: aliases and tags are not allowed"),
    (b"a: !!python/object:os.system x", "aliases and tags are not allowed"),
    (b"a: !!timestamp x", "aliases and tags are not allowed"),
    (b"a: !!int ''", "aliases and tags are not allowed"),
    (b"a: {b: [}", "line 1 is not valid YAML"),
    (b"a: 1\n---\na: 2", "line 2 is not valid YAML"),
    (b"a:\tb: 1", "line 1 is not valid YAML"),
    (b"a: " + b"[" * 5000, "nested too deeply"),
    (b"a: " + b"9" * 5000, "is not valid YAML"),
    (b'a: "\\ud800"', "is not valid YAML"),
    (b"a: \x00", "is not valid YAML"),
    (b"a: caf\xe9", "is not UTF-8 at byte 6"),
    ("a: 1".encode("utf-16"), "is not UTF-8 at byte 0"),
    (b"a: 1\n" * 30_000, "is larger than 100,000 bytes"),
]


@pytest.mark.parametrize(("content", "expected"), UNREADABLE, ids=[e for _, e in UNREADABLE])
def test_a_file_that_is_no_plain_yaml_is_one_line(tmp_path, content, expected):
    path = tmp_path / "example.yaml"
    path.write_bytes(content)
    message = mistake_in(plan, "smoke", None, tmp_path)
    assert message.startswith(f"{path}: ")
    assert expected in message


def test_a_folder_in_place_of_a_file_is_one_line(tmp_path):
    (tmp_path / "example.yaml").mkdir()
    message = mistake_in(plan, "smoke", None, tmp_path)
    assert message == f"{tmp_path}/example.yaml: cannot be read: Is a directory"


@pytest.mark.parametrize("word", ["no", "off", "2017-01-26", "1:30", "0x10", "=", "<<", "1_0"])
def test_words_that_old_yaml_reads_as_something_else_stay_words(tmp_path, word):
    path = write(tmp_path, EXAMPLE)
    path.write_text(path.read_text().replace('"An example"', word))
    assert load_experiment(path).title == word


@pytest.mark.parametrize("name", ["Example", "a b", "a.b", "_a", "-a", "é", "a" * 41])
def test_a_badly_named_file_is_one_line(tmp_path, name):
    write(tmp_path, EXAMPLE, name)
    message = mistake_in(plan, "smoke", None, tmp_path)
    assert message.startswith(f"{tmp_path}/{name}.yaml: the name may hold")


def test_an_editors_hidden_files_are_no_experiments(tmp_path):
    write(tmp_path, EXAMPLE)
    (tmp_path / ".#example.yaml").symlink_to("somebody@somewhere")
    (tmp_path / "._example.yaml").write_bytes(b"\x00")
    assert plan("smoke", None, tmp_path).keys() == {"example"}


def test_a_folder_without_experiments_is_one_line(tmp_path):
    assert mistake_in(plan, "smoke", None, tmp_path).startswith(f"{tmp_path}/: no experiment file")


@pytest.mark.parametrize(
    "run", ["example/x", "example", "", "/", "../../x", "nope/x", "example/../x"]
)
def test_a_run_that_is_not_planned_is_one_line(tmp_path, run):
    planned(tmp_path, EXAMPLE)
    message = mistake_in(find_run, run, "smoke", tmp_path)
    assert re.search("is unknown; |is not on the grid at scale smoke", message)
    assert "example" in message


PARAMS = [
    ("", "holds no keys"),
    ("device: cpu", "scale: "),
    ("scale: huge", "scale: "),
    ("scale: 3", "scale: "),
    ("scale: laptop\nscal: laptop", "scal: unknown key; did you mean 'scale'?"),
    ("scale: laptop\ndevice: tpu", "device: "),
    ("scale: [laptop]", "scale: "),
]


@pytest.mark.parametrize(("content", "expected"), PARAMS)
def test_a_mistake_in_the_parameters_is_one_line(tmp_path, content, expected):
    path = tmp_path / "params.yaml"
    path.write_text(content)
    message = mistake_in(load_params, None, path)
    assert message.startswith(f"{path}: ")
    assert expected in message


def test_missing_parameters_and_an_unknown_scale_are_one_line(tmp_path):
    path = tmp_path / "params.yaml"
    assert mistake_in(load_params, None, path).startswith(f"{path}: is missing; run from ")
    path.write_text("scale: smoke\n")
    assert mistake_in(load_params, "huge", path).startswith("--scale: 'huge' is unknown; there are")
    assert mistake_in(validated, {"scale": 1}, "--config").startswith("--config: scale: ")


def test_a_scale_that_is_asked_for_wins_over_the_files(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("scale: laptop")
    assert (load_params(None, path).scale, load_params("paper", path).scale) == ("laptop", "paper")
