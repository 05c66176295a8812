"""The names of the report's pages; nothing heavy is imported, as rules ask for them."""

from wganbench.papers import page_names

INDEX, FAMILY, KNOWN, RUNS = "index.html", "family.html", "known.html", "runs.html"
DISTANCE, IMAGES, BETTER, COST = "distance.html", "images.html", "better.html", "cost.html"


def page_files() -> list[str]:
    """Return the files of all pages, the first page first."""
    return [INDEX, *page_names(), FAMILY, KNOWN, DISTANCE, IMAGES, BETTER, RUNS, COST]
