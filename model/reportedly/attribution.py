"""Who says what: attributions of source, cue and content.

Two steps, both learnt from PolNeAR (Newell et al. 2018, An attribution relations corpus for political
news, LREC) by :mod:`reportedly.attribution_training`:

1. a :class:`~reportedly.network.Network` tags every token as part of a source, cue or content, or as
   lying outside or in the gap of a discontinuous attribution; sources and contents also carry the
   side of their cue on which they stand;
2. a small pair scorer links contents and sources to cues.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, pairwise
from math import exp
from operator import mul
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.tokens.doc_batch import Layout
from reportedly.annotation.tokens.vocabulary import Attributes
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel import Attribution, Form, Segmented, Span
from reportedly.datamodel.arrays import Bools, Floats32, Ints
from reportedly.errors import InvalidBundle
from reportedly.lexicons import loader
from reportedly.network import Network, indicators
from reportedly.passages import Passage, announcer, find_passages, touched
from reportedly.tagger import viterbi

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


Evidence = tuple[float, float, float]

SOURCE, CUE, CONTENT = 1, 2, 3
"""Role codes of segments; 0 is none."""

BEFORE, AFTER = 1, 2
"""On which side of its cue a source or content stands; 0 is not told."""

_ROLES = {"S": SOURCE, "C": CUE, "K": CONTENT}
_SIDES = {"<": BEFORE, ">": AFTER}

COLUMNS = (
    "start", "order", "para", "quote", "extent", "attached", "since_quote", "until_quote",
    "left_cue", "right_cue", "left_distance", "right_distance", "sentence_cues", "sentence_quoted",
    "previous", "following",
)  # fmt: skip
"""The columns that the network reads, in order; :func:`columns` explains them."""

KIND, CUE_LIKE = 0, 1
"""Places of the two word classes that columns need: the kind of reporting word, and whether it often is a cue."""

KINDS = (
    "", "according", "announce", "ask", "claim", "decline", "hearsay", "noun", "say", "show", "think", "write",
)  # fmt: skip
"""Kinds of reporting words in ``lexicons/reporting_verbs.toml``; 0 is none."""

_NEAREST = 6
"""Cues on either side that a source or content is compared with."""


def inflections(lemma: str) -> list[str]:
    """Return the regular forms of a verb, and the irregular ones of ``lexicons/irregular_verbs.toml``."""
    forms = [lemma, *_irregular().get(lemma, ())]
    if lemma.endswith("e"):
        forms += [lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    elif lemma.endswith("y") and lemma[-2] not in "aeiou":
        forms += [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    elif lemma.endswith(("s", "sh", "ch", "x")):
        forms += [lemma + "es", lemma + "ed", lemma + "ing"]
    else:
        forms += [lemma + "s", lemma + "ed", lemma + "ing"]
    return forms


@cache
def _irregular() -> Mapping[str, tuple[str, ...]]:
    """Return the irregular forms of each lemma that has some."""
    return {e.attributes["lemma"]: e.terms for e in loader.load("irregular_verbs").entries}


@cache
def verb_kinds() -> Mapping[str, str]:
    """Return the kind of every inflected reporting word; the first kind that lists it counts."""
    kinds: dict[str, str] = {}
    for entry in loader.load("reporting_verbs").entries:
        kind = str(entry.attributes["kind"])
        if kind not in KINDS:
            continue
        for term in entry.terms:
            forms = inflections(term) if kind not in {"according", "hearsay"} else [term]
            if kind == "noun":
                forms = [term, term + "s"]
            for form in forms:
                kinds.setdefault(form, kind)
    return kinds


@dataclass(frozen=True)
class Segments:
    """Tagged stretches of tokens, in order: roles, token ranges and sides, ``(k,)`` each."""

    roles: Ints
    firsts: Ints
    lasts: Ints
    sides: Ints


@dataclass(frozen=True)
class Linker:
    """Scores pairs of a segment and a cue: a perceptron with one hidden layer for each role.

    `weights` maps ``source`` and ``content`` to hidden weights, hidden bias, output weights and bias.
    """

    weights: Mapping[str, tuple[Floats32, Floats32, Floats32, Floats32]]

    def probabilities(self, role: str, features: Floats32) -> Floats32:
        """Return the probability that each pair belongs together, ``(pairs,)``."""
        inner, inner_bias, outer, outer_bias = self.weights[role]
        hidden = np.maximum(features @ inner + inner_bias, 0)
        chances = logistic(hidden @ outer + outer_bias)
        return chances[:, 0]


@dataclass(frozen=True)
class AttributionModel:
    """Everything that :func:`find_attributions` needs.

    `bias` is added to the score of starting a source, cue or content: it trades precision for
    recall. `calibration` turns evidence (see :class:`Reading`) into the probability that an
    attribution is right. `reporting` weighs a sentence's features (see :func:`sentence_features`), a
    constant first; without it every scope is ``all``.
    """

    network: Network
    linker: Linker
    bias: float = 0.0
    calibration: tuple[float, ...] = (0.0, 1.0, 1.0, 1.0)
    reporting: Floats32 | None = None

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays."""
        head = {"bias": self.bias, "calibration": list(self.calibration)}
        arrays = {f"network_{name}": array for name, array in self.network.to_arrays().items()}
        for role, weights in self.linker.weights.items():
            arrays |= {f"linker_{role}_{i}": array for i, array in enumerate(weights)}
        arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
        if self.reporting is not None:
            arrays["reporting"] = self.reporting
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> AttributionModel:
        """Return the model that :meth:`to_arrays` gave.

        Raises
        ------
        InvalidBundle
            If an array is missing or malformed.
        """
        try:
            head = json.loads(arrays["head"].tobytes())
            network = Network.from_arrays(
                {
                    n.removeprefix("network_"): a
                    for n, a in arrays.items()
                    if n.startswith("network_")
                }
            )
            weights = {
                role: tuple(arrays[f"linker_{role}_{i}"].astype(np.float32) for i in range(4))
                for role in ("source", "content")
            }
            return cls(
                network,
                Linker(weights),  # type: ignore[arg-type]
                head["bias"],
                tuple(head["calibration"]),
                arrays.get("reporting"),
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidBundle(
                f"The attribution model's arrays are incomplete or malformed ({error}): train it anew."
            ) from error


Scope = Literal["reported", "all"]
"""``all``: whatever PolNeAR counts as attribution, wants and plans included. ``reported``: what a reader
counts as somebody's word, hearsay and running quotations included, wants and plans not."""


def find_attributions(
    segmented: Segmented, model: AttributionModel, *, scope: Scope = "reported"
) -> tuple[Attribution, ...]:
    """Return the attributions of a document in order, their source classes still open.

    In the scope ``reported``, attributions in sentences that report nothing are left out, and a sentence
    that carries on somebody's words without saying so is an attribution without source and cue, its
    content the sentence.
    """
    if not segmented.sentences:
        return ()
    return attributions_in(Layout.of(segmented), model, scope=scope)[0]


def attributions_in(
    layout: Layout, model: AttributionModel, *, scope: Scope = "reported"
) -> list[tuple[Attribution, ...]]:
    """Return what :func:`find_attributions` does, for each document of `layout`."""
    reading = read(layout, model)
    found = [tuple([attribution for attribution, _ in own]) for own in reading.found]
    if scope == "all" or model.reporting is None:
        return found
    chances = sentence_chances(reading, model).tolist()
    inside = _running_sum(reading.place[:, _PLACE["quote"]] > 0)
    quoted = (inside[layout.last] - inside[layout.first]).tolist()
    edges = pairwise(layout.sentences)
    return [
        reported(parts, own, chances[low:high], quoted[low:high])
        for parts, own, (low, high) in zip(layout.documents, found, edges, strict=True)
    ]


@dataclass(frozen=True)
class Reading:
    """What the network made of some documents, for the steps that follow."""

    layout: Layout
    place: Ints
    kinds: Ints
    chances: Floats32
    """The network's probability of every label, ``(n, labels)``, without regard to neighbours."""
    first: Floats32
    hidden: Floats32
    roles: Ints
    found: list[list[tuple[Attribution, Evidence]]]
    """The attributions of each document, each with how sure the tags of its cue, source and content are."""


def read(layout: Layout, model: AttributionModel) -> Reading:
    """Return what the model makes of the documents of `layout`."""
    classes = model.network.classes(layout.words)
    kinds = classes[:, KIND].astype(np.int64)
    place = columns(layout, classes)
    scores, first, hidden = model.network.read(layout.words, place, layout.tokens)
    tags = _decode(scores, model, layout)
    segments = segments_of(tags, model.network.labels, layout.tokens[:-1])
    links = link(segments, layout, kinds, place, model.linker)
    chances = _softmax(scores)
    sure = chances[np.arange(len(tags)), tags]
    found = _values(layout, segments, links, sure, place, model.calibration)
    roles = _roles_of(model.network.labels)[tags]
    return Reading(layout, place, kinds, chances, first, hidden, roles, found)


def reported(
    segmented: Segmented,
    found: Sequence[Attribution],
    likely: Sequence[float],
    quoted: Sequence[int],
) -> tuple[Attribution, ...]:
    """Return the attributions of sentences that report, completed by those that have none yet.

    `likely` are the probabilities, one a sentence, that it reports somebody's words, `quoted` how many of
    its tokens are. Passages of one voice (see :mod:`reportedly.passages`) report whatever the probability.
    """
    sentences = segmented.sentences
    ends = [s.end for s in sentences]
    passages = find_passages(segmented, likely, _REPORTS)
    given = {n for p in passages for n in range(p.first, p.last) if not sentences[n].furniture}
    opening = {p.opener for p in passages}
    covered: set[int] = set()
    kept = []
    for attribution in found:
        here = touched((*attribution.source, *attribution.cue, *attribution.content), ends)
        if any(likely[number] > _REPORTS or number in opening for number in here):
            kept.append(attribution)
            covered |= here
    announcing = _announcing(kept, opening, ends) if opening else {}
    for passage in passages:
        place = announcing.pop(passage.opener, None)
        taken = None if place is None else kept[place]
        attribution = _passage(segmented, passage, taken)
        if place is None:
            kept.append(attribution)
        else:
            kept[place] = attribution
    covered |= given
    for number, (sentence, chance) in enumerate(zip(sentences, likely, strict=True)):
        if chance > _REPORTS and number not in covered and not sentence.furniture:
            form = form_of(quoted[number], sentence.last - sentence.first)
            kept.append(Attribution((), (), (sentence.span,), form, chance))
    return tuple(sorted(kept, key=lambda attribution: attribution.start))


def _announcing(
    kept: Sequence[Attribution], opening: set[int | None], ends: Sequence[int]
) -> dict[int | None, int]:
    """Return, for sentences that announce a passage, the place in `kept` of the attribution whose cue stands last there."""
    last: dict[int | None, int] = {}
    for place, attribution in enumerate(kept):
        here = touched(attribution.cue, ends)
        number = next(iter(here)) if len(here) == 1 else None
        if number is None or number not in opening:
            continue
        before = last.get(number)
        if before is None or attribution.cue[-1].end > kept[before].cue[-1].end:
            last[number] = place
    return last


def _passage(segmented: Segmented, passage: Passage, announced: Attribution | None) -> Attribution:
    """Return the attribution of a passage: `announced`, which announces it, with the passage for content too, if any."""
    sentences = segmented.sentences[passage.first : passage.last]
    content = tuple(s.span for s in sentences if not s.furniture)
    if announced is not None:
        return replace(announced, content=(*announced.content, *content))
    if passage.source is not None:
        source: tuple[Span, ...] = (passage.source,)
    else:
        source = announcer(segmented, passage.opener) if passage.opener is not None else ()
    return Attribution(source, (), content, "direct", _TAKEN_OVER)


_TAKEN_OVER = 0.9
"""Confidence of a passage's attribution: chosen, not measured; its edges tell it, and nothing weighs it again."""


def sentence_chances(reading: Reading, model: AttributionModel) -> Floats32:
    """Return the probability of every sentence that it reports somebody's words, ``(sentences,)``."""
    assert model.reporting is not None
    told, layout = _told_features(reading, model.network), reading.layout
    edges = np.cumsum([1, told.shape[1], reading.hidden.shape[1]])
    constant, of_told, of_states, of_blocks = np.split(model.reporting, edges)
    # weighed before they are averaged: a number a token instead of a row
    states = _averages(reading.hidden @ of_states, layout)
    # models trained before the last features were added have no weights for them
    blocks = _block_features(layout)[:, : len(of_blocks)] @ of_blocks
    return logistic(told @ of_told + states + blocks + constant)


_REPORTS = 0.4
"""Probability from which a sentence is taken to report: best F1 by cross-validation over articles."""

FIRST_PERSON = ("I", "We", "we", "My", "my", "Our", "our", "us", "me")
"""Forms by which a writer or speaker means themselves."""

_PERSON = Attributes(lambda forms: np.array([form in (*FIRST_PERSON, "i") for form in forms]))


def sentence_features(reading: Reading, network: Network) -> Floats32:
    """Return what tells whether a sentence reports, ``(sentences, features)``.

    The network's tags and probabilities by role, quotation, first person and kinds of cue; the same of
    two sentences before and one after, and of the article; the network's states, averaged over the
    sentence and over its cues; and signatures and announcements near by.
    """
    layout = reading.layout
    states = _averages(reading.hidden, layout)
    return np.concatenate(
        [_told_features(reading, network), states, _block_features(layout)],
        axis=1,
        dtype=np.float32,
    )


def _averages(rows: Floats32, layout: Layout) -> Floats32:
    """Return the mean of each sentence's `rows`, a number or an array for each token."""
    sums: Floats32 = np.add.reduceat(rows, layout.first).T
    sums /= (layout.last - layout.first).astype(np.float32)
    return sums.T


def _told_features(reading: Reading, network: Network) -> Floats32:
    """Return the features but for the means of all states, and for signatures and announcements."""
    layout = reading.layout
    own = _own_features(reading, network)
    paragraph = layout.paragraph[:, None] + 1
    around = []
    for by in (-2, -1, 1):
        around += [layout.around(own, by), layout.around(paragraph, by) == paragraph]
    return np.concatenate(
        [
            own,
            *around,
            layout.opening[:, None],
            layout.mean(own),
            *_states_of_cues(reading),
        ],
        axis=1,
        dtype=np.float32,
    )


_FAR = 1000
"""Sentences off a signature or an announcement where there is none."""


def _block_features(layout: Layout) -> Floats32:
    """Return what tells posts and passages that are quoted without quotation marks, ``(sentences, 14)``.

    A post is signed behind its end, "— Ann Lund (@lund)"; a passage is announced by a sentence that
    ends with a colon. The features are bands of the distance to either, in sentences, and for the
    latter in paragraphs too.
    """
    numbers = layout.words.numbers
    bracket, at, colon = layout.words.known.numbers(("(", "@", ":"))
    place = np.arange(len(layout.first))
    signed = np.zeros(len(place), bool)
    handles = (numbers[:-1] == bracket) & (numbers[1:] == at)
    handles[np.array(layout.tokens[1:-1], np.int64) - 1] = False  # no pair across two documents
    signed[layout.sentence[np.flatnonzero(handles)]] = True
    announcing = numbers[layout.last - 1] == colon
    following = np.minimum.accumulate(np.where(signed, place, len(place))[::-1])[::-1]
    until = np.where(following < layout.end, following - place, _FAR)
    before = np.maximum.accumulate(np.where(announcing, place, -1))
    before = np.r_[-1, before[:-1]]
    known = before >= layout.begin
    since = np.where(known, place - before, _FAR)
    paragraphs = np.where(known, layout.paragraph - layout.paragraph[before], _FAR)
    return np.column_stack([
        until == 0, until == 1, (until > 1) & (until < 4), (until > 3) & (until < 7),
        since == 1, since == 2, (since > 2) & (since < 5), (since > 4) & (since < 9),
        paragraphs == 1, paragraphs == 0, (paragraphs > 1) & (paragraphs < 4),
        announcing, layout.overall(np.logical_or, signed), layout.overall(np.maximum, layout.paragraph) < 2,
    ]).astype(np.float32)  # fmt: skip


def _states_of_cues(reading: Reading) -> tuple[Floats32, Floats32]:
    """Return the network's first and last states, averaged over each sentence's cues; 0 without one."""
    cues = np.flatnonzero(reading.roles == CUE)
    first, last = (
        np.zeros((len(reading.layout.first), reading.hidden.shape[1]), np.float32) for _ in range(2)
    )
    if len(cues):
        sentence = reading.layout.sentence[cues]
        heads = np.flatnonzero(np.r_[True, sentence[1:] != sentence[:-1]])
        counts = np.diff(heads, append=len(cues))[:, None].astype(np.float32)
        first[sentence[heads]] = np.add.reduceat(reading.first[cues], heads) / counts
        last[sentence[heads]] = np.add.reduceat(reading.hidden[cues], heads) / counts
    return first, last


def _own_features(reading: Reading, network: Network) -> Floats32:
    """Return the features of each sentence by itself."""
    layout, roles, first = reading.layout, reading.roles, reading.layout.first
    size = (layout.last - first)[:, None]
    of_label = [_ROLES.get(label[2:3], 4 if label == "G" else 0) for label in network.labels]
    chance = np.eye(5, dtype=np.float32)[:, of_label] @ reading.chances.T
    quoted = reading.place[:, _PLACE["quote"]] > 0
    person = _PERSON.of(layout.words)
    hearsay = reading.kinds == KINDS.index("hearsay")
    flags = [roles == role for role in (SOURCE, CUE, CONTENT)]
    flags += [hearsay, quoted, person & ~quoted, person & quoted]
    sums = np.add.reduceat(np.vstack([chance, *flags]), first, axis=1).T
    tagged, counts = sums[:, 5:8], sums[:, 9:]
    share = counts[:, :1] / size
    kinds = np.zeros((len(first), len(KINDS)), np.float32)
    cues = np.flatnonzero(roles == CUE)
    kinds[layout.sentence[cues], reading.kinds[cues]] = 1
    colon = np.r_[False, layout.words.among((":",))][first] & (layout.number > 0)
    edges = np.column_stack([
        quoted[first], quoted[layout.last - 1], reading.place[first, _PLACE["quote"]] == 2, colon,
    ])  # fmt: skip
    number = np.minimum(layout.number, 5)[:, None] / 5
    return np.concatenate(
        [
            np.maximum.reduceat(chance, first, axis=1).T, sums[:, :5] / size,
            np.minimum(tagged, 6) / 3, tagged > 0, tagged[:, 2:] / size,
            share, share > 0, share > 0.95, counts[:, 1:], sums[:, 8:9] > 0,
            edges, np.log(size), number, kinds[:, 1:],
        ],
        axis=1,
        dtype=np.float32,
    )  # fmt: skip


def _running_sum(flags: Bools) -> Ints:
    """Return how many of `flags` are set before each place, and at the end: one more than there are flags."""
    counts = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=counts[1:])
    return counts


