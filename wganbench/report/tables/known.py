"""Every number of the sources that can be computed without training, with ours beside it."""

from wganbench.known_answers import Answer, known_answers
from wganbench.report.style.blocks import Cell, Table, TableRow, tabulated
from wganbench.report.style.wording import number

DIGITS = 6
_CAPTION = (
    "Nothing here is trained: these are the harness's own known answers. What the source prints or "
    "what follows from it stands beside what this project's code finds in another way, and the "
    "difference of the two."
)


def known_table(name: str) -> Table:
    """Return the table of known answers."""
    rows = [
        _row(topic.title, topic.source, answer)
        for topic in known_answers()
        for answer in topic.answers
    ]
    return tabulated(name, "In the sources and found here", _CAPTION, rows)


def _row(title: str, source: str, answer: Answer) -> TableRow:
    return {
        "topic": title,
        "quantity": answer.quantity,
        "in the source": answer.published,
        "found": Cell(number(answer.found, DIGITS), answer.found),
        "difference": Cell(number(answer.error, 1), abs(answer.error)),
        "found by": answer.how,
        "source": source,
    }
