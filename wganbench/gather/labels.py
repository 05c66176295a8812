"""What figures and tables call methods and architectures."""

from collections.abc import Sequence

from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.runs import Run

_NAMES = {  # presets that are not named here are their own in capitals
    "wgan-groupsort": "WGAN-GroupSort",
    "vae": "VAE",
    "unrolled": "Unrolled",
    "unrolled-demo": "Unrolled demo",
}


def method_label(configuration: Configuration, tuned: Sequence[str] = ()) -> str:
    """Return the name that figures give a method: "GAN", "WGAN c=0.01", "Unrolled K=5".

    Settings that are tuned are not part of it.
    """
    method, constraint = configuration.method, configuration.constraint
    label = _NAMES.get(method, method.upper() if method in PRESETS else method)
    clip = getattr(constraint, "clip_value", None)
    if clip is not None and "constraint.clip_value" not in tuned:
        label = f"{label} c={clip:g}"
    elif (steps := configuration.get("unrolled_steps")) is not None:
        label = f"{label} K={steps}{'' if configuration.get('second_term') else ', first term'}"
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
    """Return generator, its batch norm and critic in words, those that there are.

    Of pairs of nets also what else the grid varies in each.
    """
    generator, critic = run.configuration.generator, run.configuration.critic
    norm = {"batch": "batch norm", "none": "no batch norm"}.get(getattr(generator, "norm", ""), "")
    names = [
        f"{generator.name.upper()} generator{_varied(run, 'generator')}" if generator else "",
        norm,
        f"{critic.name.upper()} critic{_varied(run, 'critic') if generator else ''}"
        if critic
        else "",
    ]
    return ", ".join(filter(None, names))


def _varied(run: Run, net: str) -> str:
    """Return the values that a point gives to a net, apart from its name and norm."""
    named = (f"{net}.name", f"{net}.norm")
    keys = [key for key in run.compared_as if key.startswith(f"{net}.") and key not in named]
    values = [f"{key.partition('.')[2].replace('_', ' ')} {run.point[key]}" for key in keys]
    return f" ({', '.join(values)})" if values else ""
