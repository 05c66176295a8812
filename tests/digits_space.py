"""The digits and their feature space, whose classifier is trained once in each process."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from wganbench.data.digits import Digits
from wganbench.data.store import write_data
from wganbench.fidelity.store import write_extractor


def write_digits(data: Path, extractors: Path) -> None:
    """Write what `wganbench data digits` and `wganbench extractor digits` would."""
    folders = {"data": data, "extractors": extractors}
    for (folder, name), content in _files().items():
        folders[folder].mkdir(parents=True, exist_ok=True)
        (folders[folder] / name).write_bytes(content)


@cache
def _files() -> dict[tuple[str, str], bytes]:
    with TemporaryDirectory() as folder:
        data, extractors = (Path(folder, name) for name in ("data", "extractors"))
        write_data(Digits(), data)
        write_extractor(Digits(), "classifier", extractors, data)
        written = [path for part in (data, extractors) for path in part.iterdir() if path.is_file()]
        return {(path.parent.name, path.name): path.read_bytes() for path in written}
