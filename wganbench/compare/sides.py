"""One side of a comparison: a scale's results here, in a folder, or at a git revision."""

import os
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pandas as pd

from wganbench.errors import UserError
from wganbench.files import check_readable
from wganbench.records.claims import REMEDY, SCHEMA_VERSION, Claims
from wganbench.records.json_files import parsed
from wganbench.records.layout import CLAIMS, SCALES

SUMMARY = "summary.csv"
MAX_BYTES = 500_000_000  # ten thousand runs of ten seeds take a fifth
# What a row must have; which numbers there are may differ from version to version.
NEEDED = {"id", "scale", "seed", "status", "digest", "code_digest", "device"}


@dataclass(frozen=True)
class Side:
    """What is compared; a file that is not there is None."""

    name: str
    claims: Claims | None
    summary: pd.DataFrame | None

    @property
    def scales(self) -> set[str]:
        """The scales of its claims and of its runs: one, if nothing is mixed."""
        judged = {self.claims.scale} if self.claims else set()
        return judged if self.summary is None else judged | set(self.summary["scale"])


def read_side(name: str, scale: Callable[[], str]) -> Side:
    """Return the results of a scale that is named, in a folder or, else, at a git revision.

    Args:
        name: a scale of this project, a project's folder, a folder with results, or a revision.
        scale: returns which of a project's or a revision's results are meant, where it has to.

    Raises:
        UserError: it is none of these, holds no results, or a file is damaged.
    """
    if name in {path.name for path in SCALES.glob("*")}:
        return _in_folder(name, SCALES / name)
    folder = Path(name)
    if folder.is_dir():
        is_project = (folder / SCALES).is_dir()
        return _in_folder(name, folder / SCALES / scale() if is_project else folder)
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if commit is None:
        raise UserError(
            f"{name!r} is no scale with results, no folder and no git revision; "
            "name two results, old and new"
        )
    at = (SCALES / scale()).as_posix()
    revision = commit.decode().strip()
    return _side(name, Path(f"{name}:{at}"), lambda file: _git("show", f"{revision}:./{at}/{file}"))


def _in_folder(name: str, folder: Path) -> Side:
    return _side(name, folder, lambda file: _bytes(folder / file))


def _side(name: str, where: Path, read: Callable[[str], bytes | None]) -> Side:
    claims, summary = read(CLAIMS), read(SUMMARY)
    if claims is None and summary is None:
        raise UserError(f"{where}/: holds neither {CLAIMS} nor {SUMMARY}; run the workflow there")
    return Side(
        name,
        None if claims is None else _claims(claims, where / CLAIMS),
        None if summary is None else _summary(summary, where / SUMMARY),
    )


def _claims(content: bytes, where: Path) -> Claims:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{where}: is damaged ({error})") from None
    return parsed(text, where, Claims, SCHEMA_VERSION, f"{REMEDY} there")


def _summary(content: bytes, where: Path) -> pd.DataFrame:
    try:
        # Every float as it was written: "the same" means the same to the last bit.
        table = pd.read_csv(BytesIO(content))
    except (ValueError, UnicodeDecodeError) as error:
        line = str(error).partition("\n")[0]
        raise UserError(f"{where}: is no table ({line}); run `wganbench summary` there") from None
    if missing := sorted(NEEDED - set(table)):
        raise UserError(
            f"{where}: has no column {missing[0]!r}; it is damaged, or of another version of "
            "wganbench"
        )
    if table.duplicated(["id", "seed"]).any():
        raise UserError(f"{where}: has two rows for one run and seed; run `wganbench summary`")
    return table


def _bytes(path: Path) -> bytes | None:
    """Return a file's content, None if there is none; somebody else may have made it."""
    if not os.path.lexists(path):
        return None
    check_readable(path, "name results that can be read", ours=False)
    if (size := path.stat().st_size) > MAX_BYTES:
        raise UserError(f"{path}: is larger than {MAX_BYTES:,} bytes ({size:,}), and no results")
    return path.read_bytes()


def _git(*arguments: str) -> bytes | None:
    """Return git's output, or None if it knows no such thing."""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, check=True)  # noqa: S607
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
