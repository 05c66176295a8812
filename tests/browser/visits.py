"""A page of the report in Chromium, with all that it asked for, said and did wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request

WIDE, NARROW = 1280, 390
HEIGHT = 900
PATIENCE = 10_000  # milliseconds


@dataclass
class Faults:
    """What no page may do."""

    reports: Path
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.set_default_timeout(PATIENCE)
        context.on("request", self._asked)
        context.on("console", lambda said: self._said(said.type, said.text))
        context.on("weberror", lambda error: self.found.append(f"error: {error.error}"))
        context.on("dialog", self._opened)

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        is_page = address.scheme == "file" and Path(unquote(address.path)).parent == self.reports
        if not (is_page or address.scheme == "data"):
            self.found.append(f"asked for {request.url[:200]}")

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.found.append(f"console: {text}")

    def _opened(self, dialog) -> None:
        self.found.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def visit(browser: Browser, path: Path, fragment: str = "", **options) -> Iterator[Page]:
    """Yield an opened page of the report; whatever it does wrong is an AssertionError."""
    options.setdefault("viewport", {"width": WIDE, "height": HEIGHT})
    context = browser.new_context(**options)
    faults = Faults(path.parent)
    faults.watch(context)
    try:
        page = context.new_page()
        page.goto(path.as_uri() + fragment)
        yield page
    finally:
        context.close()
    assert not faults.found, faults.found


def narrow() -> dict:
    """Return the options of a phone's width."""
    return {"viewport": {"width": NARROW, "height": HEIGHT}}


def overflow(page: Page) -> str:
    """Return by what the page is wider than its window, and what sticks out, or nothing."""
    return page.evaluate("""() => {
      const wide = document.documentElement.clientWidth;
      const over = document.documentElement.scrollWidth - wide;
      if (over <= 0) return "";
      const out = [...document.querySelectorAll("body *")]
        .filter((e) => !e.closest(".scroll, .drawing"))
        .filter((e) => e.getBoundingClientRect().right > wide + 1)
        .map((e) => `${e.tagName}#${e.id}.${e.className}`);
      return `${over} px: ${out.slice(0, 5)}`;
    }""")
