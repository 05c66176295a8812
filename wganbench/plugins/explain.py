"""What is wrong with a file, as "key: what is wrong", with a near match for a misspelt name."""

from collections.abc import Collection
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

UNKNOWN_KEY = "unknown_key"
LISTED = 12  # names; a longer list helps nobody


class Problem(NamedTuple):
    """One problem of a validation."""

    kind: str
    keys: tuple[str, ...]
    message: str
    context: dict[str, Any]


def first_problem(error: ValidationError) -> Problem:
    """Return the first problem, its keys down to the one that is wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    context = first.get("ctx", {})
    keys = tuple(str(part) for part in first["loc"] if part != "[key]")
    if first["type"] == UNKNOWN_KEY:
        keys = (*keys, context["key"])
    return Problem(first["type"], keys, first["msg"].removeprefix("Value error, "), context)


def explain(error: ValidationError) -> str:
    """Return the first problem as "key: what is wrong"."""
    problem = first_problem(error)
    key = ".".join(problem.keys)
    return f"{key}: {problem.message}" if key else problem.message


def unknown_key(key: str, known: Collection[str]) -> PydanticCustomError:
    """Return the error for a validator to raise; `first_problem` adds the key to the others."""
    problem = f"unknown key{meant(key, known)}"
    return PydanticCustomError(UNKNOWN_KEY, "{problem}", {"key": key, "problem": problem})


def meant(word: str, known: Collection[str]) -> str:
    """Return "; did you mean ...?", or "; there are ..." where nothing is near."""
    near = get_close_matches(word, known, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; there are {', '.join(known)}" if len(known) <= LISTED else ""
