"""What the features of an article are computed from, once it is annotated: training keeps this in place of the article."""

from __future__ import annotations

from dataclasses import dataclass

from reportedly.datamodel import Annotated
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.risk.ngrams import headline_forms
from reportedly.risk.signal_features import scored_forms, signal_row, unverified_forms
from reportedly.risk.style_features import style_row


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One annotated article as the steps of the pipeline need it, a hundredth of its size.

    `forms` are its scored words and `title` those of its headline, one a line; `unverified` which words stand in
    an unverified claim; `signals` and `style` its rows of features.
    """

    forms: str
    title: str
    unverified: Bools
    signals: Floats
    style: Floats

    @property
    def words(self) -> list[str]:
        """The scored words, in order."""
        return self.forms.split("\n") if self.forms else []

    @property
    def headline(self) -> list[str]:
        """The words of the headline; none where there is none."""
        return self.title.split("\n") if self.title else []


def record_of(annotated: Annotated) -> ArticleRecord:
    """Return the record of an annotated article."""
    return ArticleRecord(
        forms="\n".join(scored_forms(annotated.segmented)),
        title="\n".join(headline_forms(annotated.segmented)),
        unverified=unverified_forms(annotated),
        signals=signal_row(annotated),
        style=style_row(annotated.segmented),
    )
