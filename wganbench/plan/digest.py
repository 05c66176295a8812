"""Digests of the code that makes each product, so that changed code makes it stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wganbench.plugins import Plugin
from wganbench.plugins.code import code_digest
from wganbench.records.layout import Extractor

if TYPE_CHECKING:
    from wganbench.plan.configuration import Configuration


def training_code(configuration: Configuration) -> str:
    """Return the digest of the modules that train this configuration."""
    return code_digest("wganbench.training.train", plugins=[configuration])


def data_code(data: Plugin) -> str:
    """Return the digest of the modules that write a data set."""
    return code_digest("wganbench.data.store", plugins=[data])


def transport_code(configuration: Configuration) -> str:
    """Return the digest of the modules that measure distances, the data's law included."""
    return code_digest("wganbench.transport.measure", plugins=[configuration.data])


def fidelity_code(configuration: Configuration, extractor: Extractor = "classifier") -> str:
    """Return the digest of the modules that measure fidelity, the data's law included.

    It names the images' feature space where that is not the usual one.
    """
    code = code_digest("wganbench.fidelity.measure", plugins=[configuration.data])
    is_usual = configuration.data.kind != "images" or extractor == "classifier"
    return code if is_usual else f"{code}-{extractor}"


def extractor_code(data: Plugin, extractor: Extractor = "classifier") -> str:
    """Return the digest of the modules that make a data set's feature space, and its name."""
    return f"{code_digest('wganbench.fidelity.store', plugins=[data])}-{extractor}"


def claims_code() -> str:
    """Return the digest of the modules that gather the results and judge claims by them."""
    return code_digest("wganbench.claims.judging.store", "wganbench.claims.*")


def report_code() -> str:
    """Return the digest of the modules that gather the results and write about them."""
    return code_digest(
        "wganbench.report.site.write", "wganbench.report.tables.summary", "wganbench.papers.*"
    )