def _decode(scores: Floats32, model: AttributionModel, layout: Layout) -> NDArray[np.int8]:
    """Return the best label of every token, sentence by sentence."""
    labels = model.network.labels
    transitions: NDArray[np.floating[Any]] = model.network.transitions
    if model.bias:
        starts = np.array([label.startswith("B") for label in labels])
        rest = np.array([label in {"O", "G"} for label in labels])
        transitions = transitions + np.float32(model.bias) * np.outer(rest, starts)
    return viterbi(
        scores, transitions.astype(np.float32), np.stack([layout.first, layout.last], axis=1)
    )


def segments_of(
    tags: NDArray[np.int8], labels: Sequence[str], starts: Sequence[int] = (0,)
) -> Segments:
    """Return the segments that a label sequence describes; none reaches over the `starts` of documents."""
    role_of = _roles_of(labels)
    side_of = np.array([_SIDES.get(label[3:4], 0) for label in labels])
    begins = np.array([label[0] == "B" for label in labels])
    roles = role_of[tags]
    fresh = begins[tags]
    fresh[1:] |= roles[1:] != roles[:-1]
    fresh[list(starts)] = True
    heads = np.flatnonzero((roles > 0) & fresh)
    edges = np.flatnonzero(np.append(fresh, True))
    ends = edges[np.searchsorted(edges, heads, side="right")]
    return Segments(roles[heads], heads, ends, side_of[tags[heads]])


