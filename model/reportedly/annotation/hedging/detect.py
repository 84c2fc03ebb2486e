"""Hedges: words that weaken commitment to a proposition of fact, distinguished from other uses of the same words.

A lexicon names the candidates (``lexicons/hedges.toml``). A linear model over the words around each candidate says how
likely it hedges: *may* of permission and the month, *could* of ability, *would* of habit, *about* that approximates
nothing are unlikely. The reader's tags (:mod:`reportedly.annotation.hedging.tagged`) are weighed with this probability
and give kind and voice; the scope is the clause of the cue.

Candidate classification in context follows Szarvas (2008), Hedge classification in biomedical texts
with a weakly supervised selection of keywords, ACL, and the systems of the CoNLL-2010 shared task
(Farkas et al. 2010); the definitions are those of ``docs/signals.md``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from reportedly.annotation.hedging.senses import is_other_sense
from reportedly.annotation.hedging.tagged import (
    HedgeSpanModel,
    HedgeTags,
    ListedCues,
    find_cues,
)
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import (
    MONEY,
    NUMBER,
    NUMBER_WORD,
    QUOTE,
    Codes,
    WordClasses,
    WordFeatures,
    bucket,
    logistic,
    mix,
    template_codes,
    word_features,
    word_hash,
)
from reportedly.datamodel import HEDGE_KINDS, Hedge, HedgeKind
from reportedly.datamodel.arrays import Bools, Floats32, Ints
from reportedly.lexicons.loader import load
from reportedly.reading.segmentation import tokenise

HEDGE_BITS = 20
"""The feature table has ``2 ** BITS`` buckets."""

_STEM = 6
"""How many first letters of a cue its inflections are taken to share."""

_LEFT, _RIGHT, _BAG = 4, 4, 9
"""Words of context to the left and right in order, and on either side as a bag."""


_LOW = np.uint64(0xFFFF)


def _pair(left: Codes, right: Codes) -> Codes:
    """Return 16 bits of a hash of each pair of words."""
    return (left + right * np.uint64(3)) & _LOW


@dataclass(frozen=True, slots=True)
class CueList:
    """Cue candidates as a look-up: first word's hash -> (all the words' hashes, row), longest first.

    Row ``r`` is the candidate ``terms[r]`` of kind ``kinds[r]`` and group hash ``groups[r]``; `sure` tells which hedge in any context. `alone` and
    `pairs` tell, by 16 bits of a hash, which words and pairs of words can begin a candidate, so that most words of a
    text are excluded quickly.
    """

    terms: tuple[str, ...]
    kinds: tuple[HedgeKind, ...]
    hashes: Codes
    groups: Codes
    stems: Codes
    by_first: Mapping[int, tuple[tuple[list[int], int], ...]]
    alone: Bools
    pairs: Bools
    sure: tuple[bool, ...]

    def __len__(self) -> int:
        return len(self.terms)

    def beginnings(self, spelling: Codes) -> list[int]:
        """Return where in the words `spelling` a candidate may begin."""
        starts = self.alone[spelling & _LOW]
        starts[:-1] |= self.pairs[_pair(spelling[:-1], spelling[1:])]
        return np.flatnonzero(starts).tolist()


@dataclass(frozen=True, slots=True)
class Candidates:
    """Places where a cue of the list occurs: token ranges ``[first, last)`` and rows of the list."""

    first: Ints
    last: Ints
    row: Ints

    def __len__(self) -> int:
        return len(self.first)

    def __getitem__(self, part: slice) -> Candidates:
        """Return a slice of the candidates."""
        return Candidates(self.first[part], self.last[part], self.row[part])


@dataclass(frozen=True, slots=True)
class Context:
    """The input of the features of a candidate: the words and the place of each token."""

    words: WordFeatures
    sentence_first: Ints
    sentence_last: Ints
    quoted: Bools


def cue_list(
    terms: Sequence[tuple[str, HedgeKind, str]], sure: frozenset[str] = frozenset()
) -> CueList:
    """Return the table by which `terms` are found: words, kind and group of each; those in `sure` are hedges in any context."""
    unique = {term.lower(): (kind, group) for term, kind, group in reversed(terms)}
    names = tuple(unique)
    by_first: dict[int, list[tuple[list[int], int]]] = {}
    alone, pairs = np.zeros(1 << 16, np.bool_), np.zeros(1 << 16, np.bool_)
    for row, term in enumerate(names):
        hashes = [word_hash(form) for form in tokenise(term).forms]
        by_first.setdefault(hashes[0], []).append((hashes, row))
        if len(hashes) == 1:
            alone[hashes[0] & 0xFFFF] = True
        else:
            pairs[_pair(*np.array(hashes[:2], np.uint64))] = True
    return CueList(
        terms=names,
        kinds=tuple(kind for kind, _ in unique.values()),
        hashes=np.array([word_hash(term) for term in names], np.uint64),
        groups=np.array([word_hash("\x00".join(pair)) for pair in unique.values()], np.uint64),
        stems=np.array([word_hash(term[:_STEM]) for term in names], np.uint64),
        by_first={
            key: tuple(sorted(found, key=lambda pair: -len(pair[0])))
            for key, found in by_first.items()
        },
        alone=alone,
        pairs=pairs,
        sure=tuple(name in sure for name in names),
    )


@cache
def default_cues() -> CueList:
    """Return the cue candidates of ``lexicons/hedges.toml``."""
    return cue_list(
        [
            (term, entry.attributes["kind"], entry.attributes["group"])
            for entry in load("hedges").entries
            for term in entry.terms
        ],
        frozenset(
            term.lower()
            for entry in load("hedges").entries
            if entry.attributes.get("sure")
            for term in entry.terms
        ),
    )


def context_of(layout: DocBatch) -> Context:
    """Return the words of the documents of `layout` with the place of each token in its sentence and in quotations."""
    return Context(
        words=word_features(layout.words),
        sentence_first=layout.first[layout.sentence],
        sentence_last=layout.last[layout.sentence],
        quoted=layout.quoted,
    )


def find_cue_candidates(where: Context, cues: CueList) -> Candidates:
    """Return every place in `where` that a term of `cues` covers, nested ones too, in text order."""
    codes: list[int] = where.words.spelling.tolist()
    rows: list[tuple[int, int, int]] = []
    for at in cues.beginnings(where.words.spelling):
        for hashes, row in cues.by_first.get(codes[at], ()):
            end = at + len(hashes)
            if codes[at:end] == hashes and end <= where.sentence_last[at]:
                rows.append((at, end, row))
    table = np.array(rows, np.int64).reshape(-1, 3)
    return Candidates(table[:, 0], table[:, 1], table[:, 2])


_ATOMS = (
    "one", "cue", "group", "case", "initial", "quoted", "attributed", "nested", "container",
    "question", "if", "length", "number", "stem",
    *[f"w{n}" for n in range(-_LEFT, 0)], *[f"w+{n}" for n in range(1, _RIGHT + 1)],
    *[f"x{n}" for n in range(-_LEFT, 0)], *[f"x+{n}" for n in range(1, _RIGHT + 1)],
    *[f"s{n}" for n in range(-_LEFT, 0)], *[f"s+{n}" for n in range(1, _RIGHT + 1)],
    *[f"l{n}" for n in range(_BAG)], *[f"r{n}" for n in range(_BAG)],
    *[f"c{n}" for n in range(-_LEFT, 0)], *[f"c+{n}" for n in range(1, _RIGHT + 1)],
    *[f"d{n}" for n in range(-_LEFT, 0)], *[f"d+{n}" for n in range(1, _RIGHT + 1)],
)  # fmt: skip
"""The features of a candidate: w words, x suffixes, s shapes, l and r the bags on either side."""

_TEMPLATES = (
    "cue", "group", "cue case", "cue initial", "cue quoted", "cue attributed", "cue nested",
    "cue container", "cue question", "cue if", "group if", "group question", "group quoted",
    "cue length", "group attributed",
    *[f"cue w{n}" for n in ("-3", "-2", "-1", "+1", "+2", "+3")],
    *[f"group w{n}" for n in ("-2", "-1", "+1", "+2")],
    *[f"w{n}" for n in ("-2", "-1", "+1", "+2")],
    "cue w-1 w+1", "cue w+1 w+2", "cue w-2 w-1", "group w-1 w+1", "group w+1 w+2", "group w-2 w-1",
    *[f"cue x{n}" for n in ("-2", "-1", "+1", "+2")],
    *[f"group x{n}" for n in ("-1", "+1", "+2")],
    *[f"cue s{n}" for n in ("-2", "-1", "+1", "+2")],
    *[f"group s{n}" for n in ("-1", "+1", "+2")],
    "cue x-1 x+1", "cue x+1 x+2", "cue s-1 s+1", "cue s+1 s+2",
    "cue number", "group number", "stem",
    *[f"stem w{n}" for n in ("-1", "+1")], *[f"stem c{n}" for n in ("-2", "-1", "+1", "+2")],
    *[f"cue c{n}" for n in ("-3", "-2", "-1", "+1", "+2", "+3")],
    *[f"group c{n}" for n in ("-2", "-1", "+1", "+2")],
    "cue c-1 c+1", "cue c+1 c+2", "cue c-2 c-1", "group c-1 c+1", "group c+1 c+2", "group c-2 c-1",
    *[f"cue d{n}" for n in ("-2", "-1", "+1", "+2")],
    *[f"group d{n}" for n in ("-2", "-1", "+1", "+2")],
)  # fmt: skip
_BAGS = (*["cue l"] * _BAG, *["cue r"] * _BAG, *["group l"] * _BAG, *["group r"] * _BAG)
"""Templates of nearby words: one bucket per word, whatever its distance."""


def _atom_rows() -> tuple[Ints, Codes]:
    """Return, per feature, the three atoms that it joins, and its template's code."""
    at = {name: n for n, name in enumerate(_ATOMS)}
    named = [name.split() for name in _TEMPLATES]
    for n, bag in enumerate(_BAGS):
        head, side = bag.split()
        named.append([head, f"{side}{n % _BAG}"])
    triples = [[at[a] for a in (*names, "one", "one")[:3]] for names in named]
    numbers = [
        *range(len(_TEMPLATES)),
        *[len(_TEMPLATES) + n // _BAG for n in range(len(_BAGS))],
    ]
    codes = template_codes(len(_TEMPLATES) + 4)[numbers]
    return np.array(triples, np.int64).T, codes


def _scales() -> Floats32:
    """Return the value of each feature: the cue itself counts double, nearby words half."""
    own = {"cue", "group", "cue number", "group number"}
    ordered = [2.0 if name in own else 1.0 for name in _TEMPLATES]
    return np.array([*ordered, *[0.5] * len(_BAGS)], np.float32)


_JOINED, _TEMPLATE_CODES = _atom_rows()
SCALES = _scales()
"""The value of each feature: its prior standard deviation, in effect."""
FEATURES = len(_TEMPLATE_CODES)
"""The number of features of a candidate."""

_NESTED, _AT_ONCE = 6, 4096
"""How many candidates on either side are searched for nested ones, and how many candidates are processed together."""

_PAD = 3
"""The code of a word beyond the sentence."""


def candidate_features(
    where: Context, cues: CueList, found: Candidates, classes: WordClasses
) -> Ints:
    """Return the feature buckets of each candidate, shape (candidates, ``FEATURES``).

    Feature ``f`` has the value ``SCALES[f]``: a candidate's score is the sum of its buckets' weights
    times these values.
    """
    atoms = _atoms(where, cues, found, classes)
    one, two, three = _JOINED
    joined = mix(mix(atoms[:, one], atoms[:, two]), atoms[:, three])
    return bucket(joined, _TEMPLATE_CODES, HEDGE_BITS)


def _atoms(where: Context, cues: CueList, found: Candidates, classes: WordClasses) -> Codes:
    """Return the hashed single features (atoms) of each candidate, of which its features are combined: shape (candidates, atoms)."""
    words, first, last = where.words, found.first, found.last
    low, high = where.sentence_first[first], where.sentence_last[first]
    near = np.concatenate(
        [
            first[:, None] + np.arange(-_LEFT, 0),
            last[:, None] + np.arange(_RIGHT),
            first[:, None] + np.arange(-_BAG, 0),
            last[:, None] + np.arange(_BAG),
        ],
        axis=1,
    )
    outside = (near < low[:, None]) | (near >= high[:, None])
    near = np.where(outside, 0, near)
    spelling = np.where(outside, np.uint64(_PAD), words.spelling[near])
    close = slice(0, _LEFT + _RIGHT)
    suffix = np.where(outside[:, close], np.uint64(_PAD), words.suffix[near[:, close]])
    shape = np.where(outside[:, close], np.uint64(_PAD), words.shape[near[:, close]])
    classed = classes.of(spelling[:, close])
    return np.concatenate(
        [
            np.stack(_own_atoms(where, cues, found, low, high), axis=1),
            spelling[:, close],
            suffix,
            shape,
            spelling[:, _LEFT + _RIGHT :],
            classed[:, :, 0],
            classed[:, :, 1],
        ],
        axis=1,
    )


_IF, _QUESTION = word_hash("if"), word_hash("?")


def _own_atoms(
    where: Context, cues: CueList, found: Candidates, low: Ints, high: Ints
) -> list[Codes]:
    """Return the atoms that are not words of the context, in the order of ``_ATOMS``."""
    words, first, last = where.words, found.first, found.last
    nested, container = _nesting(cues, found)
    ifs = np.flatnonzero(words.spelling == np.uint64(_IF))
    final = np.maximum(high - 1, low)
    question = (words.spelling[final] == np.uint64(_QUESTION)) | (
        words.spelling[np.maximum(final - 1, low)] == np.uint64(_QUESTION)
    )
    opening = (first == low) | ((first == low + 1) & _any(words, low, QUOTE))
    flags = (
        words.shape[first] & np.uint64(0b1111),
        opening,
        where.quoted[first],
        np.zeros_like(opening),  # whether it is attributed: unknown before the reader has read
        nested,
        container,
        question,
        np.searchsorted(ifs, high) > np.searchsorted(ifs, low),
        np.minimum(np.log2(high - low).astype(np.int64), 7),
        _number_ahead(words, last, high),
    )
    one = np.ones(len(first), np.uint64)
    own = [one, cues.hashes[found.row], cues.groups[found.row]]
    described = [np.asarray(flag).astype(np.uint64) + np.uint64(11) for flag in flags]
    return [*own, *described, cues.stems[found.row]]


def _number_ahead(words: WordFeatures, last: Ints, high: Ints) -> Ints:
    """Return how soon after each candidate a number or a sum of money follows: 1 to 3 words, or 0."""
    ahead = last[:, None] + np.arange(3)
    numeric = _any(words, np.minimum(ahead, len(words) - 1), NUMBER | NUMBER_WORD | MONEY)
    near = numeric & (ahead < high[:, None])
    return np.where(near.any(axis=1), near.argmax(axis=1) + 1, 0)


def _any(words: WordFeatures, at: Ints, bits: int) -> Bools:
    """Return whether the words at the places `at` have any of `bits` in their shape."""
    present: Bools = (words.shape[at] & np.uint64(bits)) != 0
    return present


def _nesting(cues: CueList, found: Candidates) -> tuple[Ints, Codes]:
    """Return for each candidate 1 within a longer one, 2 around a shorter one, and the longer's hash."""
    nested = np.zeros(len(found), np.int64)
    container = np.zeros(len(found), np.uint64)
    ends = found.last.tolist()
    starts = found.first.tolist()
    for here in range(len(found)):
        for other in range(max(0, here - _NESTED), min(len(found), here + _NESTED + 1)):
            if other == here or starts[other] > starts[here] or ends[other] < ends[here]:
                continue
            if ends[other] - starts[other] > ends[here] - starts[here]:
                nested[here] |= 1
                nested[other] |= 2
                container[here] = cues.hashes[found.row[other]]
    return nested, container


@dataclass(frozen=True, slots=True)
class TermModel:
    """The probability that a listed term hedges, by the words around it: a linear model over hashed features.

    `weights` has ``2 ** BITS`` entries.
    """

    weights: Floats32
    bias: float
    cues: CueList
    classes: WordClasses

    def probabilities(self, features: Ints) -> Floats32:
        """Return the probability that each candidate, a row of buckets, hedges."""
        score = self.weights[features] @ SCALES + np.float32(self.bias)
        return logistic(score)

    def chances(self, where: Context, found: Candidates) -> Floats32:
        """Return the probability that each candidate hedges, some thousand of them at a time."""
        chances = [np.zeros(0, np.float32)]
        for low in range(0, len(found), _AT_ONCE):
            first = max(low - _NESTED, 0)
            seen = found[first : low + _AT_ONCE + _NESTED]
            features = candidate_features(where, self.cues, seen, self.classes)
            chances.append(self.probabilities(features[low - first :][:_AT_ONCE]))
        return np.concatenate(chances)


@dataclass(frozen=True, slots=True)
class HedgeModel:
    """The hedge model: `words` judges listed terms by the words around them, and `spans` combines that with the reader's tags."""

    words: TermModel
    spans: HedgeSpanModel

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the model as plain arrays; zero weights are left out."""
        kept = np.flatnonzero(self.words.weights)
        return {
            "buckets": kept.astype(np.uint32),
            "values": self.words.weights[kept].astype(np.float16),
            "class_words": self.words.classes.words,
            "classes": self.words.classes.classes,
            "bias": np.array([self.words.bias], np.float64),
            **self.spans.to_arrays(),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> HedgeModel:
        """Return the model in `arrays`; its candidates are those of the lexicon."""
        weights = np.zeros(1 << HEDGE_BITS, np.float32)
        weights[arrays["buckets"]] = arrays["values"]
        bias = arrays["bias" if "bias" in arrays else "bias_threshold"]  # bundles before 2026-12
        classes = WordClasses(arrays["class_words"], arrays["classes"])
        words = TermModel(weights, float(bias[0]), default_cues(), classes)
        return cls(words, HedgeSpanModel.from_arrays(arrays))


def listed_cues(layout: DocBatch, model: TermModel) -> ListedCues:
    """Return the places of listed terms in `layout`, and the probability that each hedges, by the words around it."""
    where = context_of(layout)
    found = find_cue_candidates(where, model.cues)
    kinds = np.array([HEDGE_KINDS.index(kind) for kind in model.cues.kinds])[found.row]
    sure = np.array(model.cues.sure, np.bool_)[found.row]
    return ListedCues(found.first, found.last, kinds, model.chances(where, found), sure)


def hedges_in(
    layout: DocBatch, model: HedgeModel, readings: Sequence[Reading]
) -> list[tuple[Hedge, ...]]:
    """Return the hedges that the reader's tags show, for each document of `layout`, in text order; no two overlap.

    Furniture has none. There is one of `readings` per document.
    """
    hedges: list[list[Hedge]] = [[] for _ in layout.documents]
    clauses, sentence, at = Clauses((), 0, 0), (0, 0), -1
    for cue in find_cues(
        layout, HedgeTags.of(readings), listed_cues(layout, model.words), model.spans
    ):
        number = int(layout.sentence[cue.first])
        owner = int(layout.document[number])
        shift, tokens = layout.tokens[owner], layout.documents[owner].tokens
        first, last = cue.first - shift, cue.last - shift
        if number != at:
            sentence = int(layout.first[number]) - shift, int(layout.last[number]) - shift
            clauses, at = Clauses(tokens.forms, *sentence), number
        if is_other_sense(tokens.forms, first, last, sentence):
            continue
        span = tokens.span(first, last)
        hedges[owner].append(
            Hedge(
                start=span.start, end=span.end, kind=cue.kind,
                voice="source" if cue.by_source >= _SPOKEN else "reporter",
                scope=tokens.span(*clauses.weakened(first, last, cue.kind)),
                confidence=round(cue.chance, 4),
            )
        )  # fmt: skip
    return [tuple(own) for own in hedges]


_SPOKEN = 0.5
"""The least probability that a hedge is a source's for its voice to be `source`."""


_OPENING, _CLOSING = frozenset("(["), frozenset(")]")
_STOPS = frozenset({";", ":", "—", "–", "--", ".", "!", "?", '"', "”", "''", *_OPENING, *_CLOSING})
_BEFORE = frozenset({"that", "whether", "if", ",", ";", ":", '"', "“", *_OPENING, *_CLOSING})


@cache
def _new_clause() -> tuple[frozenset[str], frozenset[str]]:
    """Return the conjunctions that begin a clause, and everything that separates clauses.

    :class:`Clauses` was fitted with them to BioScope's abstracts.
    """
    conjunctions = frozenset(load("closed_classes").of_kind("new_clause"))
    return conjunctions, conjunctions | _BEFORE


def scope(
    forms: Sequence[str], first: int, last: int, sentence: tuple[int, int], kind: HedgeKind
) -> tuple[int, int]:
    """Return the token range ``[low, high)`` of `sentence`, itself one, that the cue at ``[first, last)`` weakens."""
    return Clauses(forms, *sentence).weakened(first, last, kind)


class Clauses:
    """The beginnings and ends of the clauses of a sentence, tokens ``[first, last)`` of `forms`; each token is visited once."""

    def __init__(self, forms: Sequence[str], first: int, last: int) -> None:
        self._forms = forms
        self._first, self._last = first, last
        self._begins: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def weakened(self, first: int, last: int, kind: HedgeKind) -> tuple[int, int]:
        """Return the tokens ``[low, high)`` that the cue at ``[first, last)`` weakens.

        From the cue to the end of its clause, across brackets that are closed again; if *to* follows or ends the cue
        (seems to, likely to, is said to), from the subject on; for an approximator, the quantity and its unit.
        """
        if kind == "approximator":
            return first, min(last + 2, self._last)
        high = self._end(last)
        raised = kind != "conditional" and "to" in {
            self._forms[last - 1].lower(),
            self._forms[last].lower() if last < high else "",
        }
        return self._begin(first) if raised else first, high

    def _end(self, at: int) -> int:
        """Return where the clause of the token `at` ends."""
        return _followed(at, self._after, self._ends)

    def _begin(self, at: int) -> int:
        """Return where the clause of the token `at` begins."""
        return _followed(at, self._before, self._begins)

    def _after(self, at: int) -> int:
        """Return the token after `at` in its clause, or `at` itself if the clause ends there."""
        if at >= self._last:
            return at
        form = self._forms[at]
        if form in _OPENING:
            closing = self._closing(at)
            if closing + 1 < self._last:
                return closing + 1
        following = at + 1
        if form in _STOPS or (
            form == ","
            and following < self._last
            and self._forms[following].lower() in _new_clause()[0]
        ):
            return at
        return following

    def _before(self, at: int) -> int:
        """Return the token before `at` in its clause, or `at` itself if the clause begins there."""
        ends = at <= self._first or self._forms[at - 1].lower() in _new_clause()[1]
        return at if ends else at - 1

    def _closing(self, opening: int) -> int:
        """Return where the bracket at `opening` closes; the sentence's end if it does not."""
        at = bisect_right(self._closings, opening)
        return self._closings[at] if at < len(self._closings) else self._last

    @cached_property
    def _closings(self) -> list[int]:
        """The closing brackets."""
        return [n for n in range(self._first, self._last) if self._forms[n] in _CLOSING]


def _followed(at: int, step: Callable[[int], int], known: dict[int, int]) -> int:
    """Return where following the steps from `at` ends; the result is stored in `known` for all places on the way."""
    way = []
    while (rest := known.get(at)) is None:
        way.append(at)
        if (ahead := step(at)) == at:
            rest = at
            break
        at = ahead
    for place in way:
        known[place] = rest
    return rest
