"""The page of the family: models, what is claimed of them, and what their sources print."""

from test_verdicts import judged

from wganbench.claims.judging.catalogue import catalogue
from wganbench.report.site.family import family


def test_every_claim_about_a_model_stands_there_beside_its_sources_number():
    known = catalogue()
    shown = family(judged(name=name) for name in known)
    of_models = {name: claim for name, claim in known.items() if claim.model}
    found = {m.claim.verdict.name: m.published for members in shown.values() for m in members}
    assert found == {name: claim.published for name, claim in of_models.items()}
    assert "f-GAN" in shown
    assert "parallel_lines_distance" not in found


def test_a_model_stands_once():
    shown = family(judged(name=name) for name in ("fgan_fits", "no_default", "fgan_own_row"))
    assert [m.claim.verdict.name for m in shown["f-GAN"]] == ["fgan_fits", "fgan_own_row"]
    assert len(shown) == 2
