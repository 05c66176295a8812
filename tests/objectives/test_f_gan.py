"""f-GAN's divergences against [fGAN] table 6's formulas, closed forms, quadrature and the GAN."""

from math import inf, log

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from pydantic import ValidationError
from scipy.special import wrightomega
from scipy.stats import norm

from wganbench.objectives.divergences.stable import log_lambert
from wganbench.objectives.f_gan import FGAN
from wganbench.objectives.gan import Minimax, NonSaturating

NAMES = (
    "total-variation", "kl", "reverse-kl", "pearson", "neyman", "squared-hellinger", "jeffrey",
    "js", "weighted-js", "gan", "alpha",
)  # fmt: skip
ALL = [
    *(FGAN(f_divergence=name) for name in NAMES),
    *(FGAN(f_divergence="weighted-js", pi=share) for share in (0.1, 0.8)),
    *(FGAN(f_divergence="alpha", alpha=alpha) for alpha in (-1.0, 0.3, 1.5, 2.0)),
]
everyone = pytest.mark.parametrize("objective", ALL, ids=lambda objective: objective.row.short)


def printed_conjugate(objective, t):
    """[fGAN] table 6, f*(t); alpha's for t where its base is positive."""
    a, p = mp.mpf(objective.alpha), mp.mpf(objective.pi)
    if objective.f_divergence == "jeffrey":
        w = mp.lambertw(mp.exp(1 - t)).real
        return w + 1 / w + t - 2
    return {
        "total-variation": lambda: t,
        "kl": lambda: mp.exp(t - 1),
        "reverse-kl": lambda: -1 - mp.log(-t),
        "pearson": lambda: t**2 / 4 + t,
        "neyman": lambda: 2 - 2 * mp.sqrt(1 - t),
        "squared-hellinger": lambda: t / (1 - t),
        "js": lambda: -mp.log(2 - mp.exp(t)),
        "weighted-js": lambda: (1 - p) * mp.log((1 - p) / (1 - p * mp.exp(t / p))),
        "gan": lambda: -mp.log(1 - mp.exp(t)),
        "alpha": lambda: (t * (a - 1) + 1) ** (a / (a - 1)) / a - 1 / a,
    }[objective.f_divergence]()


def printed_activation(objective, v):
    """[fGAN] table 6, growing with v."""
    a, p = mp.mpf(objective.alpha), mp.mpf(objective.pi)
    falling = {"reverse-kl": 0, "neyman": 1, "squared-hellinger": 1}
    name = objective.f_divergence
    if name in falling:
        return falling[name] - mp.exp(-v)
    if name == "total-variation":
        return mp.tanh(v) / 2
    if name in ("kl", "pearson", "jeffrey") or (name == "alpha" and a > 1):
        return v
    level = {"js": mp.log(2), "weighted-js": -p * mp.log(p), "gan": 0, "alpha": 1 / (1 - a)}[name]
    return level - mp.log(1 + mp.exp(-v))


def best_value(objective, u):
    """Return the V at which T = g_f(V) is f'(u), by hand; 40 and -40 where it is infinite."""
    a, p, name = objective.alpha, objective.pi, objective.f_divergence
    log_u = np.log(u)
    if name == "alpha":
        slope = np.exp((a - 1) * log_u)
        x = slope / (1 - a)  # log(1 + exp(-V)), for alpha < 1
        return (slope - 1) / (a - 1) if a > 1 else -x - np.log(-np.expm1(-x))
    if name == "weighted-js":
        log_d = -p * np.log1p((1 - p) / (p * u))  # log sigmoid(V)
        return log_d - np.log(-np.expm1(log_d))
    return {
        "total-variation": lambda: 40 * np.sign(log_u),
        "kl": lambda: 1 + log_u,
        "pearson": lambda: 2 * (u - 1),
        "neyman": lambda: 2 * log_u,
        "squared-hellinger": lambda: log_u / 2,
        "jeffrey": lambda: log_u + 1 - 1 / u,
    }.get(name, lambda: log_u)()


def of_values(objective, v):
    """Return T, f*(T) and their derivatives at values, in the values' own precision."""
    v = torch.as_tensor(v).requires_grad_()
    found = []
    for function in (objective.row.activation, objective.row.conjugate):
        made = function(v)
        (slope,) = torch.autograd.grad(made.sum(), v)
        found += [made.detach(), slope]
    return found


