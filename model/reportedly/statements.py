"""Which attributions are statements: reported speech, writing, thought or knowledge, not attitudes and deeds.

The attribution tagger follows PolNeAR (Newell et al. 2018), where wants, endorsements and plans count as
attributions too; a reader who asks "who says so" wants statements alone. A logistic regression over cue,
source and quotation state tells them apart, and weighs what :mod:`reportedly.candidates` adds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.attribution import verb_kinds
from reportedly.datamodel import Attribution, Span
from reportedly.hearsay import is_hearsay_cue
from reportedly.names import Article, sentence_at
from reportedly.references import Step

FLOORS = {
    "named_person": 0.47, "named_organisation": 0.35, "document": 0.3, "press": 0.3, "unnamed": 0.3, "vague": 0.25,
}  # fmt: skip
"""Probability from which an attribution to such a source is a statement; by cross-validation on annotated news."""


def features(
    article: Article, step: Step, attribution: Attribution, source_class: str
) -> list[str]:
    """Return the names of the features that tell whether an attribution is a statement."""
    words, kind, hearsay = _read_cue(step.cue)
    mention = step.mention
    length = sum(s.end - s.start for s in attribution.content)
    start = (attribution.cue or attribution.source or attribution.content)[0].start
    quoted = _quoted(article, start, attribution.content)
    sure = int(attribution.confidence * 10)
    after = attribution.cue[-1].end if attribution.cue else start
    follows = article.segmented.text[after : after + 6].strip()[:4]
    last = words[-1] if words else "_"
    return [
        f"hs={hearsay}{mention.kind}", f"hsr={hearsay}{source_class}", "mh=" + mention.head + kind, f"sr={sure}{source_class}",
        f"c={sure}", "k=" + kind, "r=" + source_class, "m=" + mention.kind, "rk=" + source_class + kind,
        f"ck={sure}{kind}", f"q={quoted}", f"qk={quoted}{kind}", f"l={min(length // 40, 6)}", "h=" + mention.head,
        "t=" + str(follows == "that"), "w1=" + (words[0] if words else "_"), "wl=" + last, "rm=" + source_class + mention.kind,
        f"f={mention.flags}{mention.plural}{mention.determiner}", "wr=" + last + source_class, f"n={len(words)}",
        *("w=" + w for w in words),
    ]  # fmt: skip


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


@dataclass(frozen=True, slots=True)
class StatementModel:
    """Weights of features for and against being a statement; the last weight is the intercept."""

    rows: Mapping[str, int]
    weights: NDArray[np.float32]
    table: Mapping[str, float] = field(init=False, compare=False, repr=False)
    """The weight of each feature as a plain number: quicker to add up than an array's."""

    def __post_init__(self) -> None:
        """Fill the table."""
        weights = self.weights.tolist()
        table = {name: weights[row] for name, row in self.rows.items()}
        object.__setattr__(self, "table", table)

    def probabilities(self, found: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the probability that each attribution is a statement."""
        table, constant = self.table, float(self.weights[-1])
        nothing = repeat(0.0)
        sums = [constant + sum(map(table.get, names, nothing)) for names in found]
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(sums, -30, 30)))
        return chances

    def keeps(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> list[bool]:
        """Return which attributions are statements; those without an entity are none.

        Who has a source and no cue has signed or announced a passage: there is nothing to weigh.
        """
        taken = [i for i, step in enumerate(steps) if step.entity is not None]
        found: list[list[str]] = []
        floors: list[float] = []
        for i in taken:
            entity = steps[i].entity
            assert entity is not None
            found.append(features(article, steps[i], attributions[i], entity.source_class))
            floors.append(FLOORS[entity.source_class])
        kept = [False] * len(steps)
        for i, chance, floor in zip(taken, self.probabilities(found), floors, strict=True):
            whole = attributions[i].source and not attributions[i].cue
            kept[i] = bool(whole or chance >= floor)
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
