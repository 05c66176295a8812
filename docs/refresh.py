"""Writes what the documents have from the code and from the committed results: `make docs`."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from attacks.attack import table as attacks

from wganbench.claims.judging.store import read_other_claims
from wganbench.claims.judging.table import counts, gates, survivors, thresholds, verdicts
from wganbench.records.layout import SCALES
from wganbench.schema.editors import as_text, schemas
from wganbench.schema.reference import reference

ROOT = Path(__file__).parents[1]


def generated(root: Path = ROOT) -> dict[Path, str]:
    """Return the content that each file should have."""
    # Of the scales that are committed, the largest is what counts.
    *others, claims = read_other_claims("", root / SCALES)
    told = "\n".join(f"- {line}." for line in counts(claims).splitlines())
    table = verdicts(claims, others)
    found = f"At scale `{claims.scale}`:\n\n{told}\n- {survivors(claims)}\n\n{table}"
    return {
        root / "README.md": _between(root / "README.md", claims=found),
        root / "docs" / "claims.md": _between(
            root / "docs" / "claims.md", thresholds=thresholds(), gates=gates()
        ),
        root / "docs" / "attacks.md": _between(root / "docs" / "attacks.md", attacks=attacks()),
        root / "docs" / "schema.md": _between(root / "docs" / "schema.md", reference=reference()),
        **{
            root / "docs" / "schemas" / f"{name}.json": as_text(schema)
            for name, schema in schemas().items()
        },
    }


def _between(path: Path, **contents: str) -> str:
    """Return a file's text with each content between its comments `NAME:start` and `NAME:end`."""
    text = path.read_text(encoding="utf-8")
    for name, content in contents.items():
        start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
        pattern = re.compile(f"{re.escape(start)}.*{re.escape(end)}", re.DOTALL)
        if not pattern.search(text):
            raise SystemExit(f"{path}: has no lines {start} and {end}")
        text = pattern.sub(lambda _, new=f"{start}\n{content}\n{end}": new, text)
    return text


if __name__ == "__main__":
    for path, content in generated().items():
        path.write_text(content, encoding="utf-8")
