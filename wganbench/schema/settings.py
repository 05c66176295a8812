"""Every setting that an experiment file may name, with its type, default and description."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any, get_args

from wganbench.plan.configuration import Configuration
from wganbench.plan.settings import BOTH, BOTH_OPTIMIZERS
from wganbench.plugins import Plugin

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


@dataclass(frozen=True)
class Section:
    """A part of the configuration that is one of several plug-ins."""

    name: str
    about: str
    plugins: dict[str, type[Plugin]]

    def described(self, plugin: str) -> str:
        """Return the plug-in's documentation, on one line."""
        return " ".join((getdoc(self.plugins[plugin]) or "").split())


@cache
def sections() -> tuple[Section, ...]:
    """Return the configuration's sections; both optimisers are one, `optimizer`."""
    found = []
    for name, field in Configuration.model_fields.items():
        plugins = [c for c in get_args(field.annotation) if _is_plugin(c)]
        if name == BOTH_OPTIMIZERS[0]:
            about = (
                "Optimiser of generator and critic; `generator_optimizer` and "
                "`critic_optimizer` have the same settings for one alone, and win."
            )
            found.append(Section(BOTH.rstrip("."), about, _by_name(plugins)))
        elif plugins and name not in BOTH_OPTIMIZERS:
            found.append(Section(name, field.description or "", _by_name(plugins)))
    return tuple(found)


@cache
def settings() -> tuple[Setting, ...]:
    """Return every setting but the sections' `name`, in the order of the models."""
    return (*_own(), *_of_plugins())


def cleaned(schema: Schema) -> Schema:
    """Return a JSON Schema without what is the program's own."""
    return {key: value for key, value in schema.items() if key not in _OURS}


def _own() -> Iterator[Setting]:
    whole = Configuration.model_json_schema()
    parts = {section.name for section in sections()} | set(BOTH_OPTIMIZERS)
    for name, schema in whole["properties"].items():
        if name not in parts:
            yield Setting(name, "", cleaned(schema), name in whole["required"])


def _of_plugins() -> Iterator[Setting]:
    for section in sections():
        for owner, plugin in section.plugins.items():
            whole = plugin.model_json_schema()
            for name, schema in whole["properties"].items():
                if name != "name":
                    key, required = f"{section.name}.{name}", name in whole.get("required", ())
                    yield Setting(key, owner, cleaned(schema), required)


def _is_plugin(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, Plugin)


def _by_name(plugins: list[type[Plugin]]) -> dict[str, type[Plugin]]:
    return {plugin.model_fields["name"].default: plugin for plugin in plugins}
