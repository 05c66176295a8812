"""What a source cites: "[WGAN] section 4, figures 3, 5; [GP] figure 1b" as pairs of words."""

import re

_PAPER = re.compile(r"\[(\w+)\]")
_PLACES = re.compile(
    r"(example|figure|table|section|algorithm|equation|theorem|proposition|corollary)s? "
    r"(\d+(?:\.\d+)*[a-z]?(?:(?:, | and )\d+(?:\.\d+)*[a-z]?)*)"
)
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?")
CODE = "official code"

Reference = tuple[str, str]
"""A paper's tag and a place in it: ("WGAN", "figure 3")."""


def references(source: str) -> list[Reference]:
    """Return what a source cites; a part without a paper of its own goes on with the last one."""
    found: list[Reference] = []
    paper = ""
    for part in source.split(";"):
        tags = _PAPER.findall(part)
        paper = tags[0] if tags else paper
        found += [
            (paper, f"{kind} {number}")
            for kind, numbers in _PLACES.findall(part)
            for number in _NUMBER.findall(numbers)
        ]
        if CODE in part:
            found.append((paper, CODE))
    return list(dict.fromkeys(found))
