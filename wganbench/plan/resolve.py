"""From settings to a configuration."""

from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from wganbench.errors import UserError
from wganbench.plan.configuration import ALGORITHM, USUAL, Configuration
from wganbench.plan.keys import algorithms, choices, taken_by
from wganbench.plan.misfits import explained
from wganbench.plan.presets import BESIDE
from wganbench.plan.settings import NAME, Setting, Settings, nest
from wganbench.plugins import Plugin


def resolve(settings: Settings, where: str, *, recorded: bool = False) -> Configuration:
    """Return the configuration that has these settings; see its `from_flat`.

    Raises:
        UserError: a setting is missing or does not fit. `where`, the file's name, begins the
            message.
    """
    flat = nest(taken(settings))
    if not recorded:
        name = algorithm_of(settings)
        flat = {key: _shared(name, key, value) for key, value in flat.items()}
    try:
        return Configuration.from_flat(flat, strict=True, recorded=recorded)
    except ValidationError as error:
        raise UserError(f"{where}: {explained(error, settings)}") from None


def _shared(algorithm: str, section: str, value: Any) -> Any:
    """Return a section's plug-in, one for all configurations with these settings.

    Settings that are wrong are left as they are: what is wrong is said of the whole configuration.
    """
    if not isinstance(value, dict):
        return value
    try:
        return _plugin(algorithm, section, **value)
    except (KeyError, TypeError, ValidationError):  # no such plug-in, a list among the settings
        return value


@lru_cache(maxsize=None, typed=True)  # 1, 1.0 and true are not the same setting
def _plugin(algorithm: str, section: str, /, **settings: Any) -> Plugin:
    chosen = choices(algorithm, section)[settings["name"]]
    return chosen.model_validate(settings, strict=True)


def taken(settings: Settings) -> Settings:
    """Return the settings that the algorithm takes; those of an unknown one are left to be refused.

    Presets, the base and a scale speak for every configuration, also for one whose algorithm has no
    critic or no generator.
    """
    algorithm = algorithm_of(settings)
    if algorithm not in algorithms():
        return settings
    names = taken_by(algorithm)
    chosen = {key: s for key, s in settings.items() if key.partition(".")[0] in names}
    return _beside(chosen, algorithm) | chosen


def _beside(settings: Settings, algorithm: str) -> Settings:
    """Return what the method's preset says of the chosen nets, where they have such a setting."""
    method = settings["method"].value if "method" in settings else ""
    known = {}
    for key, value in BESIDE.get(str(method), {}).items():
        section, _, name = key.partition(".")
        net = settings.get(f"{section}{NAME}")
        plugin = choices(algorithm, section).get(str(net.value)) if net else None
        if plugin and name in plugin.model_fields:
            known[key] = Setting(value, f"preset: {key}")
    return known


def algorithm_of(settings: Settings) -> str:
    """Return the name of the way of training."""
    return str(settings[ALGORITHM].value) if ALGORITHM in settings else USUAL
