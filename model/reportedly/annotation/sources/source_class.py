"""The class of a source, learned: a multinomial logistic regression over what the rules read.

The rules of :mod:`reportedly.annotation.sources.coreference.resolution` say how each attribution was resolved and which class they
would give; the model weighs that against head noun, determiner, number, cue and names. An entity's
class is the one most likely over all the mentions that name it, so that a ledger line and its
attributions never disagree. Trained by :mod:`reportedly.annotation.sources.learning`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.sources.coreference.mentions import Kind, Mention
from reportedly.annotation.sources.coreference.names import Article, look_up
from reportedly.annotation.sources.coreference.resolution import Step
from reportedly.annotation.sources.statements import Key, StatementModel, Sums, tabulated
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PRESS,
    SPOKES,
    type_name,
)
from reportedly.datamodel import SOURCE_CLASSES, Attribution, SourceClass

_KINDS = SPOKES | ANON | NOTABLE | COLLECTIVE | BODY | DOCUMENT | HEARSAY | PRESS


def source_features(article: Article, step: Step, attribution: Attribution) -> list[str]:
    """Return the names of the features that hold of one attribution's source; each counts 1."""
    resolved, worded = _keys(article, step, attribution)
    return [*_resolved_features(*resolved), *_worded_features(*worded)]


def _keys(article: Article, step: Step, attribution: Attribution) -> tuple[Key, Key]:
    """Return what the features of one attribution go by: those of how it was resolved, and of its words."""
    mention, entity = step.mention, step.entity
    kind, cue = mention.kind, step.cue.split() or ["_"]
    pronoun = mention.head if kind == "pronoun" else ""
    resolved = (step.rule_class, kind, step.new, cue[0], cue[-1], pronoun)
    if kind in ("elided", "pronoun"):
        return resolved, ()
    starts = article.sentence_starts
    opens = len(starts) < 2 or attribution.source[0].start < starts[1]
    of = look_up(article, mention.principal)[0] if mention.principal else ""
    named, _, full = look_up(article, mention.name) if mention.name else ("", "", ())
    what = (entity.kind, entity.plural) if entity is not None else None
    return resolved, (mention, opens, what, of, named, len(full) > 1)


def _resolved_features(
    rule: SourceClass | None,
    kind: Kind,
    new: bool,  # noqa: FBT001
    first: str,
    last: str,
    pronoun: str,
) -> list[str]:
    """Return the features of how a source was resolved, of its cue's `first` and `last` word, and of a `pronoun`."""
    given = f"{rule}{kind}"
    found = [
        f"R={rule}",
        "K=" + kind,
        "RK=" + given,
        f"RN={given}{new}",
        "C=" + last,
        "C1=" + first,
        "RC=" + given + last,
    ]
    return [*found, "P=" + pronoun, f"PR={pronoun}{rule}"] if pronoun else found


def _worded_features(
    mention: Mention | None = None,
    opens: bool = False,  # noqa: FBT001, FBT002
    what: tuple[str, bool] | None = None,
    of: str = "",
    named: str = "",
    in_full: bool = False,  # noqa: FBT001, FBT002
) -> list[str]:
    """Return the features of a source's words, if it has others than a pronoun.

    `opens` tells that they stand in the first sentence, `what` the kind and number of the entity, `of` and
    `named` what the names of the principal and of the source denote, `in_full` that the latter has more words
    elsewhere.
    """
    if mention is None:
        return []
    kind, head, determiner = mention.kind, mention.head, mention.determiner
    flags = f"{mention.flags & _KINDS}{mention.plural}"
    found = [
        "H=" + head,
        "F=" + flags,
        "FD=" + flags + determiner,
        "D=" + kind + determiner,
        "B=" + mention.body_noun,
        "X=" + mention.complement,
        f"HP={head}{mention.plural}{determiner}",
        f"SP={mention.spokes}",
        f"S0={opens}{kind}{determiner}",
    ]
    if what is not None:
        found += [f"E={what[0]}{what[1]}", "EK=" + kind + what[0]]
    if of:
        found += ["PT=" + of, "PTF=" + of + flags, f"PTH={of}{head}{mention.plural}"]
    if mention.name:
        found += [
            "NT=" + named,
            f"NL={named}{len(mention.name)}",
            "NTD=" + named + determiner,
            "NW=" + mention.name[-1],
            "TT=" + type_name(mention.name)[0],
            f"FL={in_full}{named}",
            f"NTT={named}{mention.titled}{mention.spokes}",
        ]
    return [*found, *("W=" + word for word in mention.words)]


