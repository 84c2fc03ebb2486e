"""Which attributions are statements: reported speech, writing, thought or knowledge, not attitudes and deeds.

The attribution tagger follows PolNeAR (Newell et al. 2018), where wants, endorsements and plans count as
attributions too; a reader who asks "who says so" wants statements alone. A logistic regression over cue,
source and quotation state tells them apart, and weighs what :mod:`reportedly.annotation.sources.candidates` adds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import exp
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.coreference.resolution import Step
from reportedly.annotation.sources.hearsay import is_hearsay_cue
from reportedly.datamodel import Attribution, Span

Key = tuple[Any, ...]

FLOORS = {
    "named_person": 0.47, "named_organisation": 0.35, "document": 0.3, "press": 0.3, "unnamed": 0.3, "vague": 0.25,
}  # fmt: skip
"""Probability from which an attribution to such a source is a statement; by cross-validation on annotated news."""


def statement_features(
    article: Article, step: Step, attribution: Attribution, source_class: str
) -> list[str]:
    """Return the names of the features that tell whether an attribution is a statement."""
    keys = _keys(article, step, attribution, source_class)
    return [name for part, key in zip(_PARTS, keys, strict=True) for name in part(*key)]


def _keys(
    article: Article, step: Step, attribution: Attribution, source_class: str
) -> tuple[Key, Key, Key, Key]:
    """Return what the features of cue, source, quotation and content go by."""
    kind, mention = _read_cue(step.cue)[1], step.mention
    length = sum([s.end - s.start for s in attribution.content])
    start = (attribution.cue or attribution.source or attribution.content)[0].start
    quoted = _quoted(article, start, attribution.content)
    after = attribution.cue[-1].end if attribution.cue else start
    follows = article.segmented.text[after : after + 6].strip()[:4] == "that"
    sure = int(attribution.confidence * 10)
    return (
        (step.cue, mention.kind, source_class),
        (kind, mention.head, mention.flags, mention.plural, mention.determiner),
        (source_class, kind, sure, quoted),
        (min(length // 40, 6), follows),
    )


def _cue_features(cue: str, of: str, source_class: str) -> list[str]:
    """Return the features of a cue, for a kind of mention and a class of sources."""
    words, kind, hearsay = _read_cue(cue)
    last = words[-1] if words else "_"
    return [
        f"hs={hearsay}{of}", f"hsr={hearsay}{source_class}", "k=" + kind, "r=" + source_class, "m=" + of,
        "rk=" + source_class + kind, "w1=" + (words[0] if words else "_"), "wl=" + last, "rm=" + source_class + of,
        "wr=" + last + source_class, f"n={len(words)}", *("w=" + word for word in words),
    ]  # fmt: skip


def _source_features(kind: str, head: str, flags: int, plural: bool, determiner: str) -> list[str]:  # noqa: FBT001
    """Return the features of a source's words, beside a reporting word of this `kind`."""
    return ["mh=" + head + kind, "h=" + head, f"f={flags}{plural}{determiner}"]


def _quotation_features(source_class: str, kind: str, sure: int, quoted: bool) -> list[str]:  # noqa: FBT001
    """Return the features of how sure the tagger is, and whether the content is quoted."""
    return [
        f"sr={sure}{source_class}",
        f"c={sure}",
        f"ck={sure}{kind}",
        f"q={quoted}",
        f"qk={quoted}{kind}",
    ]


def _content_features(length: int, follows: bool) -> list[str]:  # noqa: FBT001
    """Return the features of a content: how long it is, whether behind "that"."""
    return [f"l={length}", f"t={follows}"]


_PARTS: tuple[Callable[..., list[str]], ...] = (
    _cue_features,
    _source_features,
    _quotation_features,
    _content_features,
)


@lru_cache(maxsize=4096)
def _read_cue(cue: str) -> tuple[list[str], str, bool]:
    """Return the words of a cue, the kind of its reporting word, and whether it is hearsay."""
    words, kinds = cue.split(), verb_kinds()
    kind = next((k for w in reversed(words) if (k := kinds.get(w))), "")
    return words, kind, is_hearsay_cue(cue)


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


class Sums(dict[Key, tuple[float, ...]]):
    """The weights of features that come together, added up when first asked for, a number a class.

    `names` tells the features of a key: cues, sources and their like come again and again.
    """

    def __init__(
        self, names: Callable[..., list[str]], weights: Mapping[str, tuple[float, ...]], size: int
    ) -> None:
        super().__init__()
        self._names, self._weights, self._nothing = names, weights, (0.0,) * size

    def __missing__(self, key: Key) -> tuple[float, ...]:
        """Add up the weights of a key's features."""
        known = [given for given in map(self._weights.get, self._names(*key)) if given is not None]
        if len(self) >= _REMEMBERED:
            self.clear()
        total = self[key] = tuple(map(sum, zip(*known, strict=True))) if known else self._nothing
        return total

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what is to be pickled: the question, not the answers."""
        return Sums, (self._names, self._weights, len(self._nothing))


def tabulated(
    rows: Mapping[str, int], weights: NDArray[np.float32]
) -> dict[str, tuple[float, ...]]:
    """Return the weights of each feature as plain numbers: quicker to add up than a few rows of an array."""
    return dict(zip(rows, map(tuple, weights[list(rows.values())].tolist()), strict=True))


_REMEMBERED = 8192
"""Keys whose sums are remembered before the memory starts afresh: 10 MB for all models together, by measurement."""


@dataclass(frozen=True, slots=True)
class StatementModel:
    """Weights of features for and against being a statement; the last weight is the intercept."""

    rows: Mapping[str, int]
    weights: NDArray[np.float32]
    sums: tuple[Sums, Sums, Sums, Sums] = field(init=False, compare=False, repr=False)
    """The summed weights of the features of cues, sources, quotations and contents."""

    def __post_init__(self) -> None:
        """Make the sums ready."""
        weights = tabulated(self.rows, self.weights[:, None])
        object.__setattr__(self, "sums", tuple(Sums(part, weights, 1) for part in _PARTS))

    def keeps(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> list[bool]:
        """Return which attributions are statements; those without an entity are none.

        Who has a source and no cue has signed or announced a passage: there is nothing to weigh.
        """
        cues, sources, quotations, contents = self.sums
        constant = float(self.weights[-1])
        kept = []
        for step, attribution in zip(steps, attributions, strict=True):
            if step.entity is None or (attribution.source and not attribution.cue):
                kept.append(step.entity is not None)
                continue
            source_class = step.entity.source_class
            cue, source, quoted, content = _keys(article, step, attribution, source_class)
            logit = constant + cues[cue][0] + sources[source][0]
            logit += quotations[quoted][0] + contents[content][0]
            kept.append(1 / (1 + exp(-max(-30.0, min(logit, 30.0)))) >= FLOORS[source_class])
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
