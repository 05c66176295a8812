"""Random streams: each replica's and each purpose's own, the same from here on and in any stack."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from wganbench.training.streams import Streams

# What torch's generators are seeded with for seeds 0 and 7. Every result hangs on these numbers.
SEEDED = {
    "initialisation": (7896617691693857887, 8460147692890830636),
    "data": (2918264622725855778, 3317731564112288844),
    "model": (8597659618385908031, 9139555415570476218),
    "latent": (3291213472928352369, 2530781778362038830),
    "penalty": (2494635221133837528, 6355185125837863469),
    "evaluation": (6102389744414414618, 4346648539189822640),
    "training samples": (3656545308831359172, 351528316132178081),
}
OWN = ("codes", "unrolled latents", "data ", "")
PURPOSES = st.sampled_from([*SEEDED, *OWN])


def streams(*seeds: int) -> Streams:
    return Streams(seeds, torch.device("cpu"))


@pytest.mark.parametrize("purpose", SEEDED)
def test_the_seeds_of_the_first_purposes_are_frozen(purpose):
    drawn = streams(0, 7).integers(purpose, 2**62, 5)
    for row, seed in zip(drawn, SEEDED[purpose], strict=True):
        generator = torch.Generator().manual_seed(seed)
        assert torch.equal(row, torch.randint(2**62, (5,), generator=generator))


def test_an_own_purpose_is_seeded_by_its_name_and_that_is_frozen_too():
    assert streams(0, 7).integers("codes", 2**62, 1).flatten().tolist() == [
        2948102590269272103, 2756376411676690880,
    ]  # fmt: skip


def test_streams_of_different_purposes_and_seeds_share_nothing():
    own = streams(0, 1)
    draws = torch.stack([own.normal(p, 1000) for p in (*SEEDED, *OWN)]).flatten(0, 1)
    correlation = torch.corrcoef(draws) - torch.eye(len(draws))
    assert correlation.abs().max() < 0.14  # about four standard deviations at n = 1000


def test_a_replicas_draws_continue_where_they_stopped():
    one, two = streams(3), streams(3)
    both = torch.cat([one.uniform("data", 5), one.uniform("data", 5)], dim=1)
    assert not torch.equal(both[:, :5], both[:, 5:])
    assert torch.equal(both, torch.cat([two.uniform("data", 5), two.uniform("data", 5)], dim=1))


@given(drawn=st.lists(PURPOSES, max_size=6), purpose=PURPOSES)
def test_what_else_was_drawn_for_makes_no_difference(drawn, purpose):
    fresh, used = streams(5), streams(5)
    others = [other for other in drawn if other != purpose]
    for other in others:
        used.normal(other, 3)
    assert torch.equal(fresh.normal(purpose, 4), used.normal(purpose, 4))


@pytest.mark.parametrize("purpose", OWN)
def test_an_own_purposes_draws_are_the_same_in_any_stack(purpose):
    alone, stacked = streams(7), streams(4, 7, 5)
    for _ in range(3):
        assert torch.equal(alone.normal(purpose, 9)[0], stacked.normal(purpose, 9)[1])


@given(before=st.lists(PURPOSES, max_size=6), after=st.lists(PURPOSES, min_size=1, max_size=6))
def test_restored_streams_go_on_bit_for_bit_for_whatever_purpose(before, after):
    """Also for a purpose that the new streams have not drawn for yet, or the old ones had not."""
    whole, restored = streams(2, 9), streams(2, 9)
    for purpose in before:
        whole.normal(purpose, 5)
    restored.restore({name: state.clone() for name, state in whole.state().items()})
    for purpose in after:
        assert torch.equal(whole.normal(purpose, 5), restored.normal(purpose, 5))
