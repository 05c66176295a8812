"""Drawings are inline SVG: themed, their ids their own, of words and a size that shrinks."""

import re
from io import StringIO
from xml.etree import ElementTree

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from wganbench.report.style.blocks import Finding, drawn
from wganbench.report.style.looks import INK, RC
from wganbench.report.style.svg import RASTER_DPI, as_svg

HOSTILE = 'a <b> & "c"'


def drawing():
    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1], c=INK, marker="o")  # marks are referred to, a clip path too
    axes.scatter([0.5], [0.5], rasterized=True)
    axes.contour(np.zeros((3, 3)) + np.arange(3), levels=[1.5, 2.0])  # empty at 2
    axes.set_title(HOSTILE)
    return figure


@pytest.fixture(scope="module")
def svg() -> str:
    return str(drawn("name", HOSTILE, [Finding("7 of 9")], "", pd.DataFrame(), drawing).drawing)


@pytest.fixture(scope="module")
def root(svg) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg", '<svg xmlns:xlink="link"', 1))


@pytest.mark.parametrize("layout", ["constrained", "none"])
def test_a_drawing_is_written_as_matplotlib_itself_would(layout):
    """Which lays it out by drawing it; titles, legends and colour bars take their room."""

    def panels():
        figure, axes = plt.subplots(2, 2, layout=layout, sharex=True)
        for k, ax in enumerate(axes.flat):
            shown = ax.scatter(
                range(9), range(9), c=range(9), label="a\nlong name", rasterized=k > 2
            )
            ax.set_title(f"of {k},\non two lines", loc="left" if k else "center")
            ax.set_ylabel("what is measured")
        figure.colorbar(shown, ax=axes[:, 1])
        figure.legend(*ax.get_legend_handles_labels(), loc="outside lower center")
        figure.suptitle(HOSTILE)
        return figure

    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with mpl.rc_context(RC | {"svg.hashsalt": "x"}):
        ours = as_svg(panels())
        buffer = StringIO()
        with mpl.rc_context({"axes.titley": None}):  # as if titles had to look for their place
            figure = panels()
            figure.savefig(buffer, format="svg", dpi=RASTER_DPI, metadata=nothing)
    plt.close("all")
    assert ours == buffer.getvalue()


def test_ids_are_the_figures_own_and_those_that_something_refers_to(svg, root):
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    links = [e.get("{link}href", "") for e in root.iter()]
    targets = {link[1:] for link in links if link.startswith("#")}
    assert set(ids) == targets | set(re.findall(r"url\(#([^)]*)\)", svg))
    assert len(ids) == len(set(ids)) > 1
    assert all(name.startswith("name-") for name in ids)


def test_what_a_page_has_no_use_for_is_gone(svg, root):
    kinds = {element.tag for element in root.iter()}
    assert {"svg", "path", "text", "image", "use"} <= kinds
    assert not kinds & {"style", "metadata"}
    assert all("d" in path.attrib for path in root.iter("path"))
    assert "ns0:" not in svg


def test_colours_are_the_pages_and_raster_parts_are_inside(svg, root):
    assert "currentColor" in svg
    assert INK.lower() not in svg
    (image,) = root.iter("image")
    assert image.get("{link}href").startswith("data:image/png;base64,")


def test_it_has_words_and_shrinks(root):
    assert root.get("role") == "img"
    assert root.get("aria-label") == f"{HOSTILE}. 7 of 9."
    assert re.fullmatch(r"width:\d+px", root.get("style"))
    assert "width" not in root.attrib
    assert HOSTILE in [text.text for text in root.iter("text")]


def test_the_same_data_give_the_same_drawing(svg):
    again = drawn("name", HOSTILE, [Finding("7 of 9")], "", pd.DataFrame(), drawing)
    assert str(again.drawing) == svg
