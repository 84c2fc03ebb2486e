"""Features of style and form: one row per document, insensitive to its length.

Each distinct word form is processed once and cached as a row of attributes (which lists it is on,
how many letters and syllables it has, how it is written); a document's features are sums over
those rows. Page furniture is left out throughout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.datamodel import ReasonFamily, Segmented
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.lexicons.loader import load
from reportedly.reading.headlines import body_length

_WINDOW = 50
"""Words per window of lexical variety."""
_VOWELS = re.compile("[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Feature:
    """One column: its name, what it means, how it is computed, and where it comes from.

    `direction` is the sign that its effect on the risk may have: with 1 a greater value never lowers the risk, with -1
    it never raises it, 0 allows both. `family` is its kind of reason, one of five.
    """

    name: str
    meaning: str
    formula: str
    source: str
    direction: int = 0
    family: ReasonFamily = "manner"


_HORNE = "Horne & Adali 2017"

_SHAPES: tuple[tuple[str, str, Callable[[str], bool] | frozenset[str]], ...] = (
    ("capitals", "words in capitals", lambda w: len(w) > 3 and w.isupper()),
    ("number", "words with a digit", lambda w: not w.isalpha() and any(map(str.isdigit, w))),
    ("money", "signs of money and percentage", frozenset("$£€%")),
    ("name", "capitalised words", lambda w: w[:1].isupper() and w[1:2].islower()),
    ("past", "words in -ed", lambda w: w.endswith("ed") and len(w) > 4 and w.islower()),
    ("gerund", "words in -ing", lambda w: w.endswith("ing") and len(w) > 5 and w.islower()),
    ("adverb", "words in -ly", lambda w: w.endswith("ly") and len(w) > 4 and w.islower()),
    ("noun_abstract", "words in -tion, -ment, -ness, -ity", lambda w: len(w) > 6 and w.lower().endswith(("tion", "ment", "ness", "ity", "ism"))),
    ("exclamation", "exclamation marks", frozenset("!")),
    ("question", "question marks", frozenset("?")),
    ("comma", "commas", frozenset(",")),
    ("colon", "colons and semicolons", frozenset(":;")),
    ("dash", "dashes", frozenset({"–", "—", "--", "-"})),
    ("ellipsis", "ellipses", lambda w: w == "…" or (len(w) > 1 and not w.strip("."))),
    ("bracket", "brackets", frozenset("([)]")),
    ("web", "words of the web: addresses, handles, tags", frozenset({"@", "#", "http", "https", "www", "com"})),
)  # fmt: skip
"""Shapes of words: the name, what it counts, and the test of a word form, or the marks and lower-case words that have it."""


@cache
def _lists() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Return the word lists of style: name, meaning, words."""
    return tuple(
        (str(e.attributes["feature"]), str(e.attributes["meaning"]), frozenset(e.terms))
        for e in load("style").entries
    )


_FORM = (
    Feature("sentence_length", "how long the sentences are", "log of mean words a sentence", "Flesch 1948"),
    Feature("sentence_spread", "how much sentence length varies", "standard deviation of log words a sentence", "own"),
    Feature("paragraph_length", "how long the paragraphs are", "log of mean words a paragraph", "own"),
    Feature("word_length", "how long the words are", "mean letters a word", _HORNE),
    Feature("long_words", "share of long words", "100 * words of more than 8 letters / words", _HORNE),
    Feature("reading_ease", "readability", "Flesch reading ease / 10: 20.7 - 0.1 * words a sentence - 8.5 * syllables a word", "Flesch 1948"),
    Feature("variety", "lexical variety", "mean share of distinct words in windows of 50", "Johnson 1944; Covington & McFall 2010"),
    Feature("quoted", "share of the text inside quotation marks", "100 * quoted characters / characters", _HORNE),
    Feature("scare_quotes", "quotations of at most three words", "short quotations per 100 words", "own"),
    Feature("sentence_capital_runs", "sentences with two or more words in capitals", "such sentences per 100 sentences", "own"),
    Feature("sentence_short", "very short sentences", "sentences of at most five words per 100 sentences", "own"),
    Feature("sentence_question", "sentences that ask", "sentences with a question mark per 100 sentences", _HORNE),
    Feature("sentence_exclaim", "sentences that shout", "sentences with an exclamation mark per 100 sentences", _HORNE),
    Feature("headline_loud", "emphasis in the headline", "exclamation marks, question marks and words in capitals in the headline; 0 without one", _HORNE),
    Feature("headline_address", "persons in the headline", "first and second person words in the headline; 0 without one", _HORNE),
)  # fmt: skip


