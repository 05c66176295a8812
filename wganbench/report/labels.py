"""What figures and tables call methods and architectures."""

from wganbench.plan.configuration import Configuration
from wganbench.plan.presets import PRESETS
from wganbench.plan.runs import Run


def method_label(configuration: Configuration) -> str:
    """Return the name that figures give a method: "GAN", "WGAN c=0.01"."""
    method = configuration.method
    label = method.upper() if method in PRESETS else method
    clip = getattr(configuration.constraint, "clip_value", None)
    return label if clip is None else f"{label} c={clip:g}"


def architecture(run: Run) -> str:
    """Return generator, its batch norm, critic and variant in words."""
    generator, critic = run.configuration.generator, run.configuration.critic
    norm = {"batch": "batch norm", "none": "no batch norm"}.get(getattr(generator, "norm", ""), "")
    names = [f"{generator.name.upper()} generator", norm, f"{critic.name.upper()} critic"]
    return ", ".join(name for name in [*names, run.configuration.variant] if name)