@everyone
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_numbers_are_those_of_the_printed_formulas_however_large_the_value(objective, dtype):
    """By 200 digits: the printed formulas would overflow or lose all digits in a critic's own."""
    values = [-300.0, -85.0, -40.0, -12.5, -3.0, -0.75, 0.0, 0.5, 2.0, 20.0, 31.0, 85.0, 300.0]
    largest = torch.finfo(dtype).max
    t, slope_t, conjugate, slope_conjugate = (
        x.numpy() for x in of_values(objective, torch.tensor(values, dtype=dtype))
    )
    with mp.workdps(200):
        for k, v in enumerate(values):
            exact_t = printed_activation(objective, mp.mpf(v))
            base = exact_t * (mp.mpf(objective.alpha) - 1) + 1
            below = objective.f_divergence == "alpha" and base <= 0
            exact = -1 / objective.alpha if below else printed_conjugate(objective, exact_t)
            for found, right in ((t[k], exact_t), (conjugate[k], exact)):
                if abs(right) < largest:
                    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
                    assert found == pytest.approx(float(right), rel=tolerance, abs=tolerance)
    within = np.abs(values) < 80  # where exp fits into single precision
    assert np.isfinite([slope_t[within], slope_conjugate[within]]).all()
    assert (slope_t >= 0).all()  # V grows, T grows


@everyone
def test_the_conjugate_of_the_conjugate_is_f(objective):
    v = torch.linspace(-250, 60, 1_550_001, dtype=torch.float64)
    t, conjugate = objective.row.activation(v), objective.row.conjugate(v)
    for u in (0.05, 0.3, 0.8, 1.0, 1.3, 4.0, 15.0):
        again = (u * t - conjugate).max().item()
        assert again == pytest.approx(float(objective.row.f(np.array(u))), abs=1e-6)


@everyone
def test_the_conjugate_is_convex(objective):
    """Its derivative, by the chain rule from those in V, grows; it is the ratio p / q."""
    grid = torch.linspace(-8, 8, 4001, dtype=torch.float64)
    _, slope_t, _, slope_conjugate = (x.numpy() for x in of_values(objective, grid))
    ratio = slope_conjugate / slope_t
    assert (np.diff(ratio) >= -1e-9 * (1 + np.abs(ratio[1:]))).all()
    if objective.f_divergence != "pearson":  # table 6 lets its f go on to u < 0
        assert (ratio >= 0).all()


gaussians = st.tuples(st.floats(-1, 1), st.floats(1, 1.2), st.floats(-1, 1), st.floats(1, 1.2))


def closed_form(name, m1, s1, m2, s2):
    kl = log(s2 / s1) + (s1**2 + (m1 - m2) ** 2) / (2 * s2**2) - 0.5
    reverse = log(s1 / s2) + (s2**2 + (m1 - m2) ** 2) / (2 * s1**2) - 0.5
    both = s1**2 + s2**2
    overlap = (2 * s1 * s2 / both) ** 0.5 * np.exp(-((m1 - m2) ** 2) / (4 * both))
    rest = 2 * s2**2 - s1**2
    square = s2**2 / (s1 * rest**0.5) * np.exp((m1 - m2) ** 2 / rest)
    return {
        "kl": kl, "reverse-kl": reverse, "jeffrey": kl + reverse, "pearson": square - 1,
        "squared-hellinger": 2 - 2 * overlap,
    }.get(name)  # fmt: skip


@everyone
@given(laws=gaussians)
def test_the_best_critic_recovers_the_divergence_of_gaussians(objective, laws):
    """T = f'(p / q) by quadrature, against the integral of q f(p / q) and closed forms."""
    m1, s1, m2, s2 = laws
    x = np.linspace(-16, 16, 4001)
    p, q = norm.pdf(x, m1, s1), norm.pdf(x, m2, s2)
    u = np.exp(norm.logpdf(x, m1, s1) - norm.logpdf(x, m2, s2))
    best = torch.from_numpy(best_value(objective, u))
    t, conjugate = objective.row.activation(best).numpy(), objective.row.conjugate(best).numpy()
    bound = np.trapezoid(p * t - q * conjugate, x)
    divergence = np.trapezoid(q * objective.row.f(u), x)
    assert bound == pytest.approx(divergence, rel=1e-6, abs=1e-8)
    known = closed_form(objective.f_divergence, *laws)
    if known is not None:
        assert bound == pytest.approx(known, rel=1e-5, abs=1e-7)


@given(st.floats(-1e6, 1e6))
def test_lamberts_function_is_scipys_omega(y):
    found = log_lambert(torch.tensor([y], dtype=torch.float64)).exp().item()
    assert found == pytest.approx(wrightomega(y), rel=1e-12, abs=1e-300)


values = st.lists(st.floats(-20, 20), min_size=2, max_size=8).map(
    lambda found: torch.tensor([found], dtype=torch.float64)
)