def _roles_of(labels: Sequence[str]) -> Ints:
    """Return the role code of each label."""
    return np.array([_ROLES.get(label[2:3], 0) for label in labels], np.int64)


def _candidates(items: Ints, cues: Ints, starts: Sequence[int] = (0,)) -> tuple[Ints, Ints]:
    """Return the pairs of each of `items` and its nearest cues, as indices into both.

    Both are token places in ascending order; no pair reaches over the `starts` of documents.
    """
    if not len(items) or not len(cues):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    centre = np.searchsorted(cues, items)
    reach = np.arange(-_NEAREST, _NEAREST)
    other = centre[:, None] + reach
    among, within = (np.searchsorted(starts, places, side="right") for places in (cues, items))
    first, last = (np.searchsorted(among, within, side=side)[:, None] for side in ("left", "right"))
    valid = (other >= first) & (other < last)
    mine = np.broadcast_to(np.arange(len(items))[:, None], other.shape)
    return mine[valid], other[valid]


def pair_features(
    segments: Segments, item: Ints, cue: Ints, layout: Layout, kinds: Ints, place: Ints
) -> Floats32:
    """Return what tells whether segments `item` belong to the cue segments `cue`, ``(pairs, features)``."""
    first, last, roles = segments.firsts, segments.lasts, segments.roles
    sentence, length = layout.sentence[first], last - first
    paragraph, quote = layout.paragraph[sentence], place[first, _PLACE["quote"]]
    after = first[item] >= first[cue]
    near = np.where(after, last[cue], last[item])
    gap = np.maximum(np.where(after, first[item], first[cue]) - near, 0)
    apart = sentence[item] - sentence[cue]
    high = np.maximum(item, cue)
    low = np.minimum(np.minimum(item, cue) + 1, high)
    between = []
    for role in (SOURCE, CUE, CONTENT):
        counts = _running_sum(roles == role)
        between.append(np.minimum(counts[high] - counts[low], 3))
    band = _bucket(gap)
    values = np.stack(
        [
            np.where(after, band, 9 + band), np.clip(apart, -3, 3) + 3,
            *between, segments.sides[item] * 2 + after,
            kinds[first][cue], kinds[last - 1][cue], quote[item], quote[cue],
        ],
        axis=1,
    )  # fmt: skip
    opens, closes = layout.first[sentence] == first, layout.last[sentence] <= last + 2
    numbers = np.stack([
        paragraph[item] == paragraph[cue], after, (np.minimum(length, 30) / 30)[item], gap / 50,
        apart == 0, np.log1p(gap) / 4, (np.minimum(length, 6) / 6)[cue], opens[item], closes[item],
    ])  # fmt: skip
    features = indicators(values, _PAIR_SIZES, _PAIR_STARTS, len(numbers))
    features[:, -len(numbers) :] = numbers.T
    return features


