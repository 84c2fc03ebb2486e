"""Which sources and contents belong to which cue: a small scorer of pairs of tagged segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.reporting_verbs import REPORTING_KINDS
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.network import indicators
from reportedly.annotation.tokens.token_features import PLACE, Places, distance_band, running_sum
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel.arrays import Floats32, Ints

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


SOURCE, CUE, CONTENT = 1, 2, 3
"""Role codes of segments; 0 is no role."""

BEFORE, AFTER = 1, 2
"""The side of its cue that a source or content is on; 0 is unknown."""

ROLE_CODES = {"S": SOURCE, "C": CUE, "K": CONTENT}
_SIDES = {"<": BEFORE, ">": AFTER}

_NEAREST = 6
"""How many cues on either side a source or content is compared with."""


@dataclass(frozen=True)
class Segments:
    """Tagged ranges of tokens, in order: roles, token ranges and sides, ``(k,)`` each."""

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


def segments_of(
    tags: NDArray[np.int8], labels: Sequence[str], starts: Sequence[int] = (0,)
) -> Segments:
    """Return the segments of a label sequence; none crosses the `starts` of documents."""
    role_of = roles_of(labels)
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


def roles_of(labels: Sequence[str]) -> Ints:
    """Return the role code of each label."""
    return np.array([ROLE_CODES.get(label[2:3], 0) for label in labels], np.int64)


def nearest_pairs(items: Ints, cues: Ints, starts: Sequence[int] = (0,)) -> tuple[Ints, Ints]:
    """Return the pairs of each of `items` and its nearest cues, as indices into both.

    Both are token places in ascending order; no pair crosses the `starts` of documents.
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
    segments: Segments, item: Ints, cue: Ints, layout: DocBatch, kinds: Ints, place: Places
) -> Floats32:
    """Return the features of pairs of segments `item` and cue segments `cue`, ``(pairs, features)``."""
    first, last, roles = segments.firsts, segments.lasts, segments.roles
    sentence, length = layout.sentence[first], last - first
    paragraph, quote = layout.paragraph[sentence], place[first, PLACE["quote"]]
    after = first[item] >= first[cue]
    near = np.where(after, last[cue], last[item])
    gap = np.maximum(np.where(after, first[item], first[cue]) - near, 0)
    apart = sentence[item] - sentence[cue]
    high = np.maximum(item, cue)
    low = np.minimum(np.minimum(item, cue) + 1, high)
    between = []
    for role in (SOURCE, CUE, CONTENT):
        counts = running_sum(roles == role)
        between.append(np.minimum(counts[high] - counts[low], 3))
    band = distance_band(gap)
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


_PAIR_SIZES: Ints = np.array([18, 7, 4, 4, 4, 6, len(REPORTING_KINDS), len(REPORTING_KINDS), 4, 4])
_PAIR_STARTS: Ints = np.r_[0, np.cumsum(_PAIR_SIZES)]


@dataclass(frozen=True)
class Links:
    """Per cue segment: its source segments and its content segments."""

    cues: list[int]
    sources: list[list[int]]
    contents: list[list[int]]


def link_segments(
    segments: Segments, layout: DocBatch, kinds: Ints, place: Places, linker: Linker
) -> Links:
    """Return which sources and contents belong to which cue.

    A content is linked to its best cue; a cue is linked to its best source, which other cues may share.
    """
    cues = np.flatnonzero(segments.roles == CUE)
    items = np.flatnonzero((segments.roles == CONTENT) | (segments.roles == SOURCE))
    contents: list[list[int]] = [[] for _ in cues]
    sources: list[list[int]] = [[] for _ in cues]
    mine, other = nearest_pairs(segments.firsts[items], segments.firsts[cues], layout.tokens[:-1])
    if len(mine):
        mine = items[mine]
        content = segments.roles[mine] == CONTENT
        chance = np.empty(len(mine), np.float64)
        for low in range(0, len(mine), _PAIRS):  # all pairs of a long text would fill the memory
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
"""Pairs of segments scored together; an article has some hundreds."""


def _best(chooser: Ints, chosen: Ints, chance: Floats32) -> list[tuple[int, int]]:
    """Return for each chooser its most likely partner, if that is more likely than not."""
    order = np.flatnonzero(chance > 0.5)
    order = order[np.lexsort((-chance[order], chooser[order]))]
    heads = order[np.diff(chooser[order], prepend=-1) > 0]
    return list(zip(chooser[heads].tolist(), chosen[heads].tolist(), strict=True))