@cache
def style_features() -> tuple[Feature, ...]:
    """Return the columns of :func:`style_row`, in order."""
    lists = [
        Feature(f"style_{name}", meaning, f"words of the list `{name}` per 100 words", "lexicons/style.toml")
        for name, meaning, _ in _lists()
    ]  # fmt: skip
    shapes = [
        Feature(f"style_{name}", what, f"{what} per 100 words", _HORNE) for name, what, _ in _SHAPES
    ]
    forms = [Feature(f"style_{f.name}", f.meaning, f.formula, f.source) for f in _FORM]
    return (*lists, *shapes, *forms)


_EXTRA = 4
"""Attributes after lists and shapes: is a word, letters, syllables, is long."""


@cache
def _listed() -> Mapping[str, Sequence[int]]:
    """Return the attributes of each lower-case word or mark that a list or a shape contains."""
    named: dict[str, list[int]] = {}
    sets = [*(words for _, _, words in _lists()), *(test for _, _, test in _SHAPES)]
    for place, words in enumerate(sets):
        for word in words if isinstance(words, frozenset) else ():
            named.setdefault(word, []).append(place)
    return named


@cache
def _tests() -> tuple[tuple[int, Callable[[str], bool]], ...]:
    """Return the shapes of words that need a test, each with the attribute that it decides."""
    tests = enumerate((test for _, _, test in _SHAPES), len(_lists()))
    return tuple((place, test) for place, test in tests if not isinstance(test, frozenset))


def _attributes(forms: Sequence[str]) -> npt.NDArray[np.float32]:
    """Return the attributes of word forms, one row each: lists, shapes, and the four of ``_EXTRA``."""
    base = len(_lists()) + len(_SHAPES)
    table = np.zeros((len(forms), base + _EXTRA), np.float32)
    lowers = [form.lower().replace("’", "'") for form in forms]
    listed = _listed()
    marked = [(row, place) for row, form in enumerate(lowers) for place in listed.get(form, ())]
    for place, test in _tests():
        marked += [(row, place) for row, form in enumerate(forms) if test(form)]
    table[tuple(np.array(marked, np.int64).reshape(-1, 2).T)] = 1
    table[:, base:] = [_size(*pair) for pair in zip(forms, lowers, strict=True)]
    return table


def _size(form: str, lower: str) -> tuple[int, int, int, int]:
    """Return the attributes of ``_EXTRA``: is a word, letters, syllables, is long."""
    if not form.isalpha() and not any(map(str.isalnum, form)):
        return 0, 0, 0, 0
    syllables = len(_VOWELS.findall(lower))
    syllables -= lower.endswith("e") and not lower.endswith("le") and syllables > 1
    return 1, len(form), max(1, syllables), len(form) > 8


_ATTRIBUTES = WordCache(_attributes)


def scored_words(segmented: Segmented) -> TokenIds:
    """Return the words that are not page furniture, in order."""
    return token_ids(segmented.tokens.forms)[kept_tokens(segmented)]


def style_row(segmented: Segmented, words: TokenIds | None = None) -> Floats:
    """Return the features of one document, finite on any text, in the order of :func:`style_features`.

    `words` are its :func:`scored_words`, if already computed.
    """
    sentences = [s for s in segmented.sentences if not s.furniture]
    lists, shapes = len(_lists()), len(_SHAPES)
    row = np.zeros(lists + shapes + len(_FORM))
    if not sentences:
        return row
    words = scored_words(segmented) if words is None else words
    attributes = _ATTRIBUTES.of(words)
    ones = np.ones(len(words), np.float32)
    sums = (ones @ attributes).astype(np.float64)  # whole numbers below 2**24: exact
    row[: lists + shapes] = 100.0 * sums[: lists + shapes] / max(1.0, float(sums[lists + shapes]))
    row[lists + shapes :] = _form_row(segmented, attributes, sums, words.numbers)
    return row