_PAIR_SIZES: Ints = np.array([18, 7, 4, 4, 4, 6, len(KINDS), len(KINDS), 4, 4])
_PAIR_STARTS: Ints = np.r_[0, np.cumsum(_PAIR_SIZES)]
_PLACE = {name: i for i, name in enumerate(COLUMNS)}


@dataclass(frozen=True)
class Links:
    """Per cue segment: its source segments and its content segments."""

    cues: list[int]
    sources: list[list[int]]
    contents: list[list[int]]


def link(segments: Segments, layout: Layout, kinds: Ints, place: Ints, linker: Linker) -> Links:
    """Return which sources and contents belong to which cue.

    A content goes to its best cue; a cue takes its best source, which it may share with others.
    """
    cues = np.flatnonzero(segments.roles == CUE)
    items = np.flatnonzero((segments.roles == CONTENT) | (segments.roles == SOURCE))
    contents: list[list[int]] = [[] for _ in cues]
    sources: list[list[int]] = [[] for _ in cues]
    mine, other = _candidates(segments.firsts[items], segments.firsts[cues], layout.tokens[:-1])
    if len(mine):
        mine = items[mine]
        content = segments.roles[mine] == CONTENT
        chance = np.empty(len(mine), np.float64)
        for low in range(0, len(mine), _PAIRS):  # a long text's at once would fill the memory
            part = slice(low, low + _PAIRS)
            features = pair_features(segments, mine[part], cues[other[part]], layout, kinds, place)
            for role, of in (("content", content[part]), ("source", ~content[part])):
                chance[part][of] = linker.probabilities(role, features.compress(of, axis=0))
        for item, cue in _best(mine[content], other[content], chance[content]):
            contents[cue].append(item)
        for cue, item in _best(other[~content], mine[~content], chance[~content]):
            sources[cue].append(item)
    return Links(cues.tolist(), sources, contents)


