"""The assessment of an article: findings, scores, the risk, and what moved it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from reportedly.datamodel.annotation import Annotated
from reportedly.datamodel.payload import summarise
from reportedly.datamodel.text import Span

Band = Literal["low", "about even", "cannot tell", "high"]
BAND_MEANINGS: dict[Band, str] = {
    "low": "less often unreliable than articles on the whole, wherever it was measured; that clears no claim",
    "about even": "neither more nor less often unreliable than articles on the whole",
    "cannot tell": "which way this points differs from one place to the next: go by the evidence",
    "high": "more often unreliable than articles on the whole, wherever it was measured: check its claims first",
}
"""The fixed wording of each band: reports and model card repeat it."""
NOTICES_SAY = "The text is damaged or hides words from programs"
"""The words that every report puts before the notices of an assessment."""
Level = Literal["note", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One instance of a signal with its evidence.

    `rule` is stable (``sourcing.bare``); `signals` names the W3C CredWeb signal ids that apply;
    `guidance` says which newsroom rule it touches.
    """

    rule: str
    signal: str
    span: Span
    message: str
    level: Level = "note"
    credweb: tuple[str, ...] = ()
    guidance: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class SourceWeight:
    """The summed weight of a source's statements, and its anonymity: from 0, the reader can judge the source, to 1, not at all."""

    source_id: str
    weight: float
    anonymity: float


@dataclass(frozen=True, slots=True)
class SignalScore:
    """A signal's score from 0 to 100, the sentence that sums it up, and its findings.

    `score` is NaN if the signal cannot be measured because the text is not English; `summary` then says so. It is computed
    from `found`, the weight of what was found, `whole`, the weight of all that was looked at, and `usual`, the
    share in an average article; `counted` is how many statements, sentences or claims were looked at, and `sources`
    the weights of sources, if the score is computed from them. `percentile` is None if they were too few;
    `none_like` is the share of reference articles in which nothing was found, if nothing was found in this one. Two figures do not
    enter the score: `voices`, how many sources of equal weight the identified ones amount to, and `shown`, the
    weight of the claims that a record shows.
    """

    name: str
    score: float
    summary: str
    findings: tuple[Finding, ...] = ()
    percentile: float | None = None
    none_like: float | None = None
    counted: int = 0
    found: float = 0.0
    whole: float = 0.0
    usual: float | None = None
    sources: tuple[SourceWeight, ...] = ()
    voices: float | None = None
    shown: float | None = None


ReasonFamily = Literal["sourcing", "claims", "hedging", "manner", "wording"]
"""The five kinds of reasons for a risk: the first three are evidence, the last two how the article is written."""


@dataclass(frozen=True, slots=True)
class WordEffect:
    """The effect of a word on the risk, in points: its own, and half of that of its pairs."""

    word: str
    effect: float


@dataclass(frozen=True, slots=True)
class Contribution:
    """The effect of one feature on this risk, in points, and the evidence for it.

    `meaning` says what the feature measures, `usual` is its value in an average article, `counted` gives both as counts
    that a reader can check ("3 of 13 statements, usually 5"); `words` are those with the largest effect.
    """

    feature: str
    value: float
    effect: float
    findings: tuple[Span, ...] = ()
    meaning: str = ""
    usual: float | None = None
    family: ReasonFamily = "manner"
    counted: str = ""
    words: tuple[WordEffect, ...] = ()


@dataclass(frozen=True, slots=True)
class RiskReason:
    """The effect of all features of a family on the risk, in points."""

    family: ReasonFamily
    effect: float


@dataclass(frozen=True, slots=True)
class Risk:
    """The calibrated risk from 0 to 100, or why there is none; `probability` is the risk as a number from 0 to 1, unrounded.

    `ordinary` is the risk of an average article; with the effects of `reasons`, one per family, it adds up to `score`.
    """

    score: float | None
    band: Band | None
    interval: tuple[float, float] | None
    abstained: str | None = None
    probability: float | None = None
    ordinary: float | None = None
    reasons: tuple[RiskReason, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Assessment:
    """The result for one article; `notices` say how its text is damaged or hides words from programs.

    Reports leave out the risk and what moved it if `tells_risk` is false.
    """

    annotated: Annotated
    signals: tuple[SignalScore, ...]
    risk: Risk
    contributions: tuple[Contribution, ...] = ()
    model: dict[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    tells_risk: bool = True

    def __repr__(self) -> str:
        risk = self.risk
        told = "no risk" if risk.score is None else f"risk {risk.score:.0f} {risk.band}"
        scores = ", ".join(f"{signal.name} {signal.score:.0f}" for signal in self.signals)
        return f"Assessment({told}, {scores}, {self.annotated!r})"

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as plain values, exactly what ``--format json`` prints."""
        return summarise(self)

    def _repr_html_(self) -> str | None:
        """Return the report for a notebook; None, which shows plain text, if no report is registered."""
        return _notebook_view(self) if _notebook_view else None


_notebook_view: Callable[[Assessment], str] | None = None


def show_in_notebooks(view: Callable[[Assessment], str]) -> None:
    """Make notebooks show assessments with `view`, which returns the HTML of one assessment.

    The datamodel does not import reports; the package registers its own when it is imported.
    """
    global _notebook_view  # noqa: PLW0603 - one view for all assessments
    _notebook_view = view
