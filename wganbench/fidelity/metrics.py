"""FID, KID, Inception score, precision and recall: torch-fidelity's functions on features.

Given the same features they are what `torch_fidelity.calculate_metrics` returns, to the last bit;
features are extracted once per set of images instead of once per pair.
"""

from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from wganbench.fidelity.extractors import Features
from wganbench.fidelity.library import torch_fidelity

KID_SUBSET = 1000  # torch-fidelity's usual size; fewer images are taken all at once
KID_SUBSETS = 50
ISC_SPLIT = 5000  # images: ten splits of the usual 50,000, fewer of fewer
ISC_MOST_SPLITS = 10
NEIGHBOURS = 3  # Kynkaanniemi et al. 2019 (arXiv 1904.06991), section 3, figure 4: k = 3
RANDOM = 2020  # torch-fidelity's usual seed

Statistics = dict[str, np.ndarray]


def settings(generated: int, real: int) -> dict[str, Any]:
    """Return torch-fidelity's settings for so many images."""
    smaller = min(generated, real)
    return {
        "kid_subset_size": min(KID_SUBSET, smaller),
        # With all images in each subset, all subsets are alike.
        "kid_subsets": KID_SUBSETS if smaller > KID_SUBSET else 1,
        "isc_splits": max(1, min(ISC_MOST_SPLITS, generated // ISC_SPLIT)),
        "prc_neighborhood": NEIGHBOURS,
        "rng_seed": RANDOM,
        "save_cpu_ram": True,
        "verbose": False,
    }


def statistics(features: Float[Tensor, "n feature"]) -> Statistics:
    """Return mean and covariance."""
    found: Statistics = torch_fidelity.metric_fid.fid_features_to_statistics(features)
    return found


def fid(one: Statistics, other: Statistics) -> float:
    """Return the squared Frechet distance of two normals (Heusel et al. 2017, equation 6)."""
    metric = torch_fidelity.metric_fid
    found = metric.fid_statistics_to_metric(one, other, verbose=False)
    return float(found[metric.KEY_METRIC_FID])


def kid(generated: Features, real: Features) -> float:
    """Return the unbiased squared MMD (Binkowski et al. 2018, section 3)."""
    metric = torch_fidelity.metric_kid
    chosen = settings(len(generated), len(real))
    found = metric.kid_features_to_metric(generated.features, real.features, **chosen)
    return float(found[metric.KEY_METRIC_KID_MEAN])


def isc(generated: Features) -> float:
    """Return the Inception score of the space's own logits (Salimans et al. 2016, section 4)."""
    metric = torch_fidelity.metric_isc
    splits = settings(len(generated), len(generated))["isc_splits"]
    found = metric.isc_features_to_metric(generated.logits, splits, shuffle=True, rng_seed=RANDOM)
    return float(found[metric.KEY_METRIC_ISC_MEAN])


def precision_recall(generated: Features, real: Features) -> tuple[float, float]:
    """Return improved precision and recall (Kynkaanniemi et al. 2019, equations 1 to 3)."""
    metric = torch_fidelity.metric_prc
    chosen = settings(len(generated), len(real)) | {"prc_batch_size": 10_000}
    found = metric.prc_features_to_metric(generated.features, real.features, **chosen)
    return float(found[metric.KEY_METRIC_PRECISION]), float(found[metric.KEY_METRIC_RECALL])
