"""What figures and tables call methods and architectures."""

from collections.abc import Sequence

from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.runs import Run

_NAMES = {"wgan-groupsort": "WGAN-GroupSort"}  # others are their own in capitals


def method_label(configuration: Configuration, tuned: Sequence[str] = ()) -> str:
    """Return the name that figures give a method: "GAN", "WGAN c=0.01", "WGAN (weight norm)".

    Settings that are tuned are not part of it.
    """
    method, constraint = configuration.method, configuration.constraint
    label = _NAMES.get(method, method.upper() if method in PRESETS else method)
    clip = getattr(constraint, "clip_value", None)
    if clip is not None and "constraint.clip_value" not in tuned:
        label = f"{label} c={clip:g}"
    elif constraint and constraint.name != PRESETS.get(method, {}).get(
        "constraint.name", constraint.name
    ):
        label = f"{label} ({constraint.name.replace('-', ' ')})"
    points = getattr(constraint, "points", "interpolates")
    return label if points == "interpolates" else f"{label} (on {points})"


def architecture(run: Run) -> str:
    """Return generator, its batch norm, critic and variant in words; the algorithm without any."""
    named = [name for name in (nets(run), run.configuration.variant) if name]
    return ", ".join(named) or run.configuration.algorithm.name


def nets(run: Run) -> str:
    """Return generator, its batch norm and critic in words, those that there are."""
    generator, critic = run.configuration.generator, run.configuration.critic
    norm = {"batch": "batch norm", "none": "no batch norm"}.get(getattr(generator, "norm", ""), "")
    names = [
        f"{generator.name.upper()} generator" if generator else "",
        norm,
        f"{critic.name.upper()} critic" if critic else "",
    ]
    return ", ".join(filter(None, names))
