"""Every setting that an experiment file may name, with its type, default and description."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from wganbench.plan import keys
from wganbench.plan.configuration import ALGORITHM, Configuration
from wganbench.plan.keys import Section
from wganbench.plan.settings import BOTH, BOTH_OPTIMIZERS

Schema = dict[str, Any]
# Of a model's schema: names that Python gives, and how run ids shorten a value.
_OURS = ("title", "slug")


@dataclass(frozen=True)
class Setting:
    """A dotted key as one plug-in reads it; several plug-ins may have a key of the same name."""

    key: str
    owner: str
    """The plug-in's name; nothing for a setting of the configuration itself."""
    schema: Schema
    """JSON Schema of the value, with default and description."""
    required: bool

    @property
    def section(self) -> str:
        """The part of the key before the dot, if it has one."""
        return self.key.rpartition(".")[0]


@cache
def sections() -> tuple[Section, ...]:
    """Return the sections that experiment files have; both optimisers are one, `optimizer`."""
    found = []
    for section in keys.sections().values():
        if section.name == BOTH_OPTIMIZERS[1]:
            about = (
                "Optimiser of generator and critic; `generator_optimizer` and "
                "`critic_optimizer` have the same settings for one alone, and win."
            )
            found.append(Section(BOTH.rstrip("."), about, section.plugins))
        elif section.name not in BOTH_OPTIMIZERS:
            found.append(section)
    return tuple(found)


@cache
def settings() -> tuple[Setting, ...]:
    """Return every setting but names, in the order of the models."""
    return (*_plain(), *_of_plugins())


def cleaned(schema: Schema) -> Schema:
    """Return a JSON Schema without what is the program's own."""
    return {key: value for key, value in schema.items() if key not in _OURS}


def _plain() -> Iterator[Setting]:
    """Yield settings without a section: the configuration's, and each algorithm's own."""
    section = keys.algorithm_section()
    names = {"description": section.about, "enum": list(section.plugins)}
    yield Setting(ALGORITHM, "", names, required=False)
    for holder in keys.holders():
        whole = holder.model_json_schema()
        owner = "" if holder is Configuration else holder.model_fields["name"].default
        for name, schema in whole["properties"].items():
            if name not in {*keys.sections(), ALGORITHM, "name"}:
                yield Setting(name, owner, cleaned(schema), name in whole["required"])


def _of_plugins() -> Iterator[Setting]:
    for section in sections():
        for owner, plugin in section.plugins.items():
            whole = plugin.model_json_schema()
            for name, schema in whole["properties"].items():
                if name != "name":
                    key, required = f"{section.name}.{name}", name in whole.get("required", ())
                    yield Setting(key, owner, cleaned(schema), required)
