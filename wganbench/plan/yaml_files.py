"""YAML as people read it: plain data, no key twice, nothing that could grow without bound."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from wganbench.errors import UserError

MAX_BYTES = 100_000  # the longest experiment file has 4,000, and PyYAML reads 100,000 in 2 seconds


class _Loader(yaml.SafeLoader):
    """SafeLoader for the plain subset of YAML 1.2: text, numbers, true, false, null.

    Aliases (bombs need them, files do not), tags and a key given twice are refused. YAML 1.1 would
    read `5e-5` as text, `no` as false, `1:30` as 90 and `2017-01-26` as a date.
    """

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
            raise _at(event, "aliases and tags are not allowed")
        return super().compose_node(parent, index)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> str:
        text = str(super().construct_scalar(node))
        text.encode()  # refuses half of a surrogate pair, which no report could hold
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _at(key_node, f"key {key!r} is no text; put it in quotes")
            if key in seen:
                raise _at(key_node, f"key {key!r} stands here twice")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _at(place: Any, problem: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=place.start_mark)


for _tag, _pattern, _first in (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", list("tf")),
    ("int", r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    # One way only to read a row of digits: with two, a long row takes minutes.
    ("float", r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
    ("float", r"[-+]?\.inf|\.nan", list("-+.")),
):
    _Loader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), _first
    )


class _Dumper(yaml.SafeDumper):
    """SafeDumper for what both YAML 1.1 and the loader above read as it was meant."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        # PyYAML folds line breaks that it does not read back.
        style = None if data.isprintable() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style)


_Dumper.add_representer(str, _Dumper.represent_str)
for _first_character, _resolvers in _Loader.yaml_implicit_resolvers.items():
    for _tag, _pattern_of_both in _resolvers:
        _Dumper.add_implicit_resolver(_tag, _pattern_of_both, [_first_character])


def as_yaml(content: Mapping[str, Any]) -> str:
    """Return keys and values, plain data, as YAML that `read_mapping` reads back equal."""
    text: str = yaml.dump(
        dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf")
    )
    return text


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the content of a YAML file of keys and values.

    Raises:
        UserError: the file is missing, too large, not UTF-8, not YAML, or holds no keys.
    """
    return mapping_in(text_of(path), path)


def mapping_in(text: str, path: Path) -> dict[str, Any]:
    """Return the content of a YAML file with this text.

    Raises:
        UserError: it is not YAML, or holds no keys.
    """
    content = _parse(text, path)
    if not isinstance(content, dict):
        raise UserError(f"{path}: holds no keys; it needs `key: value` lines")
    return content


def text_of(path: Path) -> str:
    """Return what a file says.

    Raises:
        UserError: it is missing, too large, or not UTF-8.
    """
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a pipe's writer may never come
            raise UserError(f"{path}: is not a file but a pipe, a device or a socket")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise UserError(f"{path}: is larger than {MAX_BYTES:,} bytes")
        return content.decode("utf-8")
    except OSError as error:
        raise UserError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: is not UTF-8 at byte {error.start}") from None


def _parse(text: str, path: Path) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise UserError(f"{path}:{line} is not valid YAML: {problem}") from None
    except RecursionError:
        raise UserError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        raise UserError(f"{path}: is not valid YAML: {error}") from None
