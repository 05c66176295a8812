"""Spectral norms by products alone, as a GPU has them, against singular values in double."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from wganbench.nets.layers.lipschitz import norm_by_squaring

EPSILON = float(np.finfo(np.float32).eps)


def largest(matrices: torch.Tensor) -> np.ndarray:
    return np.linalg.svd(matrices.double().numpy(), compute_uv=False)[:, 0]


def made(kind: str, shape: tuple[int, int]) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)

    def normal(*size: int) -> torch.Tensor:
        return torch.randn(4, *size, generator=generator)

    m, n = shape
    return {
        "normal": lambda: normal(m, n),
        "of one rank": lambda: normal(m, 1) * normal(1, n),
        "at the ends of a clip": lambda: 0.01 * normal(m, n).sign(),
        "all of one value": lambda: torch.full((4, m, n), 1e-6),
        "with equal singular values": lambda: torch.linalg.qr(normal(max(shape), min(shape)))[0],
    }[kind]()


@pytest.mark.parametrize("shape", [(1, 64), (2, 64), (64, 64), (100, 30)])
@pytest.mark.parametrize(
    "kind",
    ["normal", "of one rank", "at the ends of a clip", "all of one value",
     "with equal singular values"],
)  # fmt: skip
def test_a_norm_by_squaring_is_the_largest_singular_value_to_a_rounding_error(kind, shape):
    matrices = made(kind, shape)
    found = norm_by_squaring(matrices)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, largest(matrices), rtol=2 * EPSILON)


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20), st.floats(-12, 12))
def test_in_double_it_lies_above_at_every_scale(seed, m, n, log_scale):
    rng = np.random.default_rng(seed)
    matrices = torch.from_numpy(10**log_scale * rng.standard_normal((2, m, n)))
    found, exact = norm_by_squaring(matrices).numpy(), largest(matrices)
    assert (found >= exact * (1 - 1e-12)).all()
    assert (found <= exact * 20 ** (1 / 2**25) * (1 + 1e-12)).all()


def test_a_matrix_of_zeros_has_none():
    assert norm_by_squaring(torch.zeros(2, 5, 3)).tolist() == [0, 0]
