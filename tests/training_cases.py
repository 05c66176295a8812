"""A small training of every kind, and what it means that two are the same bit for bit."""

import torch
from configurations import IMAGES, LINE, PAIR, RING, TOY, configuration
from toy_algorithms import FitMean
from toy_critics import AutoEncodingCritic, Reconstructing

from wganbench.operations.plugin_check import differing, replica
from wganbench.plan.configuration import Configuration

__all__ = ["ALL", "CASES", "STOPPING", "assert_identical", "replica"]

CASES = {
    "wgan-gp, MLPs": configuration("wgan-gp"),
    "wgan, MLPs with norms": configuration("wgan", generator__norm="batch", critic__norm="layer"),
    "gan, MLPs": configuration("gan"),
    "minimax, SGD with momentum": configuration(
        "gan",
        objective__name="minimax",
        optimizer__name="sgd",
        optimizer__lr=1e-2,
        optimizer__momentum=0.9,
    ),
    "wgan-gp, DCGANs": configuration("wgan-gp", IMAGES, critic__norm="layer"),
    "wgan, DCGANs with batch norm": configuration("wgan", IMAGES),
    "gan, DCGANs without": configuration(
        "gan", IMAGES, generator__norm="none", generator__constant_filters=True
    ),
    "wgan-gp, fixed pair": configuration("wgan-gp", PAIR),
    **{
        f"{name}, GroupSort": configuration(
            "wgan", PAIR, constraint__name=name, critic__activation="groupsort"
        )
        for name in (
            "one-sided-penalty",
            "weight-decay",
            "weight-norm",
            "spectral-norm",
            "orthonormal",
        )
    },
    "spectral norm, DCGANs": configuration(
        "wgan", IMAGES, constraint__name="spectral-norm", critic__norm="none"
    ),
}
GP_DCGAN = IMAGES | {"generator.name": "gp-dcgan", "critic.name": "gp-dcgan", "iterations": 2}
RESNET = GP_DCGAN | {"generator.name": "resnet", "critic.name": "resnet"}
DEEP = RESNET | {"generator.name": "deep-resnet", "critic.name": "deep-resnet",
                 "generator.blocks": 1, "critic.blocks": 2}  # fmt: skip
CASES |= {
    "wgan-gp, gated DCGANs": configuration(
        "wgan-gp", GP_DCGAN, generator__nonlinearity="gated", critic__nonlinearity="gated",
        critic__norm="layer", generator__init="he", critic__init="he",
    ),
    "wgan, tanh DCGANs": configuration(
        "wgan", GP_DCGAN, generator__nonlinearity="tanh", critic__nonlinearity="tanh",
    ),
    "lsgan, DCGANs without normalisation": configuration(
        "lsgan", GP_DCGAN, generator__norm="none", critic__norm="none",
    ),
    "wgan-gp, DCGANs of more layers": configuration(
        "wgan-gp", GP_DCGAN, generator__layers_per_map=3, critic__layers_per_map=2,
        generator__nonlinearity="softplus", critic__nonlinearity="softplus", critic__norm="layer",
    ),
    "wgan-gp, ResNets": configuration("wgan-gp", RESNET, critic__norm="layer"),
    "gan, ResNets": configuration("gan", RESNET),
    "wgan-gp, deep ResNets": configuration("wgan-gp", DEEP, critic__norm="layer"),
    "lsgan, deep ResNets": configuration("lsgan", DEEP),
    "wgan-gp, MLP with tanh, norm over channels": configuration(
        "wgan-gp", IMAGES | {"generator.name": "mlp", "generator.width": 16}, critic__norm="none",
        generator__output="tanh", generator__init="he", constraint__norm_over="channels",
    ),
    "wgan-code": configuration("wgan-code", warm_up_n_critic=6, warm_up_first=2, warm_up_every=3),
    "bfloat16, DCGANs": configuration(
        "wgan-gp", IMAGES, critic__norm="layer", precision="bfloat16"
    ),
    "RMSProp with momentum": configuration("wgan", optimizer__momentum=0.5),
    "f-gan, Jeffrey, affine": configuration(
        "gan", LINE, objective__f_divergence="jeffrey",
    ),
    "f-gan, weighted JS": configuration(
        "gan", objective__name="f-gan", objective__f_divergence="weighted-js", objective__pi=0.3,
    ),
    "unrolled, on the ring": configuration("unrolled", RING),
    "unrolled, without the second term": configuration("unrolled", RING, second_term=False),
    "unrolled, by the critic's Adam, on a closed ring": configuration(
        "unrolled-demo", RING, unrolled_steps=2, data__spacing="closed",
    ),
    "unrolled by no step": configuration("unrolled", RING, unrolled_steps=0, n_critic=2),
    "unrolled, bfloat16": configuration("unrolled", RING, precision="bfloat16"),
    "penalty between coupled points": configuration(
        "wgan-gp", PAIR, constraint__name="coupled-penalty",
    ),
    "one-sided penalty in a box": configuration(
        "wgan-lp", constraint__name="uniform-penalty", constraint__sides="one",
    ),
    "penalty near the data, DCGANs": configuration(
        "wgan-gp", IMAGES, critic__norm="layer", constraint__name="near-data-penalty",
    ),
    "f-gan, fixed pair": configuration(
        "gan", PAIR, data__name="fgan-fit", data__trained_on="js", critic__name="tanh-mlp",
        objective__name="f-gan",
    ),
    "vae, DCGANs with batch norm": configuration(
        "gan", IMAGES, algorithm="vae", encoder__name="dcgan", encoder__width=4,
    ),
    "vae, MLPs, Bernoulli": configuration(
        "gan", IMAGES | {"generator.name": "mlp", "generator.width": 16}, algorithm="vae",
        generator__output="tanh", likelihood="bernoulli", encoder__name="mlp", encoder__width=16,
    ),
    **{
        f"sample loss, {name}": configuration(
            "gan", TOY, algorithm="sample-loss", loss__name=name
        )
        for name in ("exact-ot", "sinkhorn", "mmd", "energy")
    },
    "sample loss, images": configuration(
        "gan", IMAGES, algorithm="sample-loss", loss__name="exact-ot"
    ),
    "ebgan, pulling away": configuration(
        "gan", objective__name="ebgan", objective__margin=0.5, objective__pulling_away=0.1,
        critic__name="auto-encoder", critic__width=16, critic__code_dim=2,
    ),
    "ebgan, images": configuration(
        "gan", IMAGES | {"critic.name": "auto-encoder", "critic.width": 16},
        objective__name="ebgan", objective__margin=10.0,
    ),
    "gan, minibatch discrimination": configuration(
        "gan", IMAGES | {"critic.name": "minibatch-mlp", "critic.width": 16}, critic__depth=1,
        critic__kernels=3, critic__kernel_dim=2,
    ),
}  # fmt: skip
INFOGAN = IMAGES | {"algorithm": "infogan", "generator.name": "mlp", "generator.width": 16,
                    "critic.name": "mlp", "critic.width": 16, "recogniser_width": 8,
                    "iterations": 4}  # fmt: skip
