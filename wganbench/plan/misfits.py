"""Why settings make no configuration, in the words of the file that they are from."""

from pydantic import ValidationError

from wganbench.plan.configuration import ALGORITHM
from wganbench.plan.keys import known_keys
from wganbench.plan.presets import PRESETS
from wganbench.plan.settings import Settings
from wganbench.plugins.explain import first_problem, meant


def explained(error: ValidationError, settings: Settings) -> str:
    """Return "place: key: what is wrong" for the first problem, with the key as it was written."""
    kind, keys, message, context = first_problem(error)
    if keys[:1] == (ALGORITHM,):  # whose settings stand beside it in the file
        keys = keys[2:] or keys
    # pydantic puts a plug-in's name between its section and its field; the file has no such key.
    key = ".".join(keys if len(keys) < 3 else (keys[0], *keys[2:]))
    if f"{key}.name" in known_keys():
        key = f"{key}.name"
    key = ALGORITHM if key == f"{ALGORITHM}.name" else key
    if kind == "union_tag_invalid":
        names = context["expected_tags"].replace("'", "").split(", ")
        message = f"{context['tag']!r} is unknown{meant(context['tag'], names)}"
    elif kind in ("missing", "union_tag_not_found"):
        message = f"is not set{_no_preset(settings)}"
    written = settings[key].where if key in settings else key
    return f"{written}: {message}" if written else message


def _no_preset(settings: Settings) -> str:
    method = str(settings["method"].value) if "method" in settings else ""
    if not method or method in PRESETS:
        return ""
    return f", and method {method!r} is no preset that would set it{meant(method, PRESETS)}"
