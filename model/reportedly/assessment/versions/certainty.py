"""Hedges that a passage lost or gained, and whether a claim that lost its hedge has new support."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.pair import Pair, has_record, mentioned, mid_sentence
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import Edit, Word, compared_words, content_of, covered
from reportedly.datamodel import IDENTIFIED_CLASSES
from reportedly.lexicons.loader import load

_KEPT = 0.5
"""Share of the old side's content words that must remain for the claim to be the same."""
_PLAIN_GROUPS = frozenset(
    {("epistemic", "adverb"), ("hearsay", "adverb"), ("hearsay", "passive"), ("hearsay", "phrase")}
)


DroppedWords = tuple[tuple[str, ...], str, str]
"""A hedge: the keys of its words, its words, its kind."""


@cache
def _plain_hedges() -> frozenset[tuple[str, ...]]:
    """Return the words that are hedges in any context, by the keys of their words."""
    entries = [
        e
        for e in load("hedges").entries
        if (e.attributes.get("kind"), e.attributes.get("group")) in _PLAIN_GROUPS
    ]
    return frozenset(_keys(term) for entry in entries for term in entry.terms)


def _keys(words: str) -> tuple[str, ...]:
    return tuple(w.key for w in compared_words(words, 0, len(words)))


def certainty_changes(pair: Pair) -> Iterator[Change]:
    """Yield the hedges that a passage in both versions lost or gained; those inside quotations belong to the quotation."""
    if not pair.both:
        return
    content = content_of(pair.old_words)
    lost = [*_hedges(pair.old, pair.passage.old, pair.edits, old=True)]
    won = [*_hedges(pair.new, pair.passage.new, pair.edits, old=False)]
    for keys, words, kind in _beyond(lost, won):
        if covered([k for k in content if k not in keys], [w.key for w in pair.new_words]) >= _KEPT:
            yield _dropped(pair, words, kind)
    if not pair.support_came:
        for _, words, kind in _beyond(won, lost):
            if kind != "approximator":
                message = f"hedged now, “{words}”: “{pair.quote_new()}”"
                yield Change("hedge_added", message, "", words, pair.passage.old, pair.passage.new)


def _beyond(
    hedges: Sequence[DroppedWords], others: Sequence[DroppedWords]
) -> Iterator[DroppedWords]:
    """Yield the hedges of one side that no hedge on the other side replaces."""
    for about in (False, True):
        mine, theirs = (
            [h for h in rows if (h[2] == "approximator") is about] for rows in (hedges, others)
        )
        yield from mine[len(theirs) :]


def _dropped(pair: Pair, words: str, kind: str) -> Change:
    beside = _beside(pair)
    support = pair.support_came or beside
    if support:
        more = [label for label in beside if label not in support]
        also = f" (beside it: {' and '.join(map(mid_sentence, more))})" if more else ""
        message = f"“{words}” is gone, with {' and '.join(support)} behind the claim now{also}: “{pair.quote_new()}”"
        name = "hedge_earned"
    elif kind == "approximator":
        message, name = (
            f"“{words}” is gone from a figure: “{pair.quote_new()}”",
            "approximator_dropped",
        )
    else:
        message = f"“{words}” is gone, nothing new behind the claim: “{pair.quote_new()}”"
        name = "hedge_dropped"
    return Change(name, message, words, pair.quote_new(), pair.passage.old, pair.passage.new)


def _beside(pair: Pair) -> list[str]:
    """Return the new sources in the passage's paragraph and the sentence after it, which may support it as well."""
    paragraphs = {pair.new.lines[n].paragraph for n in pair.passage.new}
    near = [n for n, line in pair.new.lines.items() if line.paragraph in paragraphs]
    found = [
        s.label
        for s in pair.new.sources(near)
        if s.source_class in IDENTIFIED_CLASSES and not mentioned(s, pair.old.keys)
    ]
    if not found and has_record(pair.new, near) and not has_record(pair.old, list(pair.old.lines)):
        found = ["a document"]
    return found


def _hedges(
    version: Version, numbers: Sequence[int], edits: Sequence[Edit], *, old: bool
) -> Iterator[DroppedWords]:
    """Yield the hedges among the words that changed: keys, words as written, and kind."""
    changed = {w.start for e in edits for w in (e.old if old else e.new) if not w.quoted}
    told = set[int]()
    for n in numbers:
        for hedge in version.hedges.get(n, ()):
            inside = [w for w in version.lines[n].words if hedge.start <= w.start < hedge.end]
            if hedge.kind != "conditional" and inside and _most(inside, changed):
                told.update(w.start for w in inside)
                yield tuple(w.key for w in inside), hedge.span.of(version.text), hedge.kind
        yield from _by_list(version, version.lines[n].words, changed, told)


def _most(words: Sequence[Word], changed: set[int]) -> bool:
    """Tell whether a hedge's own words changed, not only words beside them."""
    return 2 * sum(w.start in changed for w in words) >= len(words)


def _by_list(
    version: Version, words: Sequence[Word], changed: set[int], told: set[int]
) -> Iterator[DroppedWords]:
    """Yield words that the detector left out and that are hedges in any context."""
    longest = max(map(len, _plain_hedges()))
    for i, first in enumerate(words):
        if first.start not in changed:
            continue
        for n in range(min(longest, len(words) - i), 0, -1):
            part = words[i : i + n]
            keys = tuple(w.key for w in part)
            if (
                keys in _plain_hedges()
                and not told & {w.start for w in part}
                and _most(part, changed)
            ):
                told.update(w.start for w in part)
                yield keys, version.text[part[0].start : part[-1].end], "hearsay"
                break
