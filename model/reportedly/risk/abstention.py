"""When to give no risk: texts that the risk model cannot judge.

Each check takes one annotated article and returns the reason for abstaining, or None. They
concern only the risk; signals are always computed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

import numpy as np

from reportedly.datamodel import Annotated
from reportedly.datamodel.arrays import Floats
from reportedly.risk.genres import body_of, genre
from reportedly.risk.style_features import style_features

LEAST_WORDS = 60
"""The least words of a text for a risk; below, rates per 100 words are noise."""
_LEAST_FUNCTION_WORDS = 18.0
"""English prose has 35 to 50 grammatical words per 100; headlines and lists have fewer, other languages none."""
_OWN_WORDS = (
    "I think", "I believe", "I feel", "I argue", "I suspect", "I hope", "I fear", "I wonder", "I urge",
    "in my view", "in my opinion",
    "the views expressed", "the author is", "the writer is", "is a columnist",
)  # fmt: skip
_OWN_VIEW = re.compile(rf"\b(?:{'|'.join(_OWN_WORDS)})\b")
_SATIRE = re.compile(  # begins with a set of characters, so that the search can skip to them
    r"[sphſSPH](?<!\w\w)(?i:(?<=s)(?:atire|atirical|poof)|(?<=p)arody|(?<=h)umou?r (?:site|column))\b"
)
_MOST_UNKNOWN = 0.4
"""Share of unknown plain words from which a text with few English function words counts as another language."""
_LEAST_LETTERS = 20
_SPEAKER = re.compile(
    r"^[^\S\n]*(?:[A-Z][A-Z .'’\-]{2,30}|[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,3}|Q|A)(?: \([^)]{1,40}\))?:\s",
    re.MULTILINE,
)


_LEAST_FIRST_PERSON = 0.5
"""First-person words per 100 words up to which a text is never opinion."""

_LEAST_TURNS = 5
"""The least lines with a speaker's name in a transcript."""

_FARTHER = 2.0
"""How far outside the range of training a text may be. Measured on families that the range was not set by: at 1 it
excludes 1.1 % of news, mostly emphatic and short, at 2 0.1 %, and it catches no more other texts at 1 (``docs/risk.md``)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The range of the training texts: share of rare words, distance of the features, and score of satire.

    `satire_weights` has one entry per column of words, or none if there was no satire in training.
    """

    rare_share: float = 0.25
    distance: float = 4.0
    satire: float = 1e9
    satire_weights: Floats = field(default_factory=lambda: np.zeros(0))


def abstain(
    annotated: Annotated,
    limits: Limits,
    *,
    style: Floats,
    rare: float,
    distance: float,
    satire: float = 0.0,
) -> str | None:
    """Return why there is no risk for this article; None if there is one.

    `style` is its row of style features, `rare` its share of words that the vocabulary lacks, `distance` the mean square of its standardised
    features, `satire` the satire model's score.
    """
    foreign = not_english(annotated, style, rare)
    if foreign is not None:
        return foreign
    words = _words(annotated, LEAST_WORDS)
    if words < LEAST_WORDS:
        whole = len(annotated.segmented.tokens) >= LEAST_WORDS  # the other words are page furniture
        return (genre(annotated) if whole else None) or (
            f"too short: {words} words, expected at least {LEAST_WORDS}"
        )
    if style[_column("style_function_word")] < _LEAST_FUNCTION_WORDS:
        return genre(annotated) or "not prose: too few grammatical words, as in lists and tables"
    return (
        _transcript(annotated)
        or _satire(annotated, satire, limits)
        or genre(annotated)
        or _opinion(annotated, style[_column("style_first_person")])
        or _far(rare, distance, limits)
    )


def not_english(annotated: Annotated, style: Floats, rare: float) -> str | None:
    """Return why the text is not taken for English, or None.

    `style` is its row of style features, `rare` its share of words that the vocabulary lacks.
    """
    letters = [c for c in annotated.text[:_SAMPLE] if c.isalpha()]
    if len(letters) < _LEAST_LETTERS:
        return None
    if sum(c < "\u0250" for c in letters) < 0.5 * len(letters):
        return "not English: most of its letters are not Latin ones"
    grammatical = style[_column("style_function_word")]
    if grammatical < _LEAST_FUNCTION_WORDS and rare > _MOST_UNKNOWN:
        return f"not English: {rare:.0%} of its words are unknown, and few are English grammatical words"
    return None


_SAMPLE = 5_000
"""How many code points of a text are checked for their letters."""


@cache
def _column(name: str) -> int:
    """Return the index of the style feature `name` in its row."""
    return [feature.name for feature in style_features()].index(name)


def _words(annotated: Annotated, enough: int) -> int:
    """Return the number of words that are not page furniture, counted until there are `enough`."""
    forms = annotated.segmented.tokens.forms
    words = 0
    for sentence in annotated.segmented.sentences:
        if not sentence.furniture:
            words += sum(form[0].isalnum() for form in forms[sentence.first : sentence.last])
            if words >= enough:
                break
    return words


def _transcript(annotated: Annotated) -> str | None:
    """Return the reason for texts in which every few lines name the next speaker."""
    if annotated.text.count(":") < _LEAST_TURNS:  # a speaker's name ends with a colon
        return None
    turns = len(_SPEAKER.findall(body_of(annotated)))
    if turns >= _LEAST_TURNS and turns >= 0.3 * len(annotated.segmented.paragraphs):
        return f"a transcript: {turns} lines begin with a speaker's name"
    return None


def _satire(annotated: Annotated, score: float, limits: Limits) -> str | None:
    """Return the reason for texts that call themselves satire, or read like it."""
    text, headline = body_of(annotated), annotated.segmented.headline
    edges = (headline.text if headline else "", text[:200], text[-400:])
    if _SATIRE.search("\n".join(edges)):
        return "satire: the text says so"
    return "satire: it reads like satire" if score > limits.satire else None


def _opinion(annotated: Annotated, first_person: float) -> str | None:
    """Return the reason for texts that argue in the first person, by words per 100 words."""
    if first_person <= _LEAST_FIRST_PERSON or not any(
        words in annotated.text for words in _OWN_WORDS
    ):
        return None
    starts = [q.start for q in annotated.segmented.quotations]
    ends = [0, *accumulate((q.end for q in annotated.segmented.quotations), max)]
    places = [m.start() for m in _OWN_VIEW.finditer(annotated.text)]
    own = sum(ends[bisect_right(starts, place)] <= place for place in places)
    if own >= 2:
        return f"opinion: the writer argues in the first person ({own} times)"
    return None


def _far(rare: float, distance: float, limits: Limits) -> str | None:
    """Return the reason for texts unlike anything that the model was trained on."""
    if rare > limits.rare_share:
        return f"far from anything trained on: {rare:.0%} of its words are unknown"
    if distance > _FARTHER * limits.distance:
        return (
            "far from anything trained on: its style and sourcing lie outside the range of training"
        )
    return None
