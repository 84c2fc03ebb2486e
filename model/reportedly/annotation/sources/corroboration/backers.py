"""Who corroborates an unnamed source: another, independent source of known class that states the same the same way round."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from reportedly.annotation.sources.corroboration.event_words import EventStatement, prepared, stem
from reportedly.annotation.sources.corroboration.same_event import same_event
from reportedly.datamodel import BACKING_CLASSES, Attribution, Segmented, Source, Span
from reportedly.datamodel.annotation import cue_words
from reportedly.datamodel.statements import sentence_holding
from reportedly.lexicons.loader import matcher_of, words_of

_COMMON = 24
"""A word in more statements than this tells nothing of which say the same; and time stays linear."""
_TOPIC = 0.34
"""A word in more than this part of the sentences is what the article is about."""
_CANDIDATES = 12
"""So many statements, those that share most, are compared with a statement of an unnamed source."""
_SENTENCE = 1000
"""So many characters of a sentence are searched for words that speak against or pass on."""
_SHARED_KEYS = 2
"""The least keys that two statements must share to be compared."""


@dataclass(frozen=True, slots=True)
class _Backing:
    """Statements by sources of known class, with an index by key."""

    statements: tuple[tuple[Attribution, Source, EventStatement], ...]
    by_key: Mapping[str, Sequence[int]]

    def like(self, said: EventStatement) -> list[int]:
        """Return the statements that share enough keys with this one to possibly say the same."""
        shared: Counter[int] = Counter()
        for key in said.keys:
            if len(places := self.by_key.get(key, ())) <= _COMMON:
                shared.update(places)
        best = sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        return sorted(n for n, count in best if count >= _SHARED_KEYS)


def corroborations(
    segmented: Segmented, attributions: Sequence[Attribution], sources: Sequence[Source]
) -> dict[str, tuple[str, ...]]:
    """Return for each unnamed source that others corroborate the ids of those others, in the order of the text."""
    lines = {source.id: source for source in sources}
    hidden: defaultdict[str, list[Attribution]] = defaultdict(list)
    for attribution in attributions:
        line = lines.get(attribution.source_id or "")
        if line is None or _suggests(segmented.text, attribution):
            continue
        if line.source_class == "unnamed" or _is_understood(segmented.text, line, attribution):
            hidden[line.id].append(attribution)
    if not hidden:
        return {}
    backing = _backing(segmented, attributions, lines)
    if not backing.statements:
        return {}
    found, rare = {}, _Rarity(segmented)
    for number, own in hidden.items():
        if by := _backers(segmented, own, lines[number], backing, rare):
            found[number] = by
    return found


def _backing(
    segmented: Segmented, attributions: Sequence[Attribution], lines: Mapping[str, Source]
) -> _Backing:
    """Return the statements that may corroborate others."""
    text = segmented.text
    kept = []
    known = {line.id for line in lines.values() if line.source_class in BACKING_CLASSES}
    against = {
        a.source_id for a in attributions if a.source_id in known and _speaks_against(segmented, a)
    }
    for attribution in attributions:
        source = lines.get(attribution.source_id or "")
        if source is None or source.source_class not in BACKING_CLASSES or source.id in against:
            continue
        if _passes_on(segmented, attribution) or _suggests(text, attribution):
            continue
        words = " ".join(span.of(text) for span in attribution.content)
        first = re.search(r"\b(?:I|my|we|our|We|Our|My|us|me)\b", words)
        sentence = segmented.sentences[_sentence(segmented, attribution)]
        around = (
            " ".join(_without(sentence.span, (*attribution.content, *attribution.cue), text))[
                :_SENTENCE
            ]
            if first
            else ""
        )
        if source.source_class == "document":
            words = f"{source.label} {words}"
        kept.append((attribution, source, prepared(words, around)))
    by_key: defaultdict[str, list[int]] = defaultdict(list)
    for number, (_, _, said) in enumerate(kept):
        for key in said.keys | said.around:
            by_key[key].append(number)
    return _Backing(tuple(kept), by_key)


def _is_understood(text: str, line: Source, attribution: Attribution) -> bool:
    """Tell whether a line is one statement of what "is understood" or "is said", by nobody in particular."""
    cue = cue_words(text, attribution.cue)
    return (
        line.source_class == "vague"
        and line.statements == 1
        and not {"understood", "said", "known", "learned"}.isdisjoint(cue)
    )


def _suggests(text: str, attribution: Attribution) -> bool:
    """Tell whether the words of saying are those of asking, hoping or warning."""
    return not words_of("same_event", "unreal").isdisjoint(cue_words(text, attribution.cue))


def _sentence(segmented: Segmented, attribution: Attribution) -> int:
    return sentence_holding(attribution.start, segmented.sentences)


def _speaks_against(segmented: Segmented, attribution: Attribution) -> bool:
    """Tell whether a statement disputes, by the words of its whole sentence."""
    sentence = _lower(segmented, _sentence(segmented, attribution))
    return _any_term(sentence, "apart") or _any_term(sentence, "untrue")


def _lower(segmented: Segmented, number: int) -> str:
    """Return the words of a sentence in lower case, of a very long one the first."""
    return segmented.sentences[number].span.of(segmented.text)[:_SENTENCE].lower()


def _any_term(text: str, kind: str) -> bool:
    words = set(re.findall(r"[a-z]+(?:['’]t)?", text))
    for term in words_of("same_event", kind):
        if (term in text) if " " in term else (term in words):
            return True
    return False


def _passes_on(segmented: Segmented, attribution: Attribution) -> bool:
    """Tell whether a source passes on what others said, or does not know."""
    number = _sentence(segmented, attribution)
    if matcher_of("same_event", "passed_on").search(_lower(segmented, number)):
        return True
    following = _lower(segmented, number + 1) if number + 1 < len(segmented.sentences) else ""
    return matcher_of("same_event", "second_hand").search(following) is not None


def _without(whole: Span, left_out: Sequence[Span], text: str) -> Iterator[str]:
    """Yield the parts of a span outside of others."""
    at = whole.start
    for span in sorted(left_out, key=lambda s: s.start):
        yield text[at : max(at, span.start)]
        at = max(at, span.end)
    yield text[at : max(at, whole.end)]


def _backers(
    segmented: Segmented,
    own: Sequence[Attribution],
    line: Source,
    backing: _Backing,
    rare: Mapping[str, float],
) -> tuple[str, ...]:
    """Return the ids of the lines in `backing` that state the same as `line`, independently of it."""
    mine = [
        (a, prepared(" ".join(s.of(segmented.text) for s in a.content)))
        for a in own
        if not _speaks_against(segmented, a)
    ]
    spoken = _Covered(span for a in own for span in a.content)
    passed_on = {
        _sentence(segmented, a)
        for a in own
        if any(s.of(segmented.text).lower().startswith("according") for s in a.cue)
    }
    found: dict[str, None] = {}
    for attribution, said in mine:
        for number in backing.like(said):
            other, source, theirs = backing.statements[number]
            if source.id in found or _sentence(segmented, other) in passed_on:
                continue
            if any(map(spoken.meets, (*other.content, *other.source, *other.cue))):
                continue
            if not same_event(said, theirs, rare):
                continue
            if _independent(segmented, attribution, other, line, source):
                found[source.id] = None
    return tuple(sorted(found, key=lambda i: int(i[1:])))


class _Covered:
    """The parts of a text that spans cover, for a quick answer to whether another span meets one of them."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for span in sorted(spans, key=lambda s: s.start):
            if self._ends and span.start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], span.end)
            else:
                self._starts.append(span.start)
                self._ends.append(span.end)

    def meets(self, span: Span) -> bool:
        """Tell whether a span overlaps a covered part."""
        n = bisect_left(self._starts, span.end) - 1
        return n >= 0 and self._ends[n] > span.start


