"""EBGAN against the proofs of theorems 1 and 2, and its pulling-away term against a plain loop."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from wganbench.errors import UserError
from wganbench.nets import Critique
from wganbench.objectives.ebgan import EBGAN, pulling_away

energies = st.lists(st.floats(0, 30), min_size=2, max_size=12).map(
    lambda values: torch.tensor([values], dtype=torch.float64)
)


@given(energies, energies, st.floats(0.1, 10))
def test_the_critics_loss_is_v_of_the_energies(real, fake, margin):
    v = sum(real[0].tolist()) / len(real[0])
    v += sum(max(0.0, margin - energy) for energy in fake[0].tolist()) / len(fake[0])
    objective = EBGAN(margin=margin)
    torch.testing.assert_close(objective.critic_loss(-real, -fake), torch.tensor([v]).double())
    torch.testing.assert_close(objective.generator_loss(-fake), fake.mean(-1))


@given(st.floats(0, 1), st.floats(0.1, 10))
def test_v_is_the_margin_where_laws_and_energies_are_equal_and_only_up_to_it(share, margin):
    """Theorem 2: any energy between 0 and m."""
    objective, same = EBGAN(margin=margin), torch.full((1, 6), -share * margin).double()
    assert objective.critic_loss(same, same).item() == pytest.approx(margin)
    assert objective.divergence(same, same).item() == pytest.approx(0, abs=1e-12)
    above = same - margin
    assert objective.critic_loss(above, above).item() == pytest.approx((1 + share) * margin)


def test_with_the_best_energies_v_is_what_the_proof_of_theorem_1_says():
    """Energy m where the model has more mass, 0 elsewhere: V = m (1 - TV)."""
    p, q = torch.tensor([0.5, 0.25, 0.25]), torch.tensor([0.25, 0.25, 0.5])
    best = torch.where(q > p, 3.0, 0.0)
    real, fake = (best.repeat_interleave((4 * law).long())[None] for law in (p, q))
    total_variation = (p - q).abs().sum() / 2
    assert EBGAN(margin=3.0).critic_loss(-real, -fake).item() == 3 * (1 - total_variation)
    assert EBGAN(margin=3.0).divergence(-real, -fake).item() == total_variation


def test_the_pulling_away_term_is_the_mean_squared_cosine_of_pairs():
    codes = torch.randn(2, 5, 3, dtype=torch.float64)
    for code, found in zip(codes, pulling_away(codes), strict=True):
        cosines = [
            torch.dot(code[i], code[j]) / (code[i].norm() * code[j].norm())
            for i in range(5)
            for j in range(5)
            if i != j
        ]
        torch.testing.assert_close(found, torch.stack(cosines).square().mean())


def test_codes_on_a_line_pull_as_much_as_can_be_and_orthogonal_ones_not_at_all():
    line = torch.tensor([[[1.0, 2.0], [-2.0, -4.0], [0.5, 1.0]]])
    torch.testing.assert_close(pulling_away(line), torch.ones(1))
    torch.testing.assert_close(pulling_away(torch.eye(4)[None]), torch.zeros(1))


def test_the_term_has_its_weight_in_the_generators_loss_alone():
    values, code = -torch.rand(2, 6), torch.randn(2, 6, 3)
    critique = Critique(values, {"code": code})
    plain, pulled = EBGAN(), EBGAN(pulling_away=0.3)
    torch.testing.assert_close(
        pulled.generator_loss(critique), plain.generator_loss(critique) + 0.3 * pulling_away(code)
    )
    assert torch.equal(
        pulled.critic_loss(critique, critique), plain.critic_loss(critique, critique)
    )


def test_a_critic_without_a_code_is_refused_by_name():
    with pytest.raises(UserError, match=r"objective\.pulling_away.*auto-encoder"):
        EBGAN(pulling_away=0.1).sees(torch.zeros(1, 2))
    assert torch.equal(EBGAN().sees(torch.zeros(1, 2)), torch.zeros(1, 2))