_PAIRS = 1 << 17
"""Pairs of segments that are weighed at once; an article has some hundreds."""


def _best(chooser: Ints, chosen: Ints, chance: Floats32) -> list[tuple[int, int]]:
    """Return for each chooser its most likely partner, where that is likelier than not."""
    order = np.flatnonzero(chance > 0.5)
    order = order[np.lexsort((-chance[order], chooser[order]))]
    heads = order[np.diff(chooser[order], prepend=-1) > 0]
    return list(zip(chooser[heads].tolist(), chosen[heads].tolist(), strict=True))


def _values(
    layout: Layout,
    segments: Segments,
    links: Links,
    sure: Floats32,
    place: Ints,
    calibration: Sequence[float],
) -> list[list[tuple[Attribution, Evidence]]]:
    """Return the linked segments of each document as values, sorted by start; `sure` tells how sure each tag is."""
    owners: list[int] = layout.document[layout.sentence[segments.firsts]].tolist()
    spans = []
    for owner, first, last in zip(
        owners, segments.firsts.tolist(), segments.lasts.tolist(), strict=True
    ):
        tokens, shift = layout.documents[owner].tokens, layout.tokens[owner]
        spans.append(Span(tokens.starts[first - shift], tokens.ends[last - 1 - shift]))
    length = segments.lasts - segments.firsts
    total = np.r_[0.0, np.cumsum(sure, dtype=np.float64)]
    mean = ((total[segments.lasts] - total[segments.firsts]) / length).tolist()
    quoted = _running_sum(place[:, _PLACE["quote"]] > 0)
    inside = (quoted[segments.lasts] - quoted[segments.firsts]).tolist()
    size = length.tolist()
    found: list[list[tuple[Attribution, Evidence]]] = [[] for _ in layout.documents]
    linked = [
        (min(cue, *sources, *contents), cue, sources, contents)
        for cue, sources, contents in zip(links.cues, links.sources, links.contents, strict=True)
        if contents
    ]
    for _, cue, sources, contents in sorted(linked):  # by where they start
        evidence = (mean[cue], _mean(mean, sources), _mean(mean, contents))
        attribution = Attribution(
            tuple([spans[i] for i in sources]),
            (spans[cue],),
            tuple([spans[i] for i in contents]),
            form_of(sum([inside[i] for i in contents]), sum([size[i] for i in contents])),
            _confidence(evidence, calibration),
        )
        found[owners[cue]].append((attribution, evidence))
    return found