class _Rarity(dict[str, float]):
    """How much a shared word tells, by its stem: less if it stands in many of the article's sentences."""

    def __init__(self, segmented: Segmented) -> None:
        super().__init__()
        sentences = [
            {stem(w) for w in re.findall(r"[a-z]+", s.span.of(segmented.text).lower())}
            for s in segmented.sentences[:400]
        ]
        counts = Counter(w for s in sentences for w in s)
        least = max(4, _TOPIC * len(sentences))
        for word, count in counts.items():
            if count >= least:
                self[word] = 0.5


def _independent(
    segmented: Segmented, own: Attribution, other: Attribution, line: Source, source: Source
) -> bool:
    """Tell whether a source is independent of an unnamed one: no member of the same group, not the outlet that quotes it."""
    text = segmented.text
    sentence = _lower(segmented, _sentence(segmented, other))
    described = (
        " ".join(s.of(text) for s in (*other.source, *source.mentions[:8])).lower()
        if source.source_class != "document"
        else ""
    )
    where = segmented.sentences[_sentence(segmented, own)].span
    told = " ".join(_without(where, own.content, text))[:_SENTENCE].lower()
    named = (
        re.findall(r"[a-z]{4,}", source.label.lower())
        if source.source_class == "named_organisation"
        else []
    )
    if source.source_class == "named_organisation" and any(word in told for word in named):
        return False
    label = f"{line.label} {' '.join(s.of(text) for s in own.source)}".lower()
    mine = _heads(label)
    who = {
        stem(w)
        for w in re.findall(
            r"[a-z]{3,}",
            f"{described} {source.label.lower() if source.source_class != 'document' else ''}",
        )
    }
    theirs = set(who)
    if source.source_class == "named_person":
        theirs |= {
            stem(w) for w in re.findall(r"\b(?:an?|the|former|who|also|as) ([a-z]{4,})", sentence)
        }
    if mine & theirs:
        return False
    body = {stem(w) for w in re.findall(r"[a-z]{4,}", label)} - _stems("empty")
    if mine & _stems("body") and (
        body & who or (who & _stems("body") and not body - _stems("body"))
    ):
        return False
    return not (mine & _stems("colleague") and theirs & _stems("colleague"))


@cache
def _stems(kind: str) -> frozenset[str]:
    """Return the stems of the lexicon's words of a kind."""
    return frozenset(map(stem, words_of("same_event", kind)))


def _heads(label: str) -> set[str]:
    """Return the stems of the words that say who speaks: those before the first preposition or relative."""
    lead = _LEAD.split(label)[0]
    heads = {stem(w) for w in re.findall(r"[a-z]{3,}", lead)}
    one_of = re.match(
        r"(?:one|some|several|many|two|three|four|most|members?) of (?:the |his |her |their )?([a-z]+)",
        label,
    )
    left_out = {stem(w) for w in words_of("anonymity", "bare_modifier", "how_said")} | _stems(
        "empty"
    )
    return (heads | ({stem(one_of[1])} if one_of else set())) - left_out


_LEAD = re.compile(
    r"\b(?:of|at|in|on|from|with|who|whom|that|close|familiar|briefed|along|reached|returning|to|for|near)\b|,"
)
