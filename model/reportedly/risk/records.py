"""The input for an annotated article's features: training keeps this instead of the article."""

from __future__ import annotations

from dataclasses import dataclass

from reportedly.datamodel import Annotated
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.risk.names import forms_of, named_text
from reportedly.risk.signal_features import signal_row, unverified_forms
from reportedly.risk.style_features import style_row


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One annotated article as the steps of the pipeline need it, at a hundredth of its size.

    `forms` are its scored words and `title` those of its headline, one per line, without names; `unverified` marks
    the words in an unverified claim; `signals` and `style` are its rows of features.
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
        """The words of the headline; empty if there is none."""
        return self.title.split("\n") if self.title else []


def record_of(annotated: Annotated) -> ArticleRecord:
    """Return the record of an annotated article."""
    title, words = named_text(annotated.segmented)
    return ArticleRecord(
        forms="\n".join(forms_of(words)),
        title="\n".join(forms_of(title)),
        unverified=unverified_forms(annotated),
        signals=signal_row(annotated),
        style=style_row(annotated.segmented),
    )