@dataclass(frozen=True, slots=True)
class SourceModel:
    """Weights of the classes for each feature.

    `rows` maps a feature to its row of `weights`, whose columns are the classes in the order of
    ``SOURCE_CLASSES``; the last row is the intercept. `statements` tells statements from attitudes and
    deeds, where it is given.
    """

    rows: Mapping[str, int]
    weights: NDArray[np.float32]
    statements: StatementModel | None = None
    sums: tuple[Sums, Sums] = field(init=False, compare=False, repr=False)
    """The summed weights of the features of how sources were resolved, and of their words."""

    def __post_init__(self) -> None:
        """Make the sums ready."""
        parts = _resolved_features, _worded_features
        weights = tabulated(self.rows, self.weights)
        sums = tuple(Sums(part, weights, len(SOURCE_CLASSES)) for part in parts)
        object.__setattr__(self, "sums", sums)

    def log_probabilities(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> NDArray[np.float64]:
        """Return the log-probability of each class for the source of each attribution."""
        by_resolution, by_words = self.sums
        given = [_keys(article, *pair) for pair in zip(steps, attributions, strict=True)]
        sums = [by_resolution[resolved] for resolved, _ in given]
        sums += [by_words[worded] for _, worded in given]
        parts = np.fromiter(chain.from_iterable(sums), np.float64)  # faster than array()
        scores = parts.reshape(2, len(given), -1).sum(axis=0) + self.weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        normalised: NDArray[np.float64] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return normalised

    def classify(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> None:
        """Set the class of every entity of `steps` to the likeliest over its mentions.

        Names and nominals count in full, pronouns half, elided sources only where there is nothing else.
        """
        taken = [
            (step, attribution, step.entity)
            for step, attribution in zip(steps, attributions, strict=True)
            if step.entity is not None and "hearsay" not in step.entity.heads  # vague by definition
        ]
        if not taken:
            return
        steps, attributions, entities = zip(*taken, strict=True)
        scores = self.log_probabilities(article, steps, attributions)
        scores *= np.array([_MENTION_WEIGHTS[step.mention.kind] for step in steps])[:, None]
        places = {entity.place: entity for entity in entities}
        rows = {place: row for row, place in enumerate(places)}
        totals = np.zeros((len(places), scores.shape[1]))
        np.add.at(totals, [rows[entity.place] for entity in entities], scores)
        for entity, column in zip(places.values(), totals.argmax(axis=1).tolist(), strict=True):
            entity.source_class = SOURCE_CLASSES[column]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays."""
        names = sorted(self.rows, key=self.rows.__getitem__)
        text = "\n".join(names).encode("utf-8")
        arrays: dict[str, NDArray[Any]] = {
            "features": np.frombuffer(text, dtype=np.uint8).copy(),
            "weights": self.weights.astype(np.float16),
        }
        if self.statements is not None:
            for name, array in self.statements.to_arrays().items():
                arrays["statement_" + name] = array
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> SourceModel:
        """Return the model that :meth:`to_arrays` gave."""
        names = arrays["features"].tobytes().decode("utf-8").split("\n")
        prefix = "statement_"
        parts = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
        return cls(
            {name: row for row, name in enumerate(names)},
            arrays["weights"].astype(np.float32),
            StatementModel.from_arrays(parts) if parts else None,
        )


_MENTION_WEIGHTS = {"name": 1.0, "nominal": 1.0, "pronoun": 0.5, "elided": 0.001}
