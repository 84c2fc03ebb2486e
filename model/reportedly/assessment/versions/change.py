"""A change between two versions, the kinds of changes from the most to the least serious, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Verdict = Literal["worse", "better", "neutral"]
Weight = Literal["warning", "gain", "small loss", "small gain", "note"]


class ChangeKind(NamedTuple):
    """A kind of change: its name, its weight, and what it is."""

    name: str
    weight: Weight
    what: str


CHANGE_KINDS: tuple[ChangeKind, ...] = (
    ChangeKind("quotation_altered", "warning", "words inside quotation marks have changed"),
    ChangeKind("sense_turned", "warning", "a sentence has lost or gained its negation"),
    ChangeKind("allegation_moved", "warning", "what was said of one person is now said of another"),
    ChangeKind("statement_moved", "warning", "what one source said is put into another's mouth"),
    ChangeKind("figure_changed", "warning", "a figure or a date has changed, and no new source or note says why"),
    ChangeKind("attribution_removed", "warning", "what a source said is stated in the article's own voice"),
    ChangeKind("source_unnamed", "warning", "a named source has become one that nobody can identify"),
    ChangeKind("record_cut", "warning", "a document that supported a claim is no longer cited"),
    ChangeKind("hedge_dropped", "warning", "a hedge is gone, and the claim has no new support"),
    ChangeKind("made_second_hand", "warning", "a claim that had its own source now rests on another outlet"),
    ChangeKind("response_cut", "warning", "a denial or an answer is gone"),
    ChangeKind("backing_cut", "warning", "a source that backed another is gone"),
    ChangeKind("reason_cut", "warning", "the reason why a source is unnamed is gone"),
    ChangeKind("correction_cut", "warning", "a correction note is gone"),
    ChangeKind("headline_hardened", "warning", "the headline says more than before, and the text does not support it"),
    ChangeKind("correction_added", "gain", "a correction note was added"),
    ChangeKind("source_named", "gain", "a source that nobody could identify now has a name"),
    ChangeKind("second_hand_replaced", "gain", "a claim that rested on another outlet now has its own source"),
    ChangeKind("hedge_earned", "gain", "a hedge is gone, and the claim has new support"),
    ChangeKind("backing_added", "gain", "a source backs another"),
    ChangeKind("record_added", "gain", "a document now supports a claim"),
    ChangeKind("response_added", "gain", "a denial or an answer was added, or somebody whom the article is about is now heard"),
    ChangeKind("reason_added", "gain", "the reason why a source is unnamed was added"),
    ChangeKind("source_added", "gain", "a source was added"),
    ChangeKind("figures_added", "gain", "figures with a source were added"),
    ChangeKind("headline_softened", "gain", "the headline said more than the text supports, and no longer does"),
    ChangeKind("attribution_added", "gain", "what the article said in its own voice now has a source"),
    ChangeKind("figures_cut", "small loss", "figures are gone"),
    ChangeKind("source_cut", "small loss", "a source is gone"),
    ChangeKind("shown_cut", "small loss", "a claim that a record shows is gone"),
    ChangeKind("voice_cut", "small loss", "somebody whom the article is about is no longer heard"),
    ChangeKind("claim_added", "small loss", "a claim was added that nobody identifiable stands behind"),
    ChangeKind("approximator_dropped", "small loss", "a figure lost its *about*, and has no new support"),
    ChangeKind("no_answer_cut", "small loss", "the note that somebody was asked is gone"),
    ChangeKind("disclosure_cut", "small loss", "the note on who paid, or has an interest, is gone"),
    ChangeKind("description_cut", "small loss", "a source is described in less detail"),
    ChangeKind("no_answer_added", "small gain", "a note that somebody was asked was added"),
    ChangeKind("disclosure_added", "small gain", "a note on who paid, or has an interest, was added"),
    ChangeKind("description_added", "small gain", "a source is described in more detail"),
    ChangeKind("hedge_added", "small gain", "a claim is now hedged"),
    ChangeKind("headline_reworded", "note", "the headline is reworded"),
    ChangeKind("claim_gone", "note", "a claim that nobody identifiable stood behind is gone"),
    ChangeKind("sentence_added", "note", "sentences were added that change no support"),
    ChangeKind("sentence_cut", "note", "sentences are gone that change no support"),
    ChangeKind("reworded", "note", "sentences are reworded"),
    ChangeKind("split", "note", "sentences were split or joined"),
    ChangeKind("moved", "note", "sentences have moved"),
)  # fmt: skip
"""The order in which changes are reported. Nothing offsets a warning, and only a warning offsets a gain."""

_PLACE = {kind.name: place for place, kind in enumerate(CHANGE_KINDS)}
_WEIGHT = {kind.name: kind.weight for kind in CHANGE_KINDS}
_EFFECT: dict[Weight, Verdict] = {
    "warning": "worse", "small loss": "worse", "gain": "better", "small gain": "better", "note": "neutral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, the message, the words before and after, and the sentence numbers, from 0."""

    kind: str
    message: str
    old: str = ""
    new: str = ""
    old_sentences: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()

    @property
    def weight(self) -> Weight:
        """The weight of this kind of change."""
        return _WEIGHT[self.kind]

    @property
    def effect(self) -> Verdict:
        """Its effect on the article: worse, better or neutral."""
        return _EFFECT[self.weight]


def in_order(changes: Sequence[Change]) -> list[Change]:
    """Return the changes in the order of the report: by kind, and within a kind by place."""
    return sorted(changes, key=lambda c: (_PLACE[c.kind], c.sentences or c.old_sentences))


def verdict_of(changes: Sequence[Change]) -> Verdict:
    """Return the effect of the first change in order; neutral if there is none."""
    ordered = in_order(changes)
    return ordered[0].effect if ordered else "neutral"


def first_line(changes: Sequence[Change]) -> str:
    """Return the most serious change in one line."""
    ordered = in_order(changes)
    verdict = verdict_of(changes)
    if verdict == "neutral":
        what = "; ".join(c.message for c in ordered)
        return f"Nothing to report: {what or 'the words are the same'}"
    first = [c for c in ordered if c.kind == ordered[0].kind]
    return f"{verdict.capitalize()}: {_together(first)}"


def _together(changes: Sequence[Change]) -> str:
    """Return the message of the first of several changes of one kind, and how many more there are."""
    first, n = changes[0], len(changes)
    if first.kind == "hedge_dropped":
        words = ", ".join(dict.fromkeys(f"“{c.old}”" for c in changes))
        count = "1 hedge" if n == 1 else f"{n} hedges"
        return f"{count} dropped, nothing new behind {'it' if n == 1 else 'them'}: {words} in “{first.new}”"
    return first.message if n == 1 else f"{first.message}; and {n - 1} more like it"
