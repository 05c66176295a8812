"""The names of the report's pages; nothing heavy is imported, as rules ask for them."""

from wganbench.papers import page_names

INDEX, FAMILY, RUNS = "index.html", "family.html", "runs.html"
DISTANCE, IMAGES = "distance.html", "images.html"


def page_files() -> list[str]:
    """Return the files of all pages, the first page first."""
    return [INDEX, *page_names(), FAMILY, DISTANCE, IMAGES, RUNS]
