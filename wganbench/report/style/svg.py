"""A drawing as inline SVG: in the page's colours, with ids of its own, of a size that shrinks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from markupsafe import Markup
from matplotlib.figure import Figure as Drawing

from wganbench.report.style.blocks import Figure, Finding
from wganbench.report.style.looks import RC, THEMED

RASTER_DPI = 160  # of the parts of a drawing with too many points for vectors
PIXELS_PER_POINT = 96 / 72
DROPPED = ("style", "metadata")  # a style sheet would hold for the whole page
LINK = "xlink:href"
SPACES = {"{http://www.w3.org/2000/svg}": "", "{http://www.w3.org/1999/xlink}": "xlink:"}


def drawn(
    name: str,
    title: str,
    findings: Sequence[Finding],
    caption: str,
    data: pd.DataFrame,
    draw: Callable[[], Drawing],
) -> Figure:
    """Return a figure that `draw` draws in the page's style; `data` is what it shows."""
    with _page_style():
        drawing = draw()
        alt = " ".join([f"{title}.", *(finding.text for finding in findings)])
        markup = inline(_saved(drawing, name), name, alt)
    return Figure(name, title, findings, caption, markup, data)


@contextmanager
def _page_style() -> Iterator[None]:
    with mpl.rc_context(sns.axes_style("whitegrid") | sns.plotting_context("paper") | RC):
        yield


def _saved(drawing: Drawing, name: str) -> str:
    """Return matplotlib's SVG, the same for the same data."""
    buffer = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context({"svg.hashsalt": name}):
        drawing.savefig(buffer, format="svg", dpi=RASTER_DPI, metadata=nothing, bbox_inches="tight")
    plt.close(drawing)
    return buffer.getvalue()


def inline(svg: str, name: str, alt: str) -> Markup:
    """Return matplotlib's SVG as a part of a page, its ids beginning with the figure's name."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - matplotlib's own
    _strip(root)
    for element in root.iter():
        element.tag = _short(element.tag)
        element.attrib = {_short(k): _themed(v, name) for k, v in element.attrib.items()}
        if element.get(LINK, "").startswith("#"):
            element.set(LINK, f"#{name}-{element.attrib[LINK][1:]}")
    targets = {target for element in root.iter() for target in _targets(element)}
    for element in root.iter():
        own = f"{name}-{element.attrib.pop('id', '')}"
        if own in targets:
            element.set("id", own)
    width = round(float(root.attrib["width"].removesuffix("pt")) * PIXELS_PER_POINT)
    root.attrib = {
        "viewBox": root.attrib["viewBox"], "style": f"width:{width}px",
        "role": "img", "aria-label": alt,
    }  # fmt: skip
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - it escapes text


def _strip(parent: ElementTree.Element) -> None:
    """Take away what a page has no use for, and the paths without points of empty contours."""
    for child in list(parent):
        kind = _short(child.tag)
        if kind in DROPPED or (kind == "path" and "d" not in child.attrib):
            parent.remove(child)
        else:
            _strip(child)


def _short(name: str) -> str:
    """Return a name as HTML writes it, where SVG needs no declared namespace."""
    for space, prefix in SPACES.items():
        name = name.replace(space, prefix)
    return name


def _themed(value: str, name: str) -> str:
    """Return an attribute in the page's colours, its `url(#...)` with the figure's name."""
    for colour, themed in THEMED.items():
        value = value.replace(colour.lower(), themed)
    return value.replace("url(#", f"url(#{name}-")


def _targets(element: ElementTree.Element) -> Iterator[str]:
    """Yield the ids that an element refers to."""
    if LINK in element.attrib:
        yield element.attrib[LINK].removeprefix("#")
    for value in element.attrib.values():
        yield from (part.partition(")")[0] for part in value.split("url(#")[1:])
