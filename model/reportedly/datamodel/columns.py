"""Assessment -> one flat row: the columns of every table of articles."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reportedly.datamodel.annotation import SOURCE_CLASSES
from reportedly.datamodel.statements import unclear_statements
from reportedly.datamodel.worklist import worklist

if TYPE_CHECKING:
    from reportedly.datamodel.assessment import Assessment, Risk

DUPLICATE = "duplicate_of"
"""The column with the id of an earlier article with the same text."""

FORMULA = r"^[=+\-@\t\r]"
"""The beginning of a cell that a spreadsheet may run as a formula, for `re` and RE2."""

PLAIN_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
"""A number, or a sign alone, which no spreadsheet runs."""


def safe_cell(cell: object) -> object:
    """Return a cell of a CSV file; text that a spreadsheet would run as a formula gets an apostrophe in front, as OWASP advises."""
    if isinstance(cell, str) and re.match(FORMULA, cell) and not re.fullmatch(PLAIN_NUMBER, cell):
        return f"'{cell}"
    return cell


def table_columns(signals: Iterable[str]) -> dict[str, type]:
    """Return the columns of a table of articles with these signals, in order, and the type of each."""
    measures = [c for name in signals for c in (name, f"{name}_percentile")]
    return {
        "id": str,
        "title": str,
        "headline": str,
        "risk": float,
        "band": str,
        "interval_low": float,
        "interval_high": float,
        "abstained": str,
        **dict.fromkeys(measures, float),
        "words": int,
        "sentences": int,
        "attributions": int,
        **{f"sources_{name}": int for name in SOURCE_CLASSES},
        "statements": int,
        "statements_unclear": int,
        "claims_checkworthy": int,
        "claims_unverified": int,
        **dict.fromkeys(("worklist", "hedges", "findings", "corrections"), int),
        DUPLICATE: str,
    }


def article_columns(assessment: Assessment) -> dict[str, Any]:
    """Return the values of one article by column; unknown ones are None."""
    annotated = assessment.annotated
    classes = [source.source_class for source in annotated.sources]
    headline = annotated.segmented.headline
    row: dict[str, Any] = {
        "id": annotated.document.id,
        "title": annotated.document.title,
        "headline": headline.text if headline else None,
    } | (_risk_columns(assessment.risk) if assessment.tells_risk else {})
    for signal in assessment.signals:
        row[signal.name] = None if math.isnan(signal.score) else signal.score
        row[f"{signal.name}_percentile"] = signal.percentile
    return (
        row
        | {
            "words": sum(form[0].isalnum() for form in annotated.segmented.tokens.forms),
            "sentences": len(annotated.segmented.sentences),
            "attributions": len(annotated.attributions),
            **{f"sources_{name}": classes.count(name) for name in SOURCE_CLASSES},
            "statements": sum(source.statements for source in annotated.sources),
            "statements_unclear": len(unclear_statements(annotated)),
            "claims_checkworthy": sum(claim.checkworthy for claim in annotated.claims),
            "claims_unverified": sum(claim.unverified for claim in annotated.claims),
            "worklist": len(worklist(annotated)),
            "hedges": len(annotated.hedges),
        }
        | {"findings": sum(len(signal.findings) for signal in assessment.signals)}
        | {"corrections": len(annotated.corrections)}
    )


def _risk_columns(risk: Risk) -> dict[str, Any]:
    low, high = risk.interval or (None, None)
    return {
        "risk": risk.score,
        "band": risk.band,
        "interval_low": low,
        "interval_high": high,
        "abstained": risk.abstained,
    }


class Duplicates:
    """The texts seen so far, by digest; finds repeated ones, ignoring white space and case."""

    def __init__(self) -> None:
        self._first: dict[bytes, str] = {}
        self.count = 0

    def first_with(self, text: str, name: str) -> str | None:
        """Return the name of the first article with this text; None if it is this one."""
        from hashlib import blake2b  # noqa: PLC0415 - only tables pay

        words = " ".join(text.casefold().split()).encode("utf-8", "replace")
        digest = blake2b(words, digest_size=12).digest()
        first = self._first.get(digest)
        if first is None:
            self._first[digest] = name
        else:
            self.count += 1
        return first
