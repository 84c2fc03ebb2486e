"""Recognise texts that are not news reports: a recipe, a letters page, an error page, a column.

A kind is recognised by several sorts of evidence, but not by its subject: what the text calls itself, lines that only
such texts have (``lexicons/genres.toml``), and its style outside quotation marks: addressing the reader, writing about
oneself, giving orders. A text that quotes others throughout is a report, unless it calls itself something else.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise

from reportedly.datamodel import Annotated
from reportedly.lexicons.loader import load, words_of

_VOUCHED = 0.35
"""Share of sentences with an attribution from which a text quotes others throughout."""
_ENOUGH = 2
"""The least points for a kind."""
_EDGE_LINES = (4, 8)
"""How many lines at the beginning and the end of a text may say what it is."""
_LONG_EDGE = 400
_LONG_LINE = 200
"""The most code points of a line; a longer one is a paragraph."""
_MOST = 200_000
"""How many code points of a text are examined; its kind shows early."""

_NAMES: Mapping[str, str] = {
    "opinion": "opinion: the text says so",
    "essay": "opinion or a personal essay: the writer writes about themselves",
    "letters": "a letters page",
    "review": "a review",
    "how-to": "a how-to: steps and advice to the reader",
    "recipe": "a recipe: ingredients and steps",
    "advertorial": "an advertisement: it is paid for, or sells to the reader",
    "press release": "a press release",
    "error page": "an error page, no article",
    "browser check": "a browser-check page, no article",
    "consent page": "a consent page, no article",
    "terms and conditions": "terms and conditions",
    "product page": "a product page",
    "video description": "the description of a video",
    "lyrics": "verse or lyrics",
    "property advertisement": "a property advertisement",
    "horoscope": "a horoscope",
    "death notice": "a family's death notice",
    "programme listing": "a programme or listing",
    "job advertisement": "a job advertisement",
    "transcript": "a transcript or interview in questions and answers",
}
"""The name of each kind in reports."""

_QUOTING = frozenset({"advertorial", "press release", "transcript", "death notice", "product page"})
"""Kinds in which people are quoted as in reports."""


@dataclass(frozen=True, slots=True)
class WritersVoice:
    """The style of a text outside quotation marks: words per 100 that mean the writer ("I"), "us", and the reader ("you").

    `orders` is the share of sentences that give an order; `vouched` is the share of sentences with an attribution,
    `named` is true if a named person says something; `words` is the number of words.
    """

    words: int
    writer: float
    us: float
    reader: float
    orders: float
    vouched: float
    named: bool


@dataclass(frozen=True, slots=True)
class _Evidence:
    """A pattern of the lexicon: its kind, how often it must match, and its points."""

    kind: str
    points: int
    least: int
    words: frozenset[str]
    pattern: re.Pattern[str]

    def count(self, text: str, start: int = 0, end: int = _MOST) -> int:
        """Return how often the pattern matches in a range of `text`, counted up to the number needed."""
        return len(list(islice(self.pattern.finditer(text, start, end), self.least)))


def genre(annotated: Annotated) -> str | None:
    """Return the kind of a text in words if it is not a news report; else None."""
    lines = [line for line in map(str.strip, body_of(annotated)[:_MOST].split("\n")) if line]
    small = " ".join(annotated.segmented.tokens.forms).lower().replace("’", "'").split()
    voice = voice_of(annotated, small)
    points = _labelled(annotated, lines)
    points.update(_worded(annotated, small))
    points.update(_spoken(voice))
    points.update(_laid_out(lines))
    told = [(count, kind) for kind, count in points.items() if count >= _needed(kind, voice)]
    return _NAMES[max(told)[1]] if told else None


def _needed(kind: str, voice: WritersVoice) -> int:
    """Return the points that a kind needs: more if the text quotes others throughout, as reports do."""
    return _ENOUGH + (voice.vouched >= _VOUCHED and kind not in _QUOTING)


@cache
def _entries(where: str) -> tuple[_Evidence, ...]:
    """Return the evidence of the lexicon for one place of a text."""
    return tuple(
        _Evidence(
            kind=str(entry.attributes["kind"]),
            points=int(entry.attributes["points"]),
            least=int(entry.attributes.get("least", 1)),
            words=frozenset(entry.attributes.get("words", ())),
            pattern=entry.matcher(),
        )
        for entry in load("genres").entries
        if entry.attributes["where"] == where
    )


def _labelled(annotated: Annotated, lines: Sequence[str]) -> Counter[str]:
    """Return the points of each kind by the headline, the first and last lines, and the beginnings of short lines."""
    found: Counter[str] = Counter()
    headline = annotated.segmented.headline
    for evidence in _entries("title"):
        told = headline is not None and evidence.count(headline.text[:300]) > 0
        found[evidence.kind] += evidence.points * told
    edges = "\n".join(_edges(lines))
    words = frozenset(_WORD.findall(edges.lower()))
    for evidence in _entries("edges"):
        if not evidence.words.isdisjoint(words):
            found[evidence.kind] += evidence.points * (evidence.count(edges) == evidence.least)
    short = [line for line in lines if len(line) <= _LONG_LINE]
    for evidence in _entries("line"):
        matched = islice(filter(None, map(evidence.pattern.match, short)), evidence.least)
        found[evidence.kind] += evidence.points * (len(list(matched)) == evidence.least)
    return found


_WORD = re.compile(r"[\w-]+|[#£$€%]")


@cache
def _by_word() -> Mapping[str, tuple[int, ...]]:
    """Return the evidence numbers of each word that occurs in evidence of the body."""
    named: dict[str, list[int]] = {}
    for number, evidence in enumerate(_entries("body")):
        for word in evidence.words:
            named.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in named.items()}


def _worded(annotated: Annotated, small: Sequence[str]) -> Counter[str]:
    """Return the points of each kind by phrases, searched only in the sentences with one of their words."""
    by_word, segmented = _by_word(), annotated.segmented
    firsts = [sentence.first for sentence in segmented.sentences]
    places = {
        (number, bisect_right(firsts, at) - 1)
        for at, word in enumerate(small)
        if word in by_word
        for number in by_word[word]
    }
    matched: Counter[int] = Counter()
    evidence = _entries("body")
    for number, at in places:
        sentence = segmented.sentences[at]
        if matched[number] < evidence[number].least:
            matched[number] += evidence[number].count(segmented.text, sentence.start, sentence.end)
    found: Counter[str] = Counter()
    for number, count in matched.items():
        if count >= evidence[number].least:
            found[evidence[number].kind] += evidence[number].points
    return found


def body_of(annotated: Annotated) -> str:
    """Return the text without the headline that it opens with."""
    headline, text = annotated.segmented.headline, annotated.text
    if headline is None or headline.span is None:
        return text
    return (
        text[: headline.span.start].rstrip()
        + "\n" * (headline.span.start > 0)
        + text[headline.span.end :].lstrip()
    )


def _edges(lines: Sequence[str]) -> list[str]:
    """Return the first and last lines of a text, long ones cut to their ends."""
    first, last = _EDGE_LINES
    chosen = [*lines[:first], *lines[max(first, len(lines) - last) :]]
    return [part for line in chosen for part in _ends(line)]


def _ends(line: str) -> tuple[str, ...]:
    return (
        (line,) if len(line) <= _LONG_EDGE else (line[: _LONG_EDGE // 2], line[-_LONG_EDGE // 2 :])
    )


_FIRST_PERSON = frozenset(["i", "me", "my", "mine", "myself"])
_US = frozenset(["we", "us", "our", "ours", "ourselves"])
_READER = frozenset(["you", "your", "yours", "yourself"])


def voice_of(annotated: Annotated, small: Sequence[str]) -> WritersVoice:
    """Return the style of a text outside quotation marks; `small` are all its words in lower case."""
    verbs, objects = words_of("orders", "verb"), words_of("orders", "object")
    counts: Counter[str] = Counter()
    sentences = orders = 0
    for own in _unquoted(annotated, small):
        sentences += 1
        counts.update(own)
        orders += _orders(own, verbs, objects)
    words = sum(n for word, n in counts.items() if word[0].isalnum() or len(word) > 1)
    hundred = max(words, 1) / 100

    def rate(group: frozenset[str]) -> float:
        return sum(map(counts.__getitem__, group)) / hundred

    scored = sum(not s.furniture for s in annotated.segmented.sentences)
    return WritersVoice(
        words=words,
        writer=rate(_FIRST_PERSON),
        us=rate(_US),
        reader=rate(_READER),
        orders=orders / max(sentences, 1),
        vouched=_vouched(annotated) / max(scored, 1),
        named=any(s.source_class == "named_person" for s in annotated.sources),
    )


def _unquoted(annotated: Annotated, small: Sequence[str]) -> Iterator[list[str]]:
    """Yield the unquoted words of each sentence except furniture; `small` are all words in lower case."""
    segmented = annotated.segmented
    starts = segmented.tokens.starts
    gaps: list[int] = []  # bounds of the quoted tokens
    for quotation in segmented.quotations:
        if quotation.depth == 0:
            gaps += bisect_left(starts, quotation.start), bisect_left(starts, quotation.end)
    for sentence in segmented.sentences:
        if sentence.furniture:
            continue
        own: list[str] = []
        at = sentence.first
        number = bisect_right(gaps, at)
        inside = number % 2 == 1
        while at < sentence.last:
            end = min(gaps[number], sentence.last) if number < len(gaps) else sentence.last
            if not inside:
                own += small[at:end]
            at, number, inside = end, number + 1, not inside
        if own:
            yield own


def _orders(words: Sequence[str], verbs: frozenset[str], objects: frozenset[str]) -> bool:
    """Tell whether a sentence tells the reader to do something: it begins with a verb in the imperative and its object."""
    opening = [word for word in words[:6] if word[0].isalpha()]
    while len(opening) > 2 and opening[0] in _BEFORE:
        del opening[0]
    if len(opening) < 2:
        return False
    return opening[0] in {"don't", "let's"} or (opening[0] in verbs and opening[1] in objects)


_BEFORE = frozenset(
    "then next now finally first and so just please simply always never but instead once".split()  # noqa: SIM905
)


def _vouched(annotated: Annotated) -> int:
    """Return the number of sentences in which an attribution to somebody begins."""
    starts = [s.start for s in annotated.segmented.sentences]
    told = (a.start for a in annotated.attributions if a.source_class not in {None, "vague"})
    return len({bisect_right(starts, start) for start in told})


def _spoken(voice: WritersVoice) -> Counter[str]:
    """Return the points of kinds that are recognised by their style."""
    found: Counter[str] = Counter()
    alone = voice.vouched < _ALONE
    if alone:
        advice = (voice.orders >= _ORDERS) + (voice.reader >= _READER_RATE)
        found["how-to"] = 0 if voice.named else advice  # a call to act quotes somebody by name
        found["review"] = int(max(voice.writer, voice.us, voice.reader) >= _PERSONAL)
    if voice.words >= _LEAST_VOICE:
        found["essay"] = 2 * (voice.vouched < _VOUCHED and voice.writer >= _WRITER_RATE)
    return found


_LEAST_VOICE = 120
"""The least words outside quotation marks for these rates to be used."""
_ALONE = 0.15
"""Share of sentences with an attribution below which only the writer speaks."""
_ORDERS, _READER_RATE, _PERSONAL, _WRITER_RATE = 0.2, 3.0, 0.5, 4.0
"""Measured on 1,500 news articles of four corpora, of which few reach them, and on invented texts of these kinds."""


def _laid_out(lines: Sequence[str]) -> Counter[str]:
    """Return the points of kinds that are recognised by their lines: verse, questions and answers, speakers."""
    found: Counter[str] = Counter()
    if len(lines) < _LEAST_LINES:
        return found
    asked = sum(line.endswith("?") and not follow.endswith("?") for line, follow in pairwise(lines))
    if asked >= _LEAST_ASKED and asked >= 0.35 * len(lines):
        found["transcript"] += 2
    speakers = Counter(line for line in lines if len(line) <= 40 and _SPEAKER.fullmatch(line))
    turns = [count for count in speakers.values() if count >= 2]
    if len(turns) >= 2 and sum(turns) >= max(_LEAST_ASKED, 0.2 * len(lines)):
        found["transcript"] += 2
    verse = sum(
        len(line) <= 60 and len(_SMALL_WORD.findall(line)) >= 3 and line[-1] not in ".:"
        for line in lines
    )
    if verse >= _LEAST_VERSE and verse >= 0.7 * len(lines):
        found["lyrics"] += 2
    return found


_LEAST_LINES, _LEAST_ASKED, _LEAST_VERSE = 8, 5, 10
_SMALL_WORD = re.compile(r"\b[a-z']{1,12}\b")
_SPEAKER = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){0,3}:?")