CASES |= {
    "infogan, shared recogniser": configuration("gan", INFOGAN, n_critic=2),
    "infogan, recogniser of its own, no continuous code": configuration(
        "gan", INFOGAN, recogniser="own", continuous=0, information_weight=0.0,
    ),
    "infogan, gradient penalty, law": configuration(
        "wgan-gp", TOY, algorithm="infogan", recogniser="own", categories=8,
    ),
    "a critic frozen on the way": configuration(
        "wgan-gp", algorithm="frozen-critic", critic_iterations=2,
    ),
    "an ensemble of critics": configuration("wgan-gp", critic__name="ensemble-mlp"),
    "a blend with minimax": configuration(
        "wgan", objective__name="blend", objective__share=0.25, objective__gan_loss="minimax",
    ),
    "a GAN with the average of both losses": configuration(
        "gan", objective__name="blend", objective__share=1.0, objective__gan_loss="average",
    ),
}  # fmt: skip


def without_critic(config: Configuration) -> Configuration:
    """Return the configuration with the toy algorithm that has no critic."""
    settings = {name: getattr(config.algorithm, name) for name in FitMean.model_fields}
    return config.model_copy(update={"algorithm": FitMean(**settings | {"name": "fit-mean"})})


def with_parts(config: Configuration, **parts: object) -> Configuration:
    """Return the configuration with other parts of its algorithm, which may be toys."""
    algorithm = config.algorithm.model_copy(update=parts)
    return config.model_copy(update={"algorithm": algorithm})


# What others may add: see toy_algorithms.py.
CASES |= {
    "no critic": without_critic(configuration("wgan", optimizer__momentum=0.5)),
    "no critic, images": without_critic(configuration("gan", IMAGES)),
    "a critic with more than values": with_parts(
        configuration("wgan-gp"), critic=AutoEncodingCritic()
    ),
    "an objective that sees codes": with_parts(
        configuration("wgan"), critic=AutoEncodingCritic(), objective=Reconstructing()
    ),
    "a critic with more than values, on a pair": with_parts(
        configuration("wgan-sn", PAIR), critic=AutoEncodingCritic()
    ),
}
# Stops each replica in its own time, so that a stack has more evaluations than one alone.
STOPPING = {
    "stopping early": configuration("wgan-gp", PAIR, patience=1, iterations=12, evaluations=12)
}
ALL = CASES | STOPPING


def assert_identical(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> None:
    words = differing(one, other)
    assert not words, words
