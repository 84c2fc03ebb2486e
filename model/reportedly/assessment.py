"""Assessor(bundle).assess(document) -> Assessment: what the command line, batches and notebooks call."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportedly import bundle as bundles
from reportedly.annotate import annotate
from reportedly.datamodel import Annotated, Assessment, Document
from reportedly.reading import read_text
from reportedly.signals import SIGNALS

if TYPE_CHECKING:
    from reportedly.bundle import Bundle


class Assessor:
    """Assesses articles with one bundle.

    Parameters
    ----------
    bundle
        The trained parts; the bundle that ships where none is given.
    prior
        Share of unreliable articles where the score will be used; the risk is stated for it.
    """

    def __init__(self, bundle: Bundle | None = None, *, prior: float = 0.5) -> None:
        self.bundle = bundle or bundles.shipped()
        self.prior = prior

    def assess(self, document: Document | str, title: str = "") -> Assessment:
        """Return the assessment of one article.

        Raises
        ------
        InvalidDocument
            When a string is given that is no article: empty, or too long.
        """
        if isinstance(document, str):
            document = read_text(document, title=title)
        return self.assess_annotated(annotate(document, self.bundle.detectors))

    def assess_annotated(self, annotated: Annotated) -> Assessment:
        """Return the assessment of an article that is already annotated."""
        signals = tuple(signal.measure(annotated) for signal in SIGNALS)
        scores = {signal.name: signal.score for signal in signals}
        outcome = self.bundle.risk.assess(annotated, prior=self.prior, scores=scores)
        percentiles = outcome.percentiles
        signals = tuple(replace(s, percentile=percentiles.get(s.name)) for s in signals)
        return Assessment(
            annotated=annotated,
            signals=signals,
            risk=outcome.risk,
            contributions=outcome.contributions,
            model={
                "bundle": str(self.bundle.manifest["name"]),
                "version": str(self.bundle.manifest["version"]),
                "prior": f"{self.prior:g}",
            },
        )


def assess(text: str, title: str = "") -> Assessment:
    """Return the assessment of an article's text with the bundle that ships.

    Examples
    --------
    >>> import reportedly
    >>> assessment = reportedly.assess("The ferry may sail, a person close to the firm said.")
    >>> assessment.risk.abstained
    'too short: ...'
    """
    return Assessor().assess(text, title)
