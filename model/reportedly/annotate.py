"""annotate(document, detectors) -> Annotated: the only place that puts the detectors together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reportedly.attribution import find_attributions
from reportedly.claims import find_claims
from reportedly.datamodel import Annotated, Document, Segmented
from reportedly.furniture import find_furniture
from reportedly.hedges import find_hedges
from reportedly.segment import segment
from reportedly.sources import resolve_sources

if TYPE_CHECKING:
    from reportedly.attribution import AttributionModel
    from reportedly.claims import ClaimModel
    from reportedly.hedges import HedgeModel
    from reportedly.source_classes import SourceModel


@dataclass(frozen=True, slots=True, weakref_slot=True)  # a cluster is sent them once, by reference
class Detectors:
    """The trained parts that annotation needs; :mod:`reportedly.bundle` loads them."""

    attribution: AttributionModel
    hedging: HedgeModel
    claims: ClaimModel
    sources: SourceModel | None = None


def annotate(document: Document, detectors: Detectors) -> Annotated:
    """Return everything that the detectors find in `document`."""
    return annotate_segmented(segment(document, find_furniture), detectors)


def annotate_segmented(segmented: Segmented, detectors: Detectors) -> Annotated:
    """Return everything that the detectors find in a document that is already cut into parts."""
    found = find_attributions(segmented, detectors.attribution)
    attributions, sources = resolve_sources(segmented, found, detectors.sources)
    hedges = find_hedges(segmented, attributions, detectors.hedging)
    claims = find_claims(segmented, attributions, sources, hedges, detectors.claims)
    return Annotated(segmented, attributions, sources, hedges, claims)
