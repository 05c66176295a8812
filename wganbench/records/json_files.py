"""JSON files of ours: one reader, which trusts no byte before it is checked."""

import json
import math
import unicodedata
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.plugins import Strict
from wganbench.plugins.explain import explain

# The largest is run.json: a thousand seeds and ten thousand evaluation points take one megabyte.
MAX_BYTES = 16_000_000
VERSION = "schema_version"

Model = TypeVar("Model", bound=Strict)


def read_json(path: Path, model: type[Model], version: int, remedy: str) -> Model:
    """Return the content of a file of ours.

    Args:
        path: the file.
        model: what it holds.
        version: the schema version that is read.
        remedy: what makes the file again, for the error's text.

    Raises:
        UserError: the file is missing, damaged, or of another schema version.
    """
    check_readable(path, remedy)
    try:
        text = _text(path)
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); {remedy}") from None
    except ValueError as error:
        raise UserError(f"{path}: is damaged ({error}); {remedy}") from None
    return parsed(text, path, model, version, remedy)


def parsed(text: str, path: Path, model: type[Model], version: int, remedy: str) -> Model:
    """Return the content of a file of ours that is read already; `path` is what messages call it.

    Raises:
        UserError: it is damaged, holds a character that would reach a terminal as a command, or is
            of another schema version.
    """
    try:
        content = json.loads(
            text,
            object_pairs_hook=_without_doubles,
            parse_constant=_not_finite,
            parse_float=_finite,
        )
        _check_texts(content)
    except RecursionError:
        raise UserError(f"{path}: is damaged (nested too deeply); {remedy}") from None
    except ValueError as error:  # of JSON, of a number without end, and our own
        raise UserError(f"{path}: is damaged ({error}); {remedy}") from None
    _check_version(path, content, version, remedy)
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise UserError(f"{path}: {explain(error)}; {remedy}") from None


def _check_texts(content: Any) -> None:
    """Refuse control characters in texts, but for ends of lines and tabs."""
    if isinstance(content, str):
        if odd := {c for c in content if unicodedata.category(c) == "Cc" and c not in "\n\t"}:
            raise ValueError(f"a text holds the control character {min(odd)!r}")
    elif isinstance(content, list):
        for part in content:
            _check_texts(part)
    elif isinstance(content, dict):
        for key, part in content.items():
            _check_texts(key)
            _check_texts(part)


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES:,} bytes")
    return content.decode("utf-8")


def _check_version(path: Path, content: Any, version: int, remedy: str) -> None:
    """Say so before an older file's other keys are called unknown."""
    if not isinstance(content, dict):
        raise UserError(f"{path}: is damaged (holds no keys); {remedy}")
    found = content.get(VERSION)
    if type(found) is not int or found != version:
        shown = "none" if found is None else json.dumps(found)[:20]
        raise UserError(f"{path}: {VERSION}: {shown}, this wganbench reads {version}; {remedy}")


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise ValueError(f"key {key[:40]!r} stands here twice")
        content[key] = value
    return content


def _not_finite(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large a number")
    return number