def _mean(values: Sequence[float], chosen: Sequence[int]) -> float:
    """Return the mean of the chosen values, 0 where none is chosen."""
    if len(chosen) == 1:
        return values[chosen[0]]
    return sum([values[i] for i in chosen]) / len(chosen) if chosen else 0.0


def _softmax(scores: Floats32) -> Floats32:
    """Return the probabilities that go with each row of scores."""
    columns: Floats32 = np.ascontiguousarray(scores.T)  # short rows are slow to go through
    columns -= columns.max(axis=0)
    np.exp(columns, out=columns)
    columns /= columns.sum(axis=0)
    return columns.T


def _confidence(evidence: Evidence, calibration: Sequence[float]) -> float:
    """Return the calibrated probability that goes with the evidence: a logistic curve."""
    logit = calibration[0] + sum(map(mul, calibration[1:], evidence))
    return 1 / (1 + exp(-logit))


def form_of(inside: int, length: int) -> Form:
    """Return the form of a content of `length` tokens, `inside` of them within quotation marks."""
    if inside >= 0.9 * length:
        return "direct"
    return "mixed" if inside else "indirect"


def columns(layout: Layout, classes: NDArray[np.uint8]) -> Ints:
    """Return what each token's place tells, ``(n, len(COLUMNS))``; `classes` are its word classes.

    They are small integers: place in the sentence, of the sentence in its paragraph and of that in the
    article; within, at the edge of, or near a quotation, how long that is and whether a cue stands by
    it; the kind and distance of the nearest cue-like words; what this sentence and its neighbours hold.
    """
    cues = classes[:, CUE_LIKE] > 0
    found = _places(layout)
    found |= _quotation_columns(layout, cues)
    found |= _cue_columns(layout, cues, classes[:, KIND].astype(np.int64))
    found |= _sentence_columns(layout, cues, found["quote"] > 0)
    return np.stack([found[name] for name in COLUMNS]).T


