"""`results/extractors/`: each image set's feature space and its real images' features."""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Int
from safetensors.torch import save_file

from wganbench.data import Arrays, DataSet
from wganbench.errors import UserError
from wganbench.fidelity.classifier import train_classifier
from wganbench.fidelity.extractors import (
    Features,
    Space,
    as_rgb,
    features_of,
    load,
    space_of,
)
from wganbench.fidelity.library import torch_fidelity
from wganbench.fidelity.references import measured_references
from wganbench.files import sha256_of, written_atomically
from wganbench.plan.steps import EXTRACTOR
from wganbench.records.data import DATA, read_data, read_manifest
from wganbench.records.extractor import Made, check_made, tag
from wganbench.records.layout import EXTRACTORS, Extractor, extractor_files


@dataclass(frozen=True)
class Real:
    """The features of a data set's real images; those kept of the training part are its first."""

    made: Made
    train: Features
    heldout: Features


def write_extractor(
    data: DataSet,
    extractor: Extractor,
    folder: Path = EXTRACTORS,
    data_folder: Path = DATA,
    device: str = "cpu",
) -> Made:
    """Train an image set's classifier, or find Inception, and write what it makes of real images.

    The device is Inception's; a classifier is trained on the CPU.

    Raises:
        UserError: the data have no such space, or they or the weights are missing or damaged.
    """
    _check_has_space(data, extractor)
    from wganbench.training.process import prepare_torch

    started = time.perf_counter()
    # Before any work: it refuses Inception without weights.
    space = space_of(data, extractor, folder, device)
    prepare_torch(space.device)
    arrays = read_data(data, data_folder)
    if space.knows_classes:
        _write_classifier(arrays, space)
    network = load(space)
    real = _real_features(arrays, space, network)
    labels = _classes(arrays, data, space)
    references = measured_references(network, real["train"], real["heldout"], labels, data.shape)
    npz = folder / f"{data.id}.npz"
    _write_features(real, npz)
    made = Made(
        id=data.id,
        extractor=tag(space.name, sha256_of(space.weights)),
        accuracy=_accuracy(arrays, real["heldout"], space),
        classes=real["heldout"].logits.shape[1] if space.knows_classes else None,
        train_images=len(real["train"]),
        heldout_images=len(real["heldout"]),
        references=references,
        seconds=time.perf_counter() - started,
        data_sha256=read_manifest(data_folder / f"{data.id}.npz").sha256,
        sha256=sha256_of(npz),
        code_digest=EXTRACTOR.code(data, variant=extractor),
    )
    with written_atomically(folder / f"{data.id}.json") as temporary:
        temporary.write_text(made.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return made


def _check_has_space(data: DataSet, extractor: Extractor) -> None:
    if not extractor_files(data, extractor):
        raise UserError(
            f"data set {data.id}: has no labels to train a classifier on; set extractor: inception"
            if data.kind == "images"
            else f"data set {data.id}: holds no images, which alone are measured by features"
        )


def _write_classifier(arrays: Arrays, space: Space) -> None:
    assert arrays.labels is not None, "a labelled set has labels"
    images = torch.from_numpy(np.array(as_rgb(arrays.train).images))
    labels = torch.from_numpy(np.asarray(arrays.labels, dtype=np.int64))
    classifier = train_classifier(images, labels)
    # One entry: safetensors writes several in random order, and the same classifier the same bytes.
    metadata = {"design": " ".join(map(str, classifier.design))}
    with written_atomically(space.weights) as temporary:
        save_file(classifier.state_dict(), temporary, metadata=metadata)


def _real_features(
    arrays: Arrays, space: Space, extractor: torch_fidelity.FeatureExtractorBase
) -> dict[str, Features]:
    parts = {"train": arrays.train[: space.kept], "heldout": arrays.heldout}
    return {name: features_of(extractor, images) for name, images in parts.items()}


def _write_features(real: dict[str, Features], path: Path) -> None:
    content = {
        f"{p}_{n}": t.numpy() for p, features in real.items() for n, t in vars(features).items()
    }
    with written_atomically(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **content)


def _classes(arrays: Arrays, data: DataSet, space: Space) -> Int[np.ndarray, " n"] | None:
    """Return the classes of the training images whose features are kept, if they have labels."""
    if not data.labelled or arrays.labels is None:
        return None
    return np.asarray(arrays.labels[: space.kept])


def _accuracy(arrays: Arrays, heldout: Features, space: Space) -> float | None:
    if not space.knows_classes or arrays.heldout_labels is None:
        return None
    classes = heldout.logits.argmax(1).numpy()
    return float((classes == np.asarray(arrays.heldout_labels)).mean())


def read_real(path: Path) -> Real:
    """Return the real images' features after checking the .npz file at `path` against its .json."""
    made = check_made(path.with_suffix(".json"))
    with np.load(path, allow_pickle=False) as arrays:
        content = {key: torch.from_numpy(arrays[key]) for key in arrays}
    train, heldout = (
        Features(content[f"{part}_features"], content[f"{part}_logits"])
        for part in ("train", "heldout")
    )
    return Real(made, train, heldout)
