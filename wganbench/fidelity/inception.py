"""Inception's weights: a file that the user provides. Nothing is downloaded."""

import os
from pathlib import Path

from wganbench.errors import UserError
from wganbench.files import sha256_of
from wganbench.records.extractor import INCEPTION_SHA256
from wganbench.records.layout import RAW

VARIABLE = "WGANBENCH_INCEPTION"
# torch-fidelity publishes the same bytes as weights-inception-2015-12-05-6726825d.pth; the name
# ends in the first digits of their sha256.
FILE = RAW / "inception" / "pt_inception-2015-12-05-6726825d.pth"


def find_weights() -> Path:
    """Return the file with Inception's weights.

    torch-fidelity reads it with pickle, so that only the published bytes are let through: the whole
    digest is compared, since files with the eight digits of the name are made in minutes.

    Raises:
        UserError: it is missing or another file.
    """
    path = Path(os.environ.get(VARIABLE) or FILE)
    advice = (
        f"put the published {FILE.name} into {FILE.parent}/ or name it in ${VARIABLE}, or set "
        "extractor: classifier"
    )
    if not path.is_file():
        raise UserError(f"{path}: is missing; {advice}")
    if (digest := sha256_of(path)) != INCEPTION_SHA256:
        found, published = digest[:16], INCEPTION_SHA256[:16]
        raise UserError(f"{path}: has sha256 {found}..., not {published}...; {advice}")
    return path
