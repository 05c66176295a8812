"""A drawing as inline SVG: in the page's colours, with ids of its own, of a size that shrinks."""

from collections.abc import Iterator
from io import StringIO
from xml.etree import ElementTree

from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from wganbench.report.style.looks import THEMED

POINTS = 72  # an inch
PIXELS_PER_POINT = 96 / POINTS
RASTER_DPI = 160  # of the parts of a drawing with too many points for vectors
DROPPED = ("style", "metadata")  # a style sheet would hold for the whole page
LINK = "xlink:href"


def as_svg(drawing: Figure) -> str:
    """Return a drawing as matplotlib's `savefig` writes it, which lays it out by drawing it twice.

    The layout is made of the sizes of things alone.
    """
    canvas = FigureCanvasSVG(drawing)
    drawing.dpi = POINTS
    if layout := drawing.get_layout_engine():
        layout.execute(drawing)
        drawing.set_layout_engine("none")
    drawing.dpi = RASTER_DPI
    buffer = StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    canvas.print_svg(buffer, metadata=nothing)  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def inline(svg: str, name: str, alt: str) -> Markup:
    """Return matplotlib's SVG as a part of a page, its ids beginning with the figure's name."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - matplotlib's own
    _clean(root, name)
    targets = {target for element in root.iter() for target in _targets(element)}
    for element in root.iter():
        if element.get("id") not in targets:
            element.attrib.pop("id", None)
    width = round(float(root.attrib["width"].removesuffix("pt")) * PIXELS_PER_POINT)
    root.attrib = {
        "viewBox": root.attrib["viewBox"], "style": f"width:{width}px",
        "role": "img", "aria-label": alt,
    }  # fmt: skip
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - it escapes text


def _clean(element: ElementTree.Element, name: str) -> None:
    """Give all names and values the page's form; drop what a page has no use for."""
    element.tag = _short(element.tag)
    element.attrib = {_short(k): _own(_short(k), v, name) for k, v in element.attrib.items()}
    for child in list(element):
        _clean(child, name)
        # matplotlib writes an empty contour as a path without points.
        if child.tag in DROPPED or (child.tag == "path" and "d" not in child.attrib):
            element.remove(child)


def _short(name: str) -> str:
    """Return a name as HTML has it, where SVG's namespaces need no declaration."""
    space, _, local = name.rpartition("}")
    return f"xlink:{local}" if space.endswith("xlink") else local


def _own(key: str, value: str, name: str) -> str:
    """Return an attribute in the page's colours, ids with the figure's name before them."""
    if key == "id" or (key == LINK and value.startswith("#")):
        return f"#{name}-{value[1:]}" if key == LINK else f"{name}-{value}"
    for colour, themed in THEMED.items():
        value = value.replace(colour.lower(), themed)
    return value.replace("url(#", f"url(#{name}-")


def _targets(element: ElementTree.Element) -> Iterator[str]:
    """Yield the ids that an element refers to."""
    yield element.get(LINK, "").removeprefix("#")
    for value in element.attrib.values():
        yield from (part.partition(")")[0] for part in value.split("url(#")[1:])
