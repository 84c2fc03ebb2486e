"""Which attributions are statements: reported speech, writing, thought or knowledge, not attitudes and deeds.

The attribution tagger follows PolNeAR (Newell et al. 2018), where wants, endorsements and plans count as
attributions too; a reader who asks "who says so" wants statements alone. A logistic regression over cue,
source and quotation state tells them apart. It also weighs candidates that the tagger passed over: a noun
for people, a body or a document beside a reporting verb, "according to", and hearsay without a source.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.attribution import verb_kinds
from reportedly.datamodel import Attribution, Span
from reportedly.mentions import lists
from reportedly.names import Article, sentence_at
from reportedly.references import Step, hearsay_patterns, is_hearsay_cue

_SAYING = frozenset({"say", "announce", "ask", "claim", "write", "show", "think"})
_SKIPPED = frozenset(
    [
        "has",
        "have",
        "had",
        "also",
        "later",
        "then",
        "has",
        "been",
        "previously",
        "recently",
        "reportedly",
        "already",
        "first",
        "again",
        "now",
        "just",
        "who",
        "further",
        "repeatedly",
        "earlier",
        "who’ve",
        "on",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ]
)
_NP_ENDS = frozenset(
    [
        ",",
        ";",
        ":",
        ".",
        "!",
        "?",
        "”",
        "“",
        '"',
        "(",
        ")",
        "—",
        "–",
        "-",
        "that",
        "as",
        "and",
        "but",
        "while",
        "when",
        "if",
        "because",
        "although",
        "after",
        "before",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "has",
        "have",
        "had",
        "will",
        "would",
        "said",
        "says",
        "told",
        "to",
        "he",
        "she",
        "it",
        "they",
    ]
)
_HEARSAY_ADVERBS = frozenset(["reportedly", "allegedly", "purportedly", "supposedly"])
_NO_VERBS = frozenset(["regarding", "considering", "following", "concerning"])
_FIRST_PERSON = frozenset(["I", "We", "we", "me", "us", "my", "our", "My", "Our"])
_LONGEST_SOURCE = 10
FLOORS = {"unnamed": 0.3, "vague": 0.3}
"""Probability from which an attribution to such a source is a statement; chosen on annotated news."""

FLOOR = 0.42
"""The same for all other classes."""


@lru_cache(maxsize=1)
def _reporting_words() -> Mapping[str, str]:
    """Return the words that candidates are looked for beside, and their kinds; "to" for "according to"."""
    words = {word: kind for word, kind in verb_kinds().items() if kind in _SAYING}
    return {w: k for w, k in words.items() if w not in _NO_VERBS} | {"to": "according"}


def find_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return attributions that the tagger passed over; most of them are to be thrown away again."""
    return [*_verb_candidates(article, attributions), *_hearsay_candidates(article, attributions)]


def _verb_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return a noun phrase before or after each reporting verb that is no cue yet."""
    forms, starts = article.segmented.tokens.forms, article.segmented.tokens.starts
    ends, words = article.segmented.tokens.ends, _reporting_words()
    taken = sorted((s.start, s.end) for a in attributions for s in (*a.cue, *a.source))
    found: list[Attribution] = []
    for i in [i for i, form in enumerate(forms) if form in words]:
        according = forms[i] == "to"
        if according and (i == 0 or forms[i - 1] not in ("according", "According")):
            continue
        at = starts[i]
        if _inside(taken, at):
            continue
        sentence = article.segmented.sentences[sentence_at(article, at)]
        if sentence.furniture:
            continue
        span = None if according else _phrase_before(article, i, sentence.first)
        if span is None:
            span = _phrase_after(article, i, sentence.last)
        if span is None or _inside(taken, span.end - 1):
            continue
        cue = Span(starts[i - 1] if according else at, ends[i])
        found.append(Attribution((span,), (cue,), (sentence.span,), confidence=0.3))
    return found


def _inside(taken: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether `at` lies in one of the ranges of `taken`, which are sorted."""
    before = bisect_right(taken, (at, 1 << 60)) - 1
    return before >= 0 and at < taken[before][1]


def _phrase_before(article: Article, verb: int, first: int) -> Span | None:
    """Return the noun phrase before a verb, if it can be a source."""
    forms, tokens = article.segmented.tokens.forms, article.segmented.tokens
    end = verb
    while end > first and forms[end - 1].lower() in _SKIPPED:
        end -= 1
    begin = end
    while begin > max(first, end - _LONGEST_SOURCE) and forms[begin - 1].lower() not in _NP_ENDS:
        begin -= 1
    return tokens.span(begin, end) if begin < end and _speaks(forms[begin:end]) else None


def _phrase_after(article: Article, verb: int, last: int) -> Span | None:
    """Return the noun phrase after a verb, if it can be a source."""
    forms, tokens = article.segmented.tokens.forms, article.segmented.tokens
    end = verb + 1
    while end < min(last, verb + 1 + _LONGEST_SOURCE) and forms[end].lower() not in _NP_ENDS:
        end += 1
    return tokens.span(verb + 1, end) if end > verb + 1 and _speaks(forms[verb + 1 : end]) else None


