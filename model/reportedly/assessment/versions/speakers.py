"""Changes of who stands behind what: sources that gained or lost their names, removed attributions, added and removed sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.pair import (
    Pair,
    has_record,
    label_words,
    mentioned,
    mid_sentence,
    same_source,
)
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import Edit, compared_words, content_of, covered
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    BACKING_CLASSES,
    IDENTIFIED_CLASSES,
    Attribution,
    Source,
)
from reportedly.datamodel.payload import gist
from reportedly.lexicons.loader import words_of

NOBODY_NAMED = "nobody in particular"
"""What a source is called that no word stands for."""
_KEPT = 0.6
"""Share of a statement's content words that must remain for it to be the same statement."""


def speaker_changes(pair: Pair) -> Iterator[Change]:
    """Yield the changes in who stands behind a passage that both versions have."""
    if not pair.both:
        return
    yield from _unnamed(pair)
    yield from _named(pair)
    yield from _second_hand(pair)
    yield from _own_voice(pair)
    yield from _attributed(pair)


def called(version: Version, source: Source) -> str:
    """Return the longest name by which the article calls a source, in one line."""
    longest = max((m.of(version.text) for m in source.mentions), key=len, default="")
    return mid_sentence(gist(longest if source.label in longest else source.label).strip(" ,;"))


def _only_named(here: Iterable[Source], there: Iterable[Source]) -> Source | None:
    """Return the first of the sources `here` that answers by name, None if one of those `there` does as well."""
    if any(s.source_class in IDENTIFIED_CLASSES for s in there):
        return None
    return next((s for s in here if s.source_class in IDENTIFIED_CLASSES), None)


def _unnamed(pair: Pair) -> Iterator[Change]:
    named = _only_named(pair.gone, pair.came)
    if named is None:
        return
    hidden = (
        _nobody(pair.came)
        or _instead(pair.new, pair.passage.new)
        or _common_noun(pair.edits, new=True)
    )
    if hidden:
        message = f"{called(pair.old, named)} has become {hidden}: nobody answers by name for “{pair.quote_new()}”"
        yield pair.change("source_unnamed", message, named.label, hidden)


def _named(pair: Pair) -> Iterator[Change]:
    named = _only_named(pair.came, pair.gone)
    if named is None:
        return
    hidden = (
        _nobody(pair.gone)
        or _instead(pair.old, pair.passage.old)
        or _common_noun(pair.edits, new=False)
        or _excused(pair)
    )
    if hidden:
        message = (
            f"{called(pair.new, named)} stands by name where {hidden} stood: “{pair.quote_new()}”"
        )
        yield pair.change("source_named", message, hidden, named.label)


def _nobody(sources: Iterable[Source]) -> str:
    """Return the label of the first source that nobody can identify."""
    found = (s for s in sources if s.source_class in ANONYMOUS_CLASSES)
    return next((mid_sentence(s.label) if s.mentions else NOBODY_NAMED for s in found), "")


def _instead(version: Version, numbers: Sequence[int]) -> str:
    """Return the only speaker of a passage if nobody can identify it: *the head of highways* without a name."""
    sources = version.sources(numbers)
    return _nobody(sources) if all(s.source_class in ANONYMOUS_CLASSES for s in sources) else ""


def _excused(pair: Pair) -> str:
    """Return the source that was unnamed if the old side gives a reason and the new side does not."""
    old, new = (
        any(n in v.reasons for n in ns)
        for v, ns in ((pair.old, pair.passage.old), (pair.new, pair.passage.new))
    )
    return "an unnamed source" if old and not new else ""


def _common_noun(edits: Sequence[Edit], *, new: bool) -> str:
    """Return *official*, *insider* or the like if it is used instead of a name, whatever the detectors say."""
    heads = words_of("anonymity", "bare_head")
    for edit in edits:
        name, noun = (edit.old, edit.new) if new else (edit.new, edit.old)
        found = [w.key for w in noun if w.key in heads and not w.quoted]
        if found and any(w.name for w in name) and not any(w.name for w in noun):
            return f"an unnamed {found[0]}"
    return ""


