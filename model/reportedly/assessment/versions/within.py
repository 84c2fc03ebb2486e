"""Changes inside a passage that its words show: quotations, negations, figures, names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.pair import Pair, has_record, mid_sentence
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import Edit, Word, content_of, edits_between, shared
from reportedly.datamodel.payload import gist
from reportedly.lexicons.loader import words_of

_KEPT = 0.5
"""Share of the old side's quoted words that must still be quoted for the quotation to be the same."""
_SAME_BUT_SENSE = 0.8
_SAME_BUT_NAME = 0.7
_SAME_NAME = 0.75
"""Similarity of two names above which they are spellings of one name."""


def changes_within(pair: Pair) -> Iterator[Change]:
    """Yield altered quotations, negations added or removed, changed figures, and names exchanged for others."""
    if not pair.both:
        return
    yield from _quotations(pair)
    yield from _sense(pair)
    yield from _figures(pair)
    yield from _names(pair)


def _said(version: Version, words: Sequence[Word]) -> str:
    """Return the article's text from the first of some words to the last."""
    return gist(version.text[words[0].start : words[-1].end]) if words else ""


def _quotations(pair: Pair) -> Iterator[Change]:
    old = [w for w in pair.old_words if w.quoted]
    new = [w for w in pair.new_words if w.quoted]
    if shared([w.key for w in old], [w.key for w in new]) < max(2, _KEPT * len(old)):
        return
    if any(_alters(edit) for edit in pair.edits) and not _marked(pair, new):
        before, after = _said(pair.old, old), _said(pair.new, new)
        yield pair.change(
            "quotation_altered",
            f"a quotation was altered: “{before}” became “{after}”",
            before,
            after,
        )


def _marked(pair: Pair, words: Sequence[Word]) -> bool:
    """Tell whether the new quotation marks its changes by dots or brackets."""
    after = pair.new.text[words[0].start : words[-1].end]
    before = pair.old.quote(pair.passage.old)
    return any(mark in after and mark not in before for mark in ("[", "…", "..."))


def _alters(edit: Edit) -> bool:
    """Tell whether an edit changes words inside quotation marks; a quotation cut at its end is not altered."""
    words = (*edit.old, *edit.new)
    replaced = bool(edit.old and edit.new)
    if not (edit.inside or replaced) or not all(w.quoted for w in words):
        return False
    return bool(content_of(words)) or any(w.key in words_of("revisions", "negation") for w in words)


def _sense(pair: Pair) -> Iterator[Change]:
    nots = words_of("revisions", "negation")
    old = [w for w in pair.old_words if not w.quoted]
    new = [w for w in pair.new_words if not w.quoted]
    odd = sum(w.key in nots for w in old) - sum(w.key in nots for w in new)
    if odd % 2 == 0 or not any(
        w.key in nots for e in pair.edits for w in (*e.old, *e.new) if not w.quoted
    ):
        return
    _, alike = edits_between(
        [w for w in old if w.key not in nots], [w for w in new if w.key not in nots]
    )
    if alike >= _SAME_BUT_SENSE:
        before, after = pair.quote_old(), pair.quote_new()
        yield pair.change(
            "sense_turned",
            f"a sentence was turned into its opposite: “{before}” became “{after}”",
            before,
            after,
        )


def _figures(pair: Pair) -> Iterator[Change]:
    if pair.support_came:
        return
    for edit in pair.edits:
        before = [w for w in edit.old if w.figure and w.key not in pair.new_keys]
        after = [w for w in edit.new if w.figure and w.key not in pair.old_keys]
        if before and len(before) == len(after) and not any(w.quoted for w in before):
            was, now = _said(pair.old, before), _said(pair.new, after)
            told = _stays(pair)
            yield pair.change(
                "figure_changed",
                f"a figure changed{told} and no note says why: {was} became {now} in “{pair.quote_new()}”",
                was,
                now,
            )


def _stays(pair: Pair) -> str:
    """Return the phrase for the source or record that both sides rest on."""
    kept = [s for s in pair.new.sources(pair.passage.new) if s not in pair.came and s.mentions]
    if kept:
        return f" while its source stays ({mid_sentence(kept[0].label)})"
    return (
        " while the record that it rests on stays" if has_record(pair.new, pair.passage.new) else ""
    )


def _names(pair: Pair) -> Iterator[Change]:
    for edit in pair.edits:
        before, after = _last_name(edit.old, pair.new_keys), _last_name(edit.new, pair.old_keys)
        if before is None or after is None or _one_person(pair, before, after):
            continue
        if pair.alike >= _SAME_BUT_NAME and not _after_place(pair, before):
            yield _moved(pair, edit, before, after)
    yield from _swapped(pair)


def _last_name(words: Sequence[Word], others: frozenset[str]) -> Word | None:
    """Return the last name among these words that the other side does not have."""
    names = [w for w in words if w.name and not w.quoted]
    return names[-1] if names and names[-1].key not in others else None


def _one_person(pair: Pair, before: Word, after: Word) -> bool:
    """Tell whether two names are spellings of one name, or parts of a longer one."""
    if SequenceMatcher(None, before.key, after.key).ratio() >= _SAME_NAME:
        return True
    both = {before.key, after.key}
    return any(both <= run for run in (*pair.old.names, *pair.new.names))


def _after_place(pair: Pair, name: Word) -> bool:
    """Tell whether a name is of a place: it follows *in*, *at* or *near*."""
    for line in (pair.old.lines[n] for n in pair.passage.old):
        if name in line.words:
            at = line.words.index(name)
            while at and line.words[at - 1].name:
                at -= 1
            return at > 0 and line.words[at - 1].key in words_of("revisions", "place")
    return False


def _moved(pair: Pair, edit: Edit, before: Word, after: Word) -> Change:
    """Return a change of the person whom a sentence is about, or, if both speak, of the speaker."""
    was, now = _name_around(pair.old, edit.old, before), _name_around(pair.new, edit.new, after)
    speaks = _speaks(pair.old, pair.passage.old, before) and _speaks(
        pair.new, pair.passage.new, after
    )
    if speaks and not _stays(pair):
        message = f"what {was} said is now put into the mouth of {now}: “{pair.quote_new()}”"
        return pair.change("statement_moved", message, was, now)
    message = f"what was said of {was} is now said of {now}: “{pair.quote_new()}”"
    return pair.change("allegation_moved", message, was, now)


def _name_around(version: Version, words: Sequence[Word], last: Word) -> str:
    """Return the whole name that ends with a word."""
    at = words.index(last)
    first = at
    while first and words[first - 1].name and words[first].start - words[first - 1].end <= 1:
        first -= 1
    return version.text[words[first].start : last.end]


def _speaks(version: Version, numbers: Sequence[int], name: Word) -> bool:
    return any(
        span.start <= name.start < span.end
        for n in numbers
        for attribution, _ in version.said.get(n, ())
        for span in attribution.source
    )


def _swapped(pair: Pair) -> Iterator[Change]:
    """Yield the change if two names have changed places and all else is the same."""
    old, new = ([w for w in words if w.name] for words in (pair.old_words, pair.new_words))
    rest = [[w.key for w in words if not w.name] for words in (pair.old_words, pair.new_words)]
    before, after = [w.key for w in old], [w.key for w in new]
    if before != after and sorted(before) == sorted(after) and rest[0] == rest[1]:
        message = f"names have changed places: “{pair.quote_old()}” became “{pair.quote_new()}”"
        yield pair.change("allegation_moved", message, pair.quote_old(), pair.quote_new())
