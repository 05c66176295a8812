"""One reader for every JSON file of ours: what it refuses, and how it says so."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field

from wganbench.errors import UserError
from wganbench.plugins import Strict
from wganbench.records.claims import SCHEMA_VERSION as CLAIMS_VERSION
from wganbench.records.claims import read_claims
from wganbench.records.data import read_manifest
from wganbench.records.extractor import read_made
from wganbench.records.json_files import MAX_BYTES, read_json
from wganbench.records.run import read_record

READERS = [read_record, read_manifest, read_made, read_claims]


class Example(Strict):
    """What the example files hold."""

    schema_version: int
    count: int
    share: float = Field(ge=0)
    more: dict[str, object] = {}


GOOD = '{"schema_version": 2, "count": 3, "share": 0.5}'


def read(path):
    return read_json(path, Example, 2, "make it again")


def test_a_good_file_is_read(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(GOOD)
    assert read(path) == Example(schema_version=2, count=3, share=0.5)


DEEP = '{"more": ' + '{"a": ' * 100_000 + "1" + "}" * 100_000 + "}"
BAD = {
    "empty": (b"", "is damaged (Expecting value"),
    "cut short": (GOOD[:-4].encode(), "is damaged ("),
    "latin-1": (b'{"schema_version": 2, "n\xe9": 3}', "is damaged ('utf-8' codec"),
    "utf-16": (GOOD.encode("utf-16"), "is damaged ('utf-8' codec"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "is damaged (Unexpected UTF-8 BOM"),
    "deep": (DEEP.encode(), "is damaged (nested too deeply)"),
    "a key twice": (GOOD[:-1].encode() + b', "count": 4}', "is damaged (key 'count' stands here t"),
    "a key twice inside": (
        GOOD[:-1].encode() + b', "more": {"a": [{"b": 1, "b": 2}]}}', "is damaged (key 'b' stands"),
    "NaN": (GOOD.replace("0.5", "NaN").encode(), "is damaged (NaN is not a number)"),
    "infinity": (
        GOOD.replace("0.5", "-Infinity").encode(),
        "is damaged (-Infinity is not a number)",
    ),
    "1e400": (GOOD.replace("0.5", "1e400").encode(), "is damaged (1e400 is too large a number)"),
    "hidden": (GOOD[:-1].encode() + b', "more": {"a": 1e400}}', "is damaged (1e400 is too large"),
    "10**5000": (GOOD.replace("3", "9" * 5000).encode(), "is damaged (Exceeds the limit"),
    "half a character": (GOOD[:-1].encode() + b', "more": {"\\ud800": 1}}', ""),
    "a list": (b"[2]", "is damaged (holds no keys)"),
    "no version": (b'{"count": 3}', "schema_version: none, this wganbench reads 2"),
    "an older version": (b'{"schema_version": 1, "old": 3}', "schema_version: 1, this wganbench r"),
    "a newer version": (b'{"schema_version": 3}', "schema_version: 3, this wganbench reads 2"),
    "true": (b'{"schema_version": true}', "schema_version: true, this wganbench reads 2"),
    "a text": (GOOD.replace("3", '"3"').encode(), "count: Input should be a valid integer"),
    "out of range": (GOOD.replace("0.5", "-0.5").encode(), "share: Input should be greater than"),
    "misspelt": (GOOD.replace("count", "cuont").encode(), "cuont: unknown key; did you mean 'coun"),
    "huge": (b'{"a": "' + b"x" * MAX_BYTES + b'"}', "is damaged (larger than 16,000,000 bytes)"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_one_line_with_the_remedy(tmp_path, case):
    content, expected = BAD[case]
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:
        read(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: {expected}")
    assert message.endswith("; make it again")
    assert message.isprintable()


A_FOLDER = "is not a file but a folder; remove it and make it again"
ODD = {
    "missing": (lambda path: None, "is missing; make it again"),
    "a folder": (lambda path: path.mkdir(), A_FOLDER),
    "a pipe": (os.mkfifo, "is not a file but a pipe; remove it and make it again"),
    "a loop": (lambda path: path.symlink_to(path), "cannot be read (Too many levels of symbolic"),
    "a device": (lambda path: path.symlink_to("/dev/zero"), "is not a file but a device or socket"),
}


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("reader", [read, *READERS])
def test_what_is_no_file_is_one_line(tmp_path, case, reader):
    make, expected = ODD[case]
    path = tmp_path / "x.json"
    make(path)
    with pytest.raises(UserError) as raised:
        reader(path)
    assert str(raised.value).startswith(f"{path}: {expected.split('make it')[0]}")


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("case", ["deep", "a key twice", "NaN", "latin-1", "cut short", "empty"])
def test_every_reader_of_ours_refuses_alike(tmp_path, reader, case):
    path = tmp_path / "x.json"
    path.write_bytes(BAD[case][0])
    with pytest.raises(UserError) as raised:
        reader(path)
    assert str(raised.value).startswith(f"{path}: {BAD[case][1]}")


def test_an_older_file_is_called_older_and_not_misspelt(tmp_path):
    path = tmp_path / "claims.json"
    path.write_text(json.dumps({"schema_version": 0, "verdicts": []}))
    with pytest.raises(UserError, match=rf"schema_version: 0, .* reads {CLAIMS_VERSION}; run `wg"):
        read_claims(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | st.text().map(str.encode) | st.builds(json.dumps, st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)).map(
        lambda value: {"schema_version": 2, "count": value})).map(str.encode))  # fmt: skip
def test_whatever_a_file_holds_it_is_read_or_refused_in_one_line(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(UserError) as raised:  # the share is missing from all of them
        read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert str(raised.value).isprintable()