def _second_hand(pair: Pair) -> Iterator[Change]:
    old, new = pair.old.sources(pair.passage.old), pair.new.sources(pair.passage.new)
    press_old = [s for s in old if s.source_class == "press"]
    press_new = [s for s in new if s.source_class == "press"]
    if press_old and not press_new and pair.support_came:
        message = (
            f"no longer second-hand from {mid_sentence(press_old[0].label)}: “{pair.quote_new()}”"
        )
        yield pair.change("second_hand_replaced", message, press_old[0].label, pair.support_came[0])
    own = [s for s in pair.gone if s.source_class in BACKING_CLASSES]
    if press_new and not press_old and own:
        message = (
            f"now second-hand, from {mid_sentence(press_new[0].label)}, where"
            f" {mid_sentence(own[0].label)} stood: “{pair.quote_new()}”"
        )
        yield pair.change("made_second_hand", message, own[0].label, press_new[0].label)


def _own_voice(pair: Pair) -> Iterator[Change]:
    """Yield the statements whose words remain while their source is gone, with nobody behind them."""
    if pair.came or has_record(pair.new, pair.passage.new):
        return
    if not pair.new.unclear.isdisjoint(pair.passage.new):  # another source still says it
        return
    stands = [w.key for w in pair.new_words if not w.quoted]
    for attribution, source in _statements(pair.old, pair.passage.old):
        said = _content(pair.old, attribution)
        loose = source in pair.gone or _cue_cut(pair, attribution)
        loose = loose and source.source_class != "document" and bool(source.mentions)
        loose = loose and not _cue_stays(pair, attribution)
        if loose and covered(said, stands) >= _KEPT and not _said_still(pair, said):
            who = called(pair.old, source)
            message = f"now in the article's own voice, without {who}: “{pair.quote_old()}” became “{pair.quote_new()}”"
            yield pair.change("attribution_removed", message, source.label, "")
            return


def _cue_stays(pair: Pair, attribution: Attribution) -> bool:
    """Tell whether somebody still says it in the same reporting words, at as many places as before: then it is in nobody's own voice."""
    cue = _cue_words(pair.old, attribution)
    before, after = (
        {a.cue[0].start for a, _ in _statements(v, ns) if _cue_words(v, a) == cue}
        for v, ns in ((pair.old, pair.passage.old), (pair.new, pair.passage.new))
    )
    return bool(cue) and len(after) >= len(before)


def _cue_words(version: Version, attribution: Attribution) -> tuple[str, ...]:
    return tuple(
        w.key for s in attribution.cue for w in compared_words(version.text, s.start, s.end)
    )


def _cue_cut(pair: Pair, attribution: Attribution) -> bool:
    """Tell whether the reporting verb is gone and nothing replaces it: *she said she had seen it* is now *she had*."""
    starts = {span.start for span in attribution.cue}
    return any(
        {w.start for w in edit.old} & starts and not content_of(edit.new) for edit in pair.edits
    )


def _statements(version: Version, numbers: Iterable[int]) -> list[tuple[Attribution, Source]]:
    return [row for n in numbers for row in version.said.get(n, ())]


def _content(version: Version, attribution: Attribution) -> list[str]:
    words = [w for s in attribution.content for w in compared_words(version.text, s.start, s.end)]
    return content_of(words)


def _said_still(pair: Pair, said: Sequence[str]) -> bool:
    """Tell whether an attribution of the new side covers what was said."""
    rows = _statements(pair.new, pair.passage.new)
    return any(covered(said, _content(pair.new, attribution)) >= _KEPT for attribution, _ in rows)


def _attributed(pair: Pair) -> Iterator[Change]:
    """Yield the new source of words that had none: the words remain, and somebody identifiable now says them."""
    if pair.old.sources(pair.passage.old) or has_record(pair.old, pair.passage.old):
        return
    if not pair.old.unclear.isdisjoint(pair.passage.old):  # "it said": the source was named before
        return
    for attribution, source in _statements(pair.new, pair.passage.new):
        said = _content(pair.new, attribution)
        if (
            source in pair.came
            and source.source_class in IDENTIFIED_CLASSES
            and covered(said, [*pair.old_keys]) >= _KEPT
        ):
            who = called(pair.new, source)
            message = f"{who} stands behind what nobody was named for: “{pair.quote_new()}”"
            yield pair.change("attribution_added", message, "", source.label)
            return


def sources_come_and_gone(old: Version, new: Version, told: Iterable[str]) -> Iterator[Change]:
    """Yield the sources that only one version has; `told` are the labels of those already reported."""
    known = set(told)
    for source in _only(old, new):
        if source.label not in known:
            yield from _cut(old, new, source)
    for source in _only(new, old):
        if source.label not in known:
            yield from _added(new, source)


