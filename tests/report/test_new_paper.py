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
    found = list(papers().values())
    assert [paper.tag for paper in found[:2]] == ["WGAN", "GP"]
    appeared = [(paper.year, paper.arxiv) for paper in found[2:]]
    assert appeared == sorted(appeared)
    assert len({paper.tag for paper in found}) == len(found)


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
        files = list(papers())
        younger = [file for file, paper in papers().items() if paper.year > 2014]
        assert files.index("an-older-one.html") < files.index(younger[2])  # behind the two
        claims = judged([found], "smoke", [])
    assert [one.verdict.source for one in claims] == [
        "[WGAN] figure 1", "[GP] figure 2", "[OLD] figure 9", "someone else",
    ]  # fmt: skip