def kept_tokens(segmented: Segmented) -> Bools:
    """Return which tokens are in sentences that are not page furniture."""
    sentences = segmented.sentences  # every token is in one sentence
    keep = np.array([not s.furniture for s in sentences], np.bool_)
    return np.repeat(keep, [s.last - s.first for s in sentences])


def _form_row(
    segmented: Segmented,
    attributes: npt.NDArray[np.float32],
    sums: Floats,
    indices: npt.NDArray[np.intp],
) -> Floats:
    """Return the features of form: lengths, readability, variety, quotation, headline.

    `attributes` are those of each kept token, `sums` their sums over the document, `indices` the tokens' forms.
    """
    base = len(_lists()) + len(_SHAPES)
    words = max(1.0, float(sums[base]))
    is_word = attributes[:, base]
    sentences = [s for s in segmented.sentences if not s.furniture]
    bounds = np.cumsum([0, *(s.last - s.first for s in sentences)])[:-1]
    lengths = np.maximum(1.0, np.add.reduceat(is_word, bounds))
    shapes = [len(_lists()) + _shape(name) for name in ("capitals", "exclamation", "question")]
    capital, exclaim, question = np.add.reduceat(attributes[:, shapes], bounds).T
    letters, syllables, long = sums[base + 1 :] / words
    per_sentence = words / len(sentences)
    paragraphs = len({s.paragraph for s in sentences})
    quoted, short = _quotation(segmented)
    marked = capital >= 2, lengths <= 5, question > 0, exclaim > 0
    return np.array(
        [
            np.log(per_sentence),
            np.log(lengths).std(),
            np.log(words / paragraphs),
            letters,
            100.0 * long,
            max(-20.0, 20.7 - 0.1015 * per_sentence - 8.46 * syllables),
            _variety(indices[is_word > 0]),
            quoted,
            100.0 * short / words,
            *(100.0 * (np.count_nonzero(mask) / len(sentences)) for mask in marked),
            *_headline(segmented.headline.text if segmented.headline else ""),
        ]
    )


@cache
def _shape(name: str) -> int:
    """Return the column of a shape."""
    return [shape[0] for shape in _SHAPES].index(name)


def _quotation(segmented: Segmented) -> tuple[float, int]:
    """Return the percentage of the text that is quoted, and how many quotations are very short."""
    outer = [q for q in segmented.quotations if q.depth == 0]
    text = segmented.text
    quoted = sum(q.end - q.start for q in outer)
    short = sum(q.end - q.start < 40 and text.count(" ", q.start, q.end) < 3 for q in outer)
    return 100.0 * quoted / max(1, body_length(segmented)), short


def _variety(indices: npt.NDArray[np.intp]) -> float:
    """Return the mean share of distinct words in whole windows of 50, or of all words if fewer."""
    whole = len(indices) // _WINDOW
    if whole == 0:
        return float(len(set(indices.tolist())) / len(indices)) * 0.9 if len(indices) else 0.0
    windows = np.sort(indices[: whole * _WINDOW].reshape(whole, _WINDOW), axis=1)
    changes = int(np.count_nonzero(windows[:, 1:] != windows[:, :-1]))
    return float(changes + whole) / (whole * _WINDOW)


@cache
def _persons() -> frozenset[str]:
    """Return the pronouns of the first and second person."""
    persons = {"first_person", "first_person_plural", "second_person"}
    return frozenset(word for name, _, words in _lists() if name in persons for word in words)


def _headline(title: str) -> tuple[float, float]:
    """Return how emphatic the headline is and how often it mentions writer or reader; bounded."""
    words = title[:300].split()
    loud = title.count("!") + title.count("?") + sum(len(w) > 3 and w.isupper() for w in words)
    persons = sum(w.lower().strip(".,!?:;\"'“”‘’") in _persons() for w in words)
    return float(min(loud, 4)), float(min(persons, 3))
