"""A paper is one module: its page, its place in the navigation and its claims follow from it."""

from older_paper import older_paper

from wganbench.papers import WHOLE, papers
from wganbench.records.claims import Claims, Verdict
from wganbench.report.site.files import page_files
from wganbench.report.site.references import references
from wganbench.report.site.verdicts import judged


def verdict(source: str) -> Verdict:
    return Verdict.model_construct(
        name=source, source=source, runs=[], statement=source, verdict="not testable here"
    )


def test_the_two_papers_come_first_and_all_in_the_order_in_which_they_appeared():
    assert {file: paper.tag for file, paper in papers().items()} == {
        "ebgan.html": "EBGAN", "fgan.html": "fGAN", "wgan.html": "WGAN", "wgan-gp.html": "GP",
        "gans-equal.html": "Lucic", "improved-gan.html": "MBD",
    }  # fmt: skip
    assert list(papers()) == [
        "wgan.html",
        "wgan-gp.html",
        "fgan.html",
        "ebgan.html",
        "gans-equal.html",
    ]


def test_what_a_figure_is_cited_as_is_what_sources_can_cite():
    for paper in papers().values():
        for figure in paper.figures:
            assert set(figure.shows) <= set(WHOLE)
            for words in figure.cited_as:
                assert references(f"[{paper.tag}] {words}") == [(paper.tag, words)]


def test_a_new_paper_is_one_file_with_its_page_and_its_claims(tmp_path):
    sources = ("[GP] figure 2", "[WGAN] figure 1", "[OLD] figure 9", "someone else")
    found = Claims.model_construct(scale="smoke", claims=[*map(verdict, sources)])
    with older_paper(tmp_path):
        assert "an-older-one.html" in page_files()
        assert list(papers())[2] == "an-older-one.html"  # behind the two, before younger ones
        claims = judged([found], "smoke", [])
    assert [one.verdict.source for one in claims] == [
        "[WGAN] figure 1", "[GP] figure 2", "[OLD] figure 9", "someone else",
    ]  # fmt: skip
