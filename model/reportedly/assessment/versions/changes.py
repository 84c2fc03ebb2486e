"""Every change between two versions of an article, the most serious first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reportedly.assessment.versions.alignment import align
from reportedly.assessment.versions.certainty import certainty_changes
from reportedly.assessment.versions.change import Change, in_order
from reportedly.assessment.versions.duties import (
    claims_come_and_gone,
    duty_changes,
    figure_changes,
    notes,
)
from reportedly.assessment.versions.pair import Pair
from reportedly.assessment.versions.speakers import (
    NOBODY_NAMED,
    descriptions,
    sources_come_and_gone,
    speaker_changes,
    voices,
)
from reportedly.assessment.versions.titles import headline_changes
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.within import changes_within
from reportedly.assessment.versions.wording import compared_words

_SUPPORT = frozenset({
    "source_named", "second_hand_replaced", "hedge_earned", "backing_added", "record_added", "source_added",
    "figures_added", "attribution_added",
})  # fmt: skip
_BY_WORDS = frozenset({"quotation_altered", "sense_turned", "allegation_moved", "statement_moved", "figure_changed"})  # fmt: skip


def passage_pairs(old: Version, new: Version) -> list[Pair]:
    """Return the passages of two versions side by side."""
    return [Pair(old, new, passage) for passage in align(old.rows(), new.rows())]


def changes_between(old: Version, new: Version, pairs: Sequence[Pair]) -> list[Change]:
    """Return the changes, the most serious first; words that are the same in both versions have not changed, even if a detector's answers differ."""
    changed = [pair for pair in pairs if pair.edits]
    found = [c for pair in changed for c in (*changes_within(pair), *speaker_changes(pair))]
    found += [c for pair in changed for c in certainty_changes(pair)]
    corrected = list(notes(old, new))
    found = [c for c in found if not _explained(c, corrected)] + corrected
    found += duty_changes(old, new, changed)
    found = [c for c in found if c.kind != "reason_cut" or not _is_named(c, found)]
    found = [c for c in found if not _is_hedge(c, found)]
    answered = {
        n for c in found if c.kind.startswith("response") for n in (*c.sentences, *c.old_sentences)
    }
    found += [c for c in voices(changed) if not answered & {*c.sentences, *c.old_sentences}]
    found += sources_come_and_gone(old, new, {label for c in found for label in (c.old, c.new)})
    figures = {
        w.key
        for c in found
        if c.kind == "figure_changed"
        for w in compared_words(c.old, 0, len(c.old))
    }
    found += figure_changes(old, new, changed, figures)
    found += descriptions(old, new)
    supported = any(c.kind in _SUPPORT for c in found)
    found += headline_changes(old, new, supported=supported)
    told = {n for c in found for n in c.sentences}
    lost = {n for c in found for n in c.old_sentences}
    loose = list(claims_come_and_gone(changed))
    found += [c for c in loose if not told & {*c.sentences} and not lost & {*c.old_sentences}]
    found += _rest(pairs, told)
    return in_order([*_counted(_merged(found))])


def _explained(change: Change, corrected: Sequence[Change]) -> bool:
    """Tell whether a new correction note names the words that changed."""
    if change.kind not in _BY_WORDS:
        return False
    note = {w.key for c in corrected for w in compared_words(c.message, 0, len(c.message))}
    before, after = (
        {w.key for w in compared_words(t, 0, len(t))} for t in (change.old, change.new)
    )
    return bool((before ^ after) & note)


def _is_hedge(change: Change, found: Iterable[Change]) -> bool:
    """Tell whether "nobody in particular", where somebody now stands by name, was only a hedge that is told as earned: "it is understood"."""
    if change.kind != "source_named" or change.old != NOBODY_NAMED:
        return False
    earned = {n for c in found if c.kind == "hedge_earned" for n in c.old_sentences}
    return bool(earned & {*change.old_sentences})


def _is_named(change: Change, found: Iterable[Change]) -> bool:
    """Tell whether the source whose reason for anonymity is gone now has a name."""
    named = {n for c in found if c.kind == "source_named" for n in c.old_sentences}
    return bool(named & {*change.old_sentences})


def _rest(pairs: Sequence[Pair], told: set[int]) -> Iterator[Change]:
    """Yield the passages that are reworded, split, joined or moved, and have no other change."""
    for pair in pairs:
        a, b = pair.passage.old, pair.passage.new
        if a and b and not told & {*b}:
            if len(a) != len(b):
                yield Change("split", pair.quote_new(), pair.quote_old(), pair.quote_new(), a, b)
            elif [w.key for w in pair.old_words] != [w.key for w in pair.new_words]:
                yield Change("reworded", pair.quote_new(), pair.quote_old(), pair.quote_new(), a, b)
    yield from _moved(pairs)


def _moved(pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield the sentences that now precede a sentence that they used to follow."""
    furthest = -1
    for pair in pairs:
        if pair.passage.old and pair.passage.new:
            if pair.passage.new[0] < furthest:
                yield Change(
                    "moved",
                    pair.quote_new(),
                    "",
                    pair.quote_new(),
                    pair.passage.old,
                    pair.passage.new,
                )
            furthest = max(furthest, pair.passage.new[0])


def _merged(changes: Iterable[Change]) -> Iterator[Change]:
    """Merge changes of one kind with the same words before and after into one, with all its sentences."""
    found: dict[tuple[str, str, str], Change] = {}
    for change in changes:
        key = (change.kind, change.old, change.new)
        if (
            change.kind in {"hedge_dropped", "hedge_earned", "approximator_dropped"}
            or key not in found
        ):
            key = (*key[:2], f"{key[2]} {len(found)}") if key in found else key
            found[key] = change
            continue
        first = found[key]
        found[key] = replace(
            first,
            old_sentences=tuple(sorted({*first.old_sentences, *change.old_sentences})),
            sentences=tuple(sorted({*first.sentences, *change.sentences})),
        )
    yield from found.values()


_COUNTED = {
    "claim_gone": ("1 sentence without a source is gone", "{} sentences without a source are gone"),
    "sentence_added": ("1 sentence was added that changes no support", "{} sentences were added that change no support"),
    "sentence_cut": ("1 sentence is gone that changes no support", "{} sentences are gone that change no support"),
    "reworded": ("1 sentence is reworded", "{} sentences are reworded"),
    "split": ("1 sentence was split or joined", "{} sentences were split or joined"),
    "moved": ("1 sentence has moved", "{} sentences have moved"),
}  # fmt: skip


def _counted(changes: Iterable[Change]) -> Iterator[Change]:
    """Merge the notes of one kind into one note with their number."""
    counts: Counter[str] = Counter()
    first: dict[str, Change] = {}
    for change in changes:
        if change.kind not in _COUNTED:
            yield change
            continue
        counts[change.kind] += 1
        known = first.setdefault(change.kind, change)
        first[change.kind] = replace(
            known,
            old_sentences=tuple(sorted({*known.old_sentences, *change.old_sentences})),
            sentences=tuple(sorted({*known.sentences, *change.sentences})),
        )
    for kind, change in first.items():
        one, more = _COUNTED[kind]
        yield replace(change, message=one if counts[kind] == 1 else more.format(counts[kind]))
