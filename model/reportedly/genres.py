"""What a text is that is no news report: a recipe, a letters page, an error page, a column.

A kind is told by evidence of several sorts, none of them its subject: what the text calls itself, lines that only
such texts have (``lexicons/genres.toml``), and how it speaks outside quotation marks: to the reader, of the writer, in
orders, in questions. A text in which others are quoted all along is a report, unless it calls itself something else.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from reportedly.datamodel import Annotated
from reportedly.lexicon import load

_ENOUGH = 2
"""Points from which a kind is told."""
_EDGE_LINES = (3, 5)
"""Lines at the beginning and the end of a text where it says what it is."""
_LONG_EDGE = 400
_MOST = 200_000
"""Code points of a text that are looked at: what it is shows early."""

_NAMES: Mapping[str, str] = {
    "opinion": "opinion: the text says so",
    "argument": "opinion: it argues, and quotes hardly anybody",
    "essay": "a personal essay: the writer tells of themselves",
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
"""What a report says of each kind."""

_QUOTING = frozenset({"advertorial", "press release", "transcript", "death notice", "product page"})
"""Kinds in which people are quoted as in reports."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How a text speaks outside quotation marks, per 100 words: of the writer, of us, to the reader, what ought to be.

    `contractions` are n't and its like; `orders` and `questions` are shares of sentences; `vouched` is the share of
    sentences with an attribution; `sentences` and `words` tell how much there is.
    """

    words: int
    sentences: int
    writer: float
    us: float
    reader: float
    ought: float
    contractions: float
    orders: float
    questions: float
    vouched: float


@dataclass(frozen=True, slots=True)
class _Evidence:
    kind: str
    where: str
    points: int
    least: int
    words: tuple[str, ...]
    pattern: re.Pattern[str]


def genre(annotated: Annotated) -> str | None:
    """Return what the text is, in words, if it is no news report; else None."""
    points = _points(annotated)
    voice = voice_of(annotated)
    points += _spoken(voice)
    points += _laid_out(annotated)
    told = [(count, kind) for kind, count in points.items() if count >= _needed(kind, voice)]
    return _NAMES[max(told)[1]] if told else None


def _needed(kind: str, voice: Voice) -> int:
    """Return the points that tell a kind: more where the text quotes others all along, as a report does."""
    if kind in _QUOTING or voice.vouched < _VOUCHED:
        return _ENOUGH
    return _ENOUGH + 1


_VOUCHED = 0.35
"""Share of sentences with an attribution from which a text quotes others all along."""


@cache
def _entries() -> tuple[_Evidence, ...]:
    """Return the evidence of the lexicon."""
    return tuple(
        _Evidence(
            str(entry.attributes["kind"]),
            str(entry.attributes["where"]),
            int(entry.attributes["points"]),
            int(entry.attributes.get("least", 1)),
            tuple(entry.attributes.get("words", ())),
            entry.matcher(),
        )
        for entry in load("genres").entries
    )


def _points(annotated: Annotated) -> Counter[str]:
    """Return the points of each kind by what stands in the headline, at the edges and in the body."""
    headline = annotated.segmented.headline
    body = body_of(annotated)
    places = {
        "title": headline.text[:300] if headline else "",
        "edges": _edges(body),
        "body": body[:_MOST],
    }
    found: Counter[str] = Counter()
    for evidence in _entries():
        text = places[evidence.where]
        if evidence.words and not any(word in text for word in evidence.words):
            continue
        if _matches(evidence, text):
            found[evidence.kind] += evidence.points
    return found


def _matches(evidence: _Evidence, text: str) -> bool:
    """Tell whether the evidence is there as often as it takes."""
    if evidence.least == 1:
        return evidence.pattern.search(text) is not None
    return sum(1 for _, _ in zip(evidence.pattern.finditer(text), range(evidence.least))) >= evidence.least  # noqa: B905 - the shorter one ends it


def body_of(annotated: Annotated) -> str:
    """Return the text without the headline that it opens with."""
    headline, text = annotated.segmented.headline, annotated.text
    if headline is None or headline.span is None:
        return text
    return text[: headline.span.start].rstrip() + "\n" * (headline.span.start > 0) + text[headline.span.end :].lstrip()


def _edges(body: str) -> str:
    """Return the first and last lines of a text, the long ones cut."""
    lines = [line.strip() for line in (body[:4000] + "\n" + body[-4000:]).split("\n") if line.strip()] if len(body) > 8000 else [line.strip() for line in body.split("\n") if line.strip()]
    first, last = _EDGE_LINES
    chosen = lines[:first] + lines[max(first, len(lines) - last) :]
    return "\n".join(line[:_LONG_EDGE] if len(line) <= _LONG_EDGE else f"{line[:200]}\n{line[-200:]}" for line in chosen)


_WRITER = frozenset("i me my mine myself".split())
_US = frozenset("we us our ours ourselves".split())
_READER = frozenset("you your yours yourself".split())
_OUGHT = frozenset("should must ought shouldn't mustn't".split())
_CLITICS = frozenset(["'re", "'ve", "'ll", "'m", "'d"])


def voice_of(annotated: Annotated) -> Voice:
    """Return how a text speaks outside quotation marks."""
    segmented = annotated.segmented
    forms, starts = segmented.tokens.forms, segmented.tokens.starts
    quotations = iter([(q.start, q.end) for q in segmented.quotations if q.depth == 0])
    begin, end = next(quotations, (1 << 60, 1 << 60))
    counts: Counter[str] = Counter()
    words = sentences = orders = questions = 0
    verbs, objects = _verbs()
    for sentence in segmented.sentences:
        if sentence.furniture:
            continue
        own: list[str] = []
        for number in range(sentence.first, sentence.last):
            at = starts[number]
            while at >= end:
                begin, end = next(quotations, (1 << 60, 1 << 60))
            if at < begin:
                own.append(forms[number])
        plain = [form.lower().replace("’", "'") for form in own if form[0].isalnum() or form[0] in "'’"]
        if not plain:
            continue
        sentences += 1
        words += len(plain)
        counts.update(plain)
        questions += own[-1] == "?" or (len(own) > 1 and own[-2] == "?")
        orders += _orders(plain, verbs, objects)
    hundred = max(words, 1) / 100

    def rate(group: frozenset[str]) -> float:
        return sum(counts[word] for word in group) / hundred

    contracted = sum(n for word, n in counts.items() if word.endswith("n't") or word in _CLITICS)
    scored = sum(not s.furniture for s in segmented.sentences)
    return Voice(
        words, sentences, rate(_WRITER), rate(_US), rate(_READER), rate(_OUGHT), contracted / hundred,
        orders / max(sentences, 1), questions / max(sentences, 1), _vouched(annotated) / max(scored, 1),
    )  # fmt: skip


@cache
def _verbs() -> tuple[frozenset[str], frozenset[str]]:
    """Return the verbs that orders begin with, and the words that follow them there."""
    words = load("orders")
    return frozenset(words.of_kind("verb")), frozenset(words.of_kind("object"))


def _orders(words: list[str], verbs: frozenset[str], objects: frozenset[str]) -> bool:
    """Tell whether a sentence tells the reader to do something: it begins with a plain verb and what that takes."""
    at = 0
    while at < min(2, len(words) - 1) and words[at] in {"then", "next", "now", "finally", "first", "and", "so", "just", "please", "simply", "always", "never", "but", "instead", "once"}:
        at += 1
    head = words[at]
    if head in {"don't", "let's"}:
        return True
    return head in verbs and len(words) > at + 1 and words[at + 1] in objects


def _vouched(annotated: Annotated) -> int:
    """Return the number of sentences with an attribution to somebody."""
    starts = [s.start for s in annotated.segmented.sentences]
    from bisect import bisect_right

    return len({bisect_right(starts, a.start) for a in annotated.attributions if a.source_class is not None and a.source_class != "vague"})


def _spoken(voice: Voice) -> Counter[str]:
    """Return the points of kinds that are told by their voice."""
    found: Counter[str] = Counter()
    if voice.words < 50:
        return found
    if voice.orders >= 0.2 and voice.vouched < 0.15:
        found["how-to"] += 1
    if voice.reader >= 3.0 and voice.vouched < 0.15:
        found["how-to"] += 1
    if voice.writer >= 3.0 and voice.vouched < 0.3:
        found["essay"] += 2
    if voice.vouched < 0.15 and _argues(voice) >= 4.0:
        found["argument"] += 2
    if voice.writer >= 0.5 or voice.us >= 0.5 or voice.reader >= 0.5:
        found["review"] += voice.vouched < 0.15
    return found


def _argues(voice: Voice) -> float:
    """Return how much a text speaks as somebody who argues with the reader, per 100 words."""
    return voice.us + voice.reader + voice.writer + 1.5 * voice.ought + 0.7 * voice.contractions + 8 * voice.questions + 8 * voice.orders


def _laid_out(annotated: Annotated) -> Counter[str]:
    """Return the points of kinds that are told by their lines: verse, questions and answers, speakers."""
    lines = [line.strip() for line in body_of(annotated)[:_MOST].split("\n") if line.strip()]
    found: Counter[str] = Counter()
    if len(lines) < 8:
        return found
    asked = sum(line.endswith("?") and not follow.endswith("?") for line, follow in pairwise(lines))
    if asked >= 5 and asked >= 0.35 * len(lines):
        found["transcript"] += 2
    speakers = Counter(line for line in lines if len(line) <= 40 and _SPEAKER.fullmatch(line))
    turns = sum(n for n in speakers.values() if n >= 2)
    if turns >= 5 and turns >= 0.2 * len(lines):
        found["transcript"] += 2
    verse = sum(12 <= len(line) <= 60 and line[-1] not in ".:" and line[0].isalpha() for line in lines)
    if verse >= 10 and verse >= 0.7 * len(lines):
        found["lyrics"] += 2
    return found


_SPEAKER = re.compile(r"[A-ZÀ-Þ][\w.'’-]*(?: [A-ZÀ-Þ][\w.'’-]*){0,3}:?")
