"""Our classifiers in torch-fidelity's registry."""

from pathlib import Path
from typing import Any

from jaxtyping import Float, UInt8
from safetensors import SafetensorError, safe_open
from torch import Tensor

from wganbench.errors import UserError
from wganbench.fidelity.classifier import Classifier
from wganbench.fidelity.library import torch_fidelity
from wganbench.grey_levels import as_floats


class ClassifierExtractor(torch_fidelity.FeatureExtractorBase):  # type: ignore[misc] # it is untyped
    """A classifier as torch-fidelity calls it: 8-bit RGB images in, a tuple of layers out."""

    def __init__(
        self,
        name: str,
        features_list: list[str],
        feature_extractor_weights_path: str = "",
        **_: Any,
    ) -> None:
        super().__init__(name, features_list)
        self.classifier = read_classifier(Path(feature_extractor_weights_path))

    def forward(self, images: UInt8[Tensor, "n 3 row column"]) -> tuple[Float[Tensor, "n _"], ...]:
        """Return the layers that were asked for; a grey image is its first channel."""
        channels = self.classifier.design[0]
        features, logits = self.classifier(as_floats(images[:, :channels]))
        layers = {"features": features, "logits": logits}
        return tuple(layers[name] for name in self.features_list)

    @staticmethod
    def get_provided_features_list() -> tuple[str, ...]:
        return ("features", "logits")

    @staticmethod
    def get_default_feature_layer_for_metric(metric: str) -> str:
        """Return the logits for the Inception score, the features for all else."""
        return "logits" if metric == "isc" else "features"


def register(name: str) -> None:
    """Register a classifier; torch-fidelity refuses to do so twice."""
    if name not in torch_fidelity.registry.FEATURE_EXTRACTORS_REGISTRY:
        torch_fidelity.register_feature_extractor(name, ClassifierExtractor)


def read_classifier(path: Path) -> Classifier:
    """Return a trained classifier from its file, which may be missing or damaged."""
    remedy = f"run `wganbench extractor {path.stem}`"
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118
            design = map(int, (file.metadata() or {}).get("design", "").split())
        classifier = Classifier(*design)
        classifier.load_state_dict(tensors)
    except FileNotFoundError:
        raise UserError(f"{path}: is missing; {remedy}") from None
    except (OSError, SafetensorError, RuntimeError, TypeError, ValueError) as error:
        line = str(error).partition("\n")[0]
        raise UserError(f"{path}: is damaged ({line}); delete it and {remedy}") from None
    return classifier.eval()