def voices(pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield the people whom both versions mention and who speak in only one of them, in sentences that only it has."""
    for pair in pairs:
        a, b = pair.passage.old, pair.passage.new
        for source in [] if a else _silent(pair.new, b, pair.old):
            message = f"{called(pair.new, source)}, whom the article is about, is now heard: “{pair.quote_new()}”"
            yield Change("response_added", message, "", source.label, (), b)
        for source in [] if b else _silent(pair.old, a, pair.new):
            message = f"{called(pair.old, source)}, whom the article is about, is no longer heard: “{pair.quote_old()}”"
            yield Change("voice_cut", message, source.label, "", a)


def _silent(version: Version, numbers: Sequence[int], other: Version) -> list[Source]:
    """Return the sources that speak in these sentences, and that the other version only mentions."""
    return [
        s
        for s in version.sources(numbers)
        if s.source_class in IDENTIFIED_CLASSES
        and label_words(s.label)[0]
        and mentioned(s, other.keys)
        and not any(same_source(s, o) for o in other.annotated.sources)
    ]


def _only(one: Version, other: Version) -> list[Source]:
    """Return the sources that only the first version quotes or mentions."""
    return [
        s
        for s in one.annotated.sources
        if s.source_class in IDENTIFIED_CLASSES | {"unnamed"}
        and s.id in one.where
        and s.mentions
        and not mentioned(s, other.keys)
        and not any(same_source(s, o) for o in other.annotated.sources)
    ]


def _backs(version: Version, source: Source) -> bool:
    """Tell whether a source backs another: by the ledger, or by the words of its sentences."""
    if source.corroborated_by or "backing" in version.duties(version.where[source.id]):
        return True
    return any(source.id in s.corroborated_by for s in version.annotated.sources)


def _cut(old: Version, new: Version, source: Source) -> Iterator[Change]:
    where = old.where[source.id]
    who, said = called(old, source), gist(old.quote(where[:1]))
    if _backs(old, source):
        left = _before(old, new, source)
        alone = f"; {left} is left" if left else ""
        message = f"a source that backed another is gone, {who}{alone}: “{said}”"
        yield Change("backing_cut", message, source.label, "", where)
    elif source.source_class in IDENTIFIED_CLASSES:
        yield Change("source_cut", f"a source is gone, {who}: “{said}”", source.label, "", where)


def _before(old: Version, new: Version, source: Source) -> str:
    """Return the last speaker before a source who still speaks in the other version."""
    first = old.where[source.id][0]
    spoke = chain.from_iterable(old.sources([n]) for n in range(first, -1, -1))
    other = next((s for s in spoke if s.id != source.id), None)
    if other is None or not any(same_source(other, s) for s in new.annotated.sources):
        return ""
    return called(old, other)


def _added(new: Version, source: Source) -> Iterator[Change]:
    where = new.where[source.id]
    who, said = called(new, source), gist(new.quote(where[:1]))
    if _backs(new, source):
        message = f"a source that backs another was added, {who}: “{said}”"
        yield Change("backing_added", message, "", source.label, (), where)
    elif source.source_class in IDENTIFIED_CLASSES:
        yield Change(
            "source_added", f"a source was added, {who}: “{said}”", "", source.label, (), where
        )


def descriptions(old: Version, new: Version) -> Iterator[Change]:
    """Yield the named people whom one version describes in more detail than the other: an office, how they know."""
    people = {names[-1]: s for s in new.annotated.sources for names in [_person(s)] if names}
    for source in old.annotated.sources:
        names = _person(source)
        match = people.get(names[-1]) if names else None
        if match is None:
            continue
        before, after = called(old, source), called(new, match)
        if _tells_more(before, after, old):
            message = f"it now says who {match.label} is: “{after}”"
            yield Change("description_added", message, before, after)
        elif _tells_more(after, before, new):
            message = f"it no longer says who {source.label} is: “{before}”"
            yield Change("description_cut", message, before, after)


def _person(source: Source) -> tuple[str, ...]:
    return label_words(source.label)[0] if source.source_class == "named_person" else ()


def _tells_more(less: str, more: str, other: Version) -> bool:
    """Tell whether `more` holds at least two content words that the other version has nowhere."""
    one, two = (tuple(compared_words(text, 0, len(text))) for text in (less, more))
    fresh = [key for key in content_of(two) if key not in other.keys]
    return len(two) > len(one) and len(fresh) >= 2 and not Edit(one, two).respelled