def _places(layout: Layout) -> dict[str, Ints]:
    """Return ``start`` (in the sentence), ``order`` (of the sentence) and ``para`` (paragraph edges)."""
    at, number = np.arange(len(layout.sentence)), layout.sentence
    into = at - layout.first[number]
    left = layout.last[number] - 1 - at
    order = np.arange(len(layout.first)) - np.maximum.accumulate(
        np.where(layout.opening, np.arange(len(layout.first)), 0)
    )
    return {
        "start": np.minimum(into, 3) + 4 * np.minimum(left, 2),
        "order": (np.minimum(order, 3) + 4 * np.minimum(layout.paragraph, 2))[number],
        "para": np.where(into == 0, 1 + np.minimum(order, 2)[number], 0)
        + 4 * ((left == 0) & layout.closing[number]),
    }


def _quotation_columns(layout: Layout, cues: Bools) -> dict[str, Ints]:
    """Return ``quote`` (1 opening mark, 2 inside, 3 closing mark), ``extent`` and ``attached``.

    And ``since_quote`` and ``until_quote``: tokens since one closed, or until one opens, in the sentence.
    """
    quote, extent, attached = (np.zeros(len(layout.sentence), np.int64) for _ in range(3))
    outer = [
        [(q.start, q.end, q.closed) for q in d.quotations if q.depth == 0] for d in layout.documents
    ]
    marks = np.array(list(chain.from_iterable(outer)), np.int64).reshape(-1, 3)
    marks[:, :2] += np.repeat(layout.bases, list(map(len, outer)))[:, None]
    ranges = np.searchsorted(layout.starts, marks[:, :2])
    held = ranges[:, 1] > ranges[:, 0]
    (first, last), closed = ranges[held].T, marks[held, 2]
    length = last - first
    size = 1 + (length > 5) + (length > 10)
    owner = np.repeat(np.arange(len(length)), length)
    inside = np.arange(len(owner)) - np.repeat(length.cumsum() - length, length)
    at = first[owner] + inside
    quote[at] = np.where((inside == length[owner] - 1) & (closed[owner] > 0), 3, 1 + (inside > 0))
    extent[at] = size[owner]
    attached[at] = _attachment(first, last, size, layout, cues)[owner]
    return {
        "quote": quote,
        "extent": extent,
        "attached": attached,
        "since_quote": _since(quote == 3, layout, 6),
        "until_quote": _until(quote == 1, layout, 6),
    }


