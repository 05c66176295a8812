"""The papers' methods as presets: settings that `method: NAME` stands for.

Sources: [WGAN] arXiv 1701.07875, algorithm 1 and section 4; [GP] arXiv 1704.00028, algorithm 1 and
table 1's DCGAN baseline. An experiment may override each of them; the report shows where it did.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

_WGAN = {
    "objective.name": "wasserstein",
    "constraint.name": "clip",
    "constraint.clip_value": 0.01,  # [WGAN] algorithm 1
    "optimizer.name": "rmsprop",
    "optimizer.lr": 5e-5,  # [WGAN] algorithm 1
    "n_critic": 5,  # [WGAN] algorithm 1
    "batch_size": 64,  # [WGAN] algorithm 1
}

_WGAN_GP = {
    "objective.name": "wasserstein",
    "constraint.name": "gradient-penalty",
    "constraint.penalty_weight": 10.0,  # [GP] algorithm 1
    "optimizer.name": "adam",
    "optimizer.lr": 1e-4,  # [GP] algorithm 1
    "optimizer.beta1": 0.0,  # [GP] algorithm 1; see wgan-gp-code
    "optimizer.beta2": 0.9,  # [GP] algorithm 1
    "n_critic": 5,  # [GP] algorithm 1
    "batch_size": 64,  # [GP] algorithm 1
}

_GAN = {
    # [WGAN] figures 5-7 compare with "the standard GAN procedure using the -log D trick".
    "objective.name": "non-saturating",
    "constraint.name": "none",
    "optimizer.name": "adam",
    "optimizer.lr": 2e-4,  # [GP] DCGAN baseline
    "optimizer.beta1": 0.5,  # [GP] DCGAN baseline
    "optimizer.beta2": 0.999,
    "n_critic": 1,
    "batch_size": 64,
}

_LSGAN = {
    "objective.name": "lsgan",
    "constraint.name": "none",
    "optimizer.name": "rmsprop",
    "optimizer.lr": 1e-4,  # [GP]'s code, gan_64x64.py
    "optimizer.alpha": 0.9,  # TensorFlow's default, which [GP]'s code leaves
    "n_critic": 1,  # [GP]'s code
    "batch_size": 64,
}

# What the authors' repositories run where it is not what their papers have; see the experiment
# paper-vs-code for each deviation on its own.
_WGAN_CODE = {
    **_WGAN,
    "constraint.order": "before",  # main.py clamps, then steps
    "warm_up_n_critic": 100,  # main.py: gen_iterations < 25 or gen_iterations % 500 == 0
    "warm_up_first": 25,
    "warm_up_every": 500,
}
_WGAN_GP_CODE = {**_WGAN_GP, "optimizer.beta1": 0.5}  # gan_mnist.py, gan_cifar.py

# One-sided penalty, as tried in [GP] section 4 and named LP by Petzka et al. 2018.
_WGAN_LP = {**_WGAN_GP, "constraint.name": "one-sided-penalty"}

# Critics held by their weights alone, trained as [GP] trains its critic.
_BY_WEIGHTS = {key: value for key, value in _WGAN_GP.items() if not key.startswith("constraint.")}
_WGAN_SN = {**_BY_WEIGHTS, "constraint.name": "spectral-norm"}
_WGAN_GROUPSORT = {
    **_BY_WEIGHTS,
    "constraint.name": "orthonormal",
    "critic.name": "mlp",
    "critic.activation": "groupsort",
}

# [UGAN] section 3.1 and appendix A, by recall; latent, unrolled step and the generator's rate are
# those that were found to work in 3,000 iterations (the paper: 256 dimensions, 1e-4 for both).
_UNROLLED = {
    "algorithm": "unrolled",
    "unrolled_steps": 5,
    "unrolled_update": "sgd",
    "unrolled_lr": 0.1,
    "objective.name": "minimax",
    "constraint.name": "none",
    "optimizer.name": "adam",
    "generator_optimizer.lr": 1e-3,
    "critic_optimizer.lr": 1e-4,
    "optimizer.beta1": 0.5,
    "optimizer.beta2": 0.999,
    "generator.name": "orthogonal-mlp",
    "generator.latent_dim": 64,
    "critic.name": "orthogonal-mlp",
    "n_critic": 1,
    "batch_size": 128,
}
# What the authors' demo runs, on a closed ring of radius 1 and deviation 0.01:
# github.com/poolio/unrolled_gan, "Unrolled GAN demo.ipynb".
_UNROLLED_DEMO = {
    **_UNROLLED,
    "unrolled_update": "own",
    "generator.latent_dim": 256,
    "generator.activation": "tanh",
    "generator.gain": 1.4,
    "critic.activation": "tanh",
    "critic.gain": 1.4,
    "critic.depth": 2,
    "critic.input_scale": 1.0,
    "batch_size": 512,
}

PRESETS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "gan": _GAN,
        "wgan": _WGAN,
        "wgan-gp": _WGAN_GP,
        "wgan-lp": _WGAN_LP,
        "wgan-sn": _WGAN_SN,
        "wgan-groupsort": _WGAN_GROUPSORT,
        "lsgan": _LSGAN,
        "wgan-code": _WGAN_CODE,
        "wgan-gp-code": _WGAN_GP_CODE,
        "unrolled": _UNROLLED,
        "unrolled-demo": _UNROLLED_DEMO,
    }
)

BESIDE: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        # The slope of each sample alone is bounded, and batch norm mixes them ([GP] section 4).
        name: {"critic.norm": "none"}
        for name in ("wgan-gp", "wgan-gp-code", "wgan-lp", "wgan-sn", "wgan-groupsort")
    }
)
"""What a preset sets of nets that have such a setting, whichever is chosen, unless it is set."""
