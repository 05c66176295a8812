"""The names of the report's pages; nothing heavy is imported, as rules ask for them."""

from wganbench.papers import page_names

INDEX, DISTANCE, IMAGES, RUNS = "index.html", "distance.html", "images.html", "runs.html"


def page_files() -> list[str]:
    """Return the files of all pages, the first page first."""
    return [INDEX, *page_names(), DISTANCE, IMAGES, RUNS]
