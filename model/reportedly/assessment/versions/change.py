"""A change between two versions, the kinds in the order in which an editor is told of them, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Verdict = Literal["worse", "better", "neutral"]
Weight = Literal["warning", "gain", "small loss", "small gain", "note"]


class ChangeKind(NamedTuple):
    """A kind of change: its name, how much it weighs, and what it is."""

    name: str
    weight: Weight
    what: str


CHANGE_KINDS: tuple[ChangeKind, ...] = (
    ChangeKind("quotation_altered", "warning", "words inside quotation marks are others than before"),
    ChangeKind("sense_turned", "warning", "a sentence has lost or gained its negation"),
    ChangeKind("allegation_moved", "warning", "what was said of one person is said of another"),
    ChangeKind("statement_moved", "warning", "what one source said is put into another's mouth"),
    ChangeKind("figure_changed", "warning", "a figure or a date is another, and no new source or note says why"),
    ChangeKind("attribution_removed", "warning", "what a source said is stated in the article's own voice"),
    ChangeKind("source_unnamed", "warning", "a named source has become one whom nobody can identify"),
    ChangeKind("record_cut", "warning", "a document that stood behind a claim is cited no more"),
    ChangeKind("hedge_dropped", "warning", "a hedge is gone, and nothing new stands behind the claim"),
    ChangeKind("made_second_hand", "warning", "a claim rests on another outlet, where it had a source of its own"),
    ChangeKind("response_cut", "warning", "a denial or an answer is gone"),
    ChangeKind("backing_cut", "warning", "a source that bore another out is gone"),
    ChangeKind("reason_cut", "warning", "why a source goes unnamed is told no more"),
    ChangeKind("correction_cut", "warning", "a correction note is gone"),
    ChangeKind("headline_hardened", "warning", "the headline says more than before, and the text does not bear it out"),
    ChangeKind("correction_added", "gain", "a correction note is there"),
    ChangeKind("source_named", "gain", "a name stands where nobody could be identified"),
    ChangeKind("second_hand_replaced", "gain", "a claim has a source of its own, where it rested on another outlet"),
    ChangeKind("hedge_earned", "gain", "a hedge is gone, and new support stands behind the claim"),
    ChangeKind("backing_added", "gain", "a source bears another out"),
    ChangeKind("record_added", "gain", "a document stands behind a claim"),
    ChangeKind("response_added", "gain", "a denial or an answer is there, or whom the article is about has a say"),
    ChangeKind("reason_added", "gain", "why a source goes unnamed is told"),
    ChangeKind("source_added", "gain", "a source is there that was not"),
    ChangeKind("figures_added", "gain", "figures with a source are there"),
    ChangeKind("headline_softened", "gain", "the headline says what the text bears out, where it said more"),
    ChangeKind("attribution_added", "gain", "what the article said in its own voice has a source"),
    ChangeKind("figures_cut", "small loss", "figures are gone"),
    ChangeKind("source_cut", "small loss", "a source is gone"),
    ChangeKind("voice_cut", "small loss", "somebody of whom the article tells has no say any more"),
    ChangeKind("claim_added", "small loss", "a claim is there that nobody identifiable stands behind"),
    ChangeKind("approximator_dropped", "small loss", "a figure lost its *about*, and nothing new stands behind it"),
    ChangeKind("no_answer_cut", "small loss", "that somebody was asked is told no more"),
    ChangeKind("disclosure_cut", "small loss", "who paid, or has an interest, is told no more"),
    ChangeKind("description_cut", "small loss", "who a source is, is told in less"),
    ChangeKind("no_answer_added", "small gain", "that somebody was asked is told"),
    ChangeKind("disclosure_added", "small gain", "who paid, or has an interest, is told"),
    ChangeKind("description_added", "small gain", "who a source is, is told in more"),
    ChangeKind("hedge_added", "small gain", "a claim is hedged that was not"),
    ChangeKind("headline_reworded", "note", "the headline is worded otherwise"),
    ChangeKind("claim_gone", "note", "a claim that nobody identifiable stood behind is gone"),
    ChangeKind("sentence_added", "note", "sentences with nothing to check are there"),
    ChangeKind("sentence_cut", "note", "sentences with nothing to check are gone"),
    ChangeKind("reworded", "note", "sentences are worded otherwise"),
    ChangeKind("split", "note", "sentences were split or joined"),
    ChangeKind("moved", "note", "sentences stand elsewhere"),
)  # fmt: skip
"""The order in which changes are told. A warning is offset by nothing; a gain by a warning alone."""

_PLACE = {kind.name: place for place, kind in enumerate(CHANGE_KINDS)}
_WEIGHT = {kind.name: kind.weight for kind in CHANGE_KINDS}
_EFFECT: dict[Weight, Verdict] = {
    "warning": "worse", "small loss": "worse", "gain": "better", "small gain": "better", "note": "neutral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, what an editor is told, the words before and after, and the sentences, from 0."""

    kind: str
    message: str
    old: str = ""
    new: str = ""
    old_sentences: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()

    @property
    def weight(self) -> Weight:
        """How much a change of this kind weighs."""
        return _WEIGHT[self.kind]

    @property
    def effect(self) -> Verdict:
        """Whether it makes the article worse, better, or neither."""
        return _EFFECT[self.weight]


def in_order(changes: Sequence[Change]) -> list[Change]:
    """Return the changes as an editor is told of them: by kind, and within one by place."""
    return sorted(changes, key=lambda c: (_PLACE[c.kind], c.sentences or c.old_sentences))


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """Return the effect of the first change in order; neutral where there is none."""
    ordered = in_order(changes)
    return ordered[0].effect if ordered else "neutral"


def first_line(changes: Sequence[Change]) -> str:
    """Return what an editor must be told first, in one line."""
    ordered = in_order(changes)
    verdict = verdict_of(changes)
    if verdict == "neutral":
        what = "; ".join(c.message for c in ordered)
        return f"Nothing to report: {what or 'the words are the same'}"
    first = [c for c in ordered if c.kind == ordered[0].kind]
    return f"{verdict.capitalize()}: {_together(first)}"


def _together(changes: Sequence[Change]) -> str:
    """Return the message of the first of some changes of one kind, and how many more there are."""
    first, n = changes[0], len(changes)
    if first.kind == "hedge_dropped":
        words = ", ".join(dict.fromkeys(f"“{c.old}”" for c in changes))
        count = "1 hedge" if n == 1 else f"{n} hedges"
        return f"{count} dropped, nothing new behind {'it' if n == 1 else 'them'}: {words} in “{first.new}”"
    return first.message if n == 1 else f"{first.message}; and {n - 1} more like it"