@everyone
@given(values=values)
def test_no_critic_exceeds_the_divergence(objective, values):
    """P and Q on as many points as values, P falling from point to point, Q even."""
    count = values.shape[1]
    p = 2.0 ** -np.arange(1, count + 1)
    p[-1] *= 2
    places = np.repeat(np.arange(count), (p * 2**count).round().astype(int))
    found = objective.divergence(values[:, places], values)
    assert found.item() <= np.mean(objective.row.f(p * count)) + 1e-9


@everyone
def test_a_blind_critic_says_that_the_laws_agree(objective):
    same = torch.from_numpy(best_value(objective, np.ones((1, 8))))
    least = -log(4) if objective.f_divergence == "gan" else 0.0
    assert objective.divergence(same, same).item() == pytest.approx(least, abs=1e-12)
    assert objective.row.f(np.array(1.0)) == pytest.approx(least, abs=1e-12)


@everyone
def test_the_bound_is_what_f_comes_to_where_the_laws_do_not_meet(objective):
    far = np.array([1e-30, 1e30])
    small, large = objective.row.f(far)
    if objective.row.bound == inf:
        assert objective.quantity.bound is None
        assert small + large / 1e30 > 20
    else:
        assert small + large / 1e30 == pytest.approx(objective.row.bound, abs=1e-3)
        assert objective.quantity.bound == objective.row.bound


@given(values, values)
def test_the_gan_divergence_is_the_gan(real, fake):
    gan, minimax = FGAN(f_divergence="gan"), Minimax()
    torch.testing.assert_close(gan.critic_loss(real, fake), minimax.critic_loss(real, fake))
    torch.testing.assert_close(gan.generator_loss(fake), minimax.generator_loss(fake))
    js = FGAN(f_divergence="js").divergence(real, fake)
    torch.testing.assert_close(js, 2 * minimax.divergence(real, fake))
    torch.testing.assert_close(js, gan.divergence(real, fake) + log(4))


@given(values)
def test_the_generators_alternative_is_the_log_d_trick_for_the_gan(fake):
    trick = FGAN(f_divergence="gan", generator_minimises="minus-t")
    torch.testing.assert_close(trick.generator_loss(fake), NonSaturating().generator_loss(fake))


@everyone
@given(fake=values)
def test_the_generator_minimises_what_the_critic_raises(objective, fake):
    zero = torch.zeros_like(fake)
    raised = objective.divergence(zero, fake) - objective.divergence(zero, zero)
    lost = objective.generator_loss(fake) - objective.generator_loss(zero)
    torch.testing.assert_close(raised, lost)


@everyone
@pytest.mark.parametrize("minimised", ["bound", "minus-t"])
@settings(max_examples=20)
@given(values=values)
def test_the_pull_is_the_size_of_the_losss_derivative(objective, minimised, values):
    changed = objective.model_copy(update={"generator_minimises": minimised})
    fake = values.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(changed.generator_loss(fake).sum(), fake)
    pull = torch.from_numpy(changed.pull(values.numpy()))
    torch.testing.assert_close(pull, values.shape[1] * gradient.abs())


@pytest.mark.parametrize(
    ("settings", "like", "factor"),
    [
        ({"f_divergence": "alpha", "alpha": 2.0}, "pearson", 0.5),
        ({"f_divergence": "alpha", "alpha": -1.0}, "neyman", 0.5),
        ({"f_divergence": "alpha", "alpha": 0.5}, "squared-hellinger", 2.0),
        ({"f_divergence": "alpha", "alpha": 1 - 1e-7}, "kl", 1.0),
        ({"f_divergence": "alpha", "alpha": 1e-7}, "reverse-kl", 1.0),
        ({"f_divergence": "weighted-js", "pi": 0.5}, "js", 0.5),
    ],
)
def test_families_hold_the_others(settings, like, factor):
    """Up to c (u - 1), which no integral sees."""
    u = np.array([0.1, 0.5, 1.0, 1.5, 4.0])
    gap = FGAN(**settings).row.f(u) - factor * FGAN(f_divergence=like).row.f(u)
    np.testing.assert_allclose(gap, gap[-1] / 3 * (u - 1), atol=1e-5)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"f_divergence": "alpha", "alpha": 1.0}, "f_divergence: kl"),
        ({"f_divergence": "alpha", "alpha": 0.0}, "f_divergence: reverse-kl"),
        ({"f_divergence": "kl", "alpha": 0.3}, "f_divergence alpha alone"),
        ({"f_divergence": "js", "pi": 0.3}, "f_divergence weighted-js alone"),
    ],
)
def test_settings_that_mean_nothing_are_refused(settings, reason):
    with pytest.raises(ValidationError, match=reason):
        FGAN(**settings)