def _speaks(words: Sequence[str]) -> bool:
    """Tell whether a phrase holds a name or a noun that can be a source."""
    nouns = lists().nouns
    if _FIRST_PERSON.intersection(words):
        return False
    return any(word in nouns or word[0].isupper() for word in words)


def _hearsay_candidates(article: Article, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return an attribution to nobody for each sentence with "reportedly" and its like."""
    pattern, triggers = hearsay_patterns()
    forms = article.segmented.tokens.forms
    if triggers.isdisjoint(forms):
        return []
    text = article.segmented.text
    found = []
    for sentence in article.segmented.sentences:
        if sentence.furniture or triggers.isdisjoint(forms[sentence.first : sentence.last]):
            continue
        match = pattern.search(text, sentence.start, sentence.end)
        if match is None:
            continue
        cue = Span(*match.span())
        if any(s.overlaps(cue) and not a.source for a in attributions for s in a.cue):
            continue
        around = (Span(sentence.start, cue.start), Span(cue.end, sentence.end))
        content = tuple(s for s in around if s.end - s.start > 2)
        found.append(Attribution((), (cue,), content, confidence=0.2))
    return found


def features(
    article: Article, step: Step, attribution: Attribution, source_class: str
) -> list[str]:
    """Return the names of the features that tell whether an attribution is a statement."""
    words = step.cue.split()
    kinds = verb_kinds()
    kind = next((k for w in reversed(words) if (k := kinds.get(w))), "")
    mention = step.mention
    length = sum(s.end - s.start for s in attribution.content)
    start = (attribution.cue or attribution.source or attribution.content)[0].start
    quoted = _quoted(article, start, attribution.content)
    sure = int(attribution.confidence * 10)
    after = attribution.cue[-1].end if attribution.cue else start
    follows = article.segmented.text[after : after + 6].strip()[:4]
    last = words[-1] if words else "_"
    hearsay = is_hearsay_cue(step.cue) or bool(_HEARSAY_ADVERBS.intersection(words))
    return [
        f"hs={hearsay}{mention.kind}", f"hsr={hearsay}{source_class}", "mh=" + mention.head + kind, f"sr={sure}{source_class}",
        f"c={sure}", "k=" + kind, "r=" + source_class, "m=" + mention.kind, "rk=" + source_class + kind,
        f"ck={sure}{kind}", f"q={quoted}", f"qk={quoted}{kind}", f"l={min(length // 40, 6)}", "h=" + mention.head,
        "t=" + str(follows == "that"), "w1=" + (words[0] if words else "_"), "wl=" + last, "rm=" + source_class + mention.kind,
        f"f={mention.flags}{mention.plural}{mention.determiner}", "wr=" + last + source_class, f"n={len(words)}",
        *("w=" + w for w in words),
    ]  # fmt: skip


def _quoted(article: Article, at: int, content: Sequence[Span]) -> bool:
    """Tell whether some of `content` is quoted in the sentence at offset `at` or a neighbour."""
    quotations = article.segmented.quotations
    if not quotations or not content:
        return False
    number, sentences = sentence_at(article, at), article.segmented.sentences
    low = sentences[max(0, number - 1)].start
    high = sentences[min(len(sentences) - 1, number + 1)].end
    for i in range(bisect_left(quotations, high, key=_start) - 1, -1, -1):
        quotation = quotations[i]
        if quotation.end <= low:
            break
        if any(quotation.start < s.end and s.start < quotation.end for s in content):
            return True
    return False


_start = attrgetter("start")


@dataclass(frozen=True, slots=True)
class StatementModel:
    """Weights of features for and against being a statement; the last weight is the intercept."""

    rows: Mapping[str, int]
    weights: NDArray[np.float32]

    def probabilities(self, found: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the probability that each attribution is a statement."""
        get = self.rows.get
        weights = self.weights.tolist()
        sums = [
            weights[-1] + sum(weights[row] for n in names if (row := get(n, -1)) >= 0)
            for names in found
        ]
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(sums, -30, 30)))
        return chances

    def keeps(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> list[bool]:
        """Return which attributions are statements; those without an entity are none."""
        taken = [i for i, step in enumerate(steps) if step.entity is not None]
        found: list[list[str]] = []
        floors: list[float] = []
        for i in taken:
            entity = steps[i].entity
            assert entity is not None
            found.append(features(article, steps[i], attributions[i], entity.source_class))
            floors.append(FLOORS.get(entity.source_class, FLOOR))
        kept = [False] * len(steps)
        for i, chance, floor in zip(taken, self.probabilities(found), floors, strict=True):
            kept[i] = bool(chance >= floor)
        return kept

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays."""
        names = sorted(self.rows, key=self.rows.__getitem__)
        text = "\n".join(names).encode("utf-8")
        return {
            "features": np.frombuffer(text, dtype=np.uint8).copy(),
            "weights": self.weights.astype(np.float16),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> StatementModel:
        """Return the model that :meth:`to_arrays` gave."""
        names = arrays["features"].tobytes().decode("utf-8").split("\n")
        rows = {name: row for row, name in enumerate(names)}
        return cls(rows, arrays["weights"].astype(np.float32))