def _attachment(first: Ints, last: Ints, size: Ints, layout: Layout, cues: Bools) -> Ints:
    """Return for each quotation at tokens ``[first, last)``, in order, how a cue and its paragraph attach it.

    1, and 1 more with a cue-like word before it, 2 with one after, within 8 tokens and the sentence; 4 where a
    long quotation, 8 where one with a cue came before it in the paragraph.
    """
    number, so_far = layout.sentence, _running_sum(cues)
    low = np.maximum(layout.first[number[first]], first - 8)
    goes_on = last < layout.last[number[last - 1]]
    high = np.where(goes_on, np.minimum(last + 8, layout.last[number[last - 1]]), last)
    before, after = so_far[first] > so_far[low], so_far[high] > so_far[last]
    paragraph = layout.opening.cumsum()[number[first]]
    said = np.where(before | after, 2, size == 3)
    highest = np.maximum.accumulate(3 * paragraph + said)
    previous = np.r_[0, highest[:-1]][: len(highest)]
    earlier: Ints = np.where(previous // 3 == paragraph, previous % 3, 0)
    earlier *= 4
    return earlier + 2 * after + before + 1


def _cue_columns(layout: Layout, cues: Bools, kinds: Ints) -> dict[str, Ints]:
    """Return kind and distance of the nearest cue-like word to the left (or here) and to the right."""
    count = len(layout.sentence)
    at = np.arange(count)
    left, right = _last(cues, layout), _next(cues, layout)
    return {
        "left_cue": np.where(left >= 0, kinds[np.maximum(left, 0)] + 1, 0),
        "right_cue": np.where(right < count, kinds[np.minimum(right, count - 1)] + 1, 0),
        "left_distance": np.where(left >= 0, _bucket(at - left) + 1, 0),
        "right_distance": np.where(right < count, _bucket(right - at) + 1, 0),
    }


def _sentence_columns(layout: Layout, cues: Bools, quoted: Bools) -> dict[str, Ints]:
    """Return how many cue-like words a sentence has, how much of it is quoted, and of its neighbours."""
    size, number = layout.last - layout.first, layout.sentence
    has = np.minimum(np.add.reduceat(cues.astype(np.int64), layout.first), 2)
    inside = np.add.reduceat(quoted.astype(np.int64), layout.first)
    share = np.where(
        inside == 0, 0, np.where(2 * inside < size, 1, np.where(inside < size - 1, 2, 3))
    )
    previous = np.r_[0, (has[:-1] + 1) * 5 + share[:-1] + 1] * ~layout.opening
    following = np.r_[has[1:] + 1, 0] * ~layout.closing
    return {
        "sentence_cues": has[number],
        "sentence_quoted": share[number],
        "previous": previous[number],
        "following": following[number],
    }


def _bucket(distance: Ints) -> Ints:
    """Return the band of a distance: 0, 1 to 4 singly roughly, then wider, up to 22 and beyond."""
    return _BANDS.take(np.minimum(distance, len(_BANDS) - 1))


_BANDS: Ints = np.searchsorted(np.array([1, 2, 3, 4, 6, 9, 14, 22]), np.arange(24), side="left")


def _last(flags: Bools, layout: Layout) -> Ints:
    """Return the place of the nearest flag at or before each token of its sentence, else -1."""
    place = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    return np.where(place >= layout.first[layout.sentence], place, -1)


def _next(flags: Bools, layout: Layout) -> Ints:
    """Return the place of the nearest flag at or after each token of its sentence, else the count."""
    count = len(flags)
    place = np.minimum.accumulate(np.where(flags, np.arange(count), count)[::-1])[::-1]
    return np.where(place < layout.last[layout.sentence], place, count)


def _since(flags: Bools, layout: Layout, most: int) -> Ints:
    """Return 0 without a flag before in the sentence, else 1 more than the distance, up to `most`."""
    place = _last(flags, layout)
    return np.where(place < 0, 0, np.minimum(np.arange(len(flags)) - place, most) + 1)


def _until(flags: Bools, layout: Layout, most: int) -> Ints:
    """Return 0 without a flag later in the sentence, else 1 more than the distance, up to `most`."""
    place = _next(flags, layout)
    return np.where(place >= len(flags), 0, np.minimum(place - np.arange(len(flags)), most) + 1)
