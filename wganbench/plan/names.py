"""A run's readable name: its method and what its point sets, in the grid's order."""

import re
from contextlib import suppress
from functools import cache
from typing import Any

from wganbench.plan.configuration import Configuration
from wganbench.plan.grid import Point
from wganbench.plan.settings import spelt_out
from wganbench.plugins import Plugin, Strict

MAX_SLUG = 120  # characters: a folder's name has at most 255 bytes, and a wide grid a long slug
METHOD = "method"


def slug_of(configuration: Configuration, point: Point) -> str:
    """Return what stands before the digest in a run's name."""
    parts = [_part(configuration, key) for key in point if key != METHOD]
    return "-".join([configuration.method, *filter(None, parts)])[:MAX_SLUG]


def _part(configuration: Configuration, key: str) -> str:
    for name in reversed(spelt_out(key)):  # of both optimisers, the critic's
        with suppress(KeyError):
            holder, field = configuration.holder(name)
            value = getattr(holder, field)
            # An algorithm is chosen by its name alone.
            return part_of_name(
                type(holder), field, value.name if isinstance(value, Plugin) else value
            )
    raise KeyError(key)


def part_of_name(holder: type[Strict], field: str, value: Any) -> str:
    """Return the part of a name for the value of one setting."""
    tag = _tag(holder, field)
    if isinstance(tag, dict):
        return str(tag.get(str(value), value))
    if isinstance(value, bool):
        return str(tag or field.replace("_", "")) if value else ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return re.sub(r"[^a-zA-Z0-9.-]+", "-", f"{tag}{text}".replace("+", ""))


@cache
def _tag(holder: type[Strict], field: str) -> Any:
    extra = holder.model_fields[field].json_schema_extra
    return extra.get("slug", "") if isinstance(extra, dict) else ""
