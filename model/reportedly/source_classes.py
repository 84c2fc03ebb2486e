"""The class of a source, learned: a multinomial logistic regression over what the rules read.

The rules of :mod:`reportedly.references` say how each attribution was resolved and which class they
would give; the model weighs that against head noun, determiner, number, cue and names. An entity's
class is the one most likely over all the mentions that name it, so that a ledger line and its
attributions never disagree. Trained by :mod:`reportedly.source_training`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.datamodel import SOURCE_CLASSES, Attribution
from reportedly.names import Article, look_up
from reportedly.references import Step
from reportedly.roster import Entity
from reportedly.source_words import (
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
from reportedly.statements import StatementModel

_KINDS = SPOKES | ANON | NOTABLE | COLLECTIVE | BODY | DOCUMENT | HEARSAY | PRESS


def features(article: Article, step: Step, attribution: Attribution) -> list[str]:
    """Return the names of the features that hold of one attribution's source; each counts 1."""
    mention, entity = step.mention, step.entity
    rule, kind = str(step.rule_class), mention.kind
    words = step.cue.split()
    last = words[-1] if words else "_"
    found = [
        "R=" + rule,
        "K=" + kind,
        "RK=" + rule + kind,
        f"RN={rule}{kind}{step.new}",
        "C=" + last,
        "C1=" + (words[0] if words else "_"),
        "RC=" + rule + kind + last,
    ]
    if kind == "pronoun":
        return [*found, "P=" + mention.head, "PR=" + mention.head + rule]
    if kind == "elided":
        return found
    if entity is not None:
        found += [f"E={entity.kind}{entity.plural}", "EK=" + kind + entity.kind]
    flags = f"{mention.flags & _KINDS}{mention.plural}"
    found += [
        "H=" + mention.head,
        "F=" + flags,
        "FD=" + flags + mention.determiner,
        "D=" + kind + mention.determiner,
        "B=" + mention.body_noun,
        "X=" + mention.complement,
        f"HP={mention.head}{mention.plural}{mention.determiner}",
        f"SP={mention.spokes}",
    ]
    if mention.principal:
        of = look_up(article, mention.principal)[0]
        found += ["PT=" + of, "PTF=" + of + flags, f"PTH={of}{mention.head}{mention.plural}"]
    if mention.name:
        found += _name_features(article, mention.name, mention.determiner)
        found.append(f"NTT={look_up(article, mention.name)[0]}{mention.titled}{mention.spokes}")
    found += ["W=" + word for word in mention.words]
    starts = article.sentence_starts
    opens = len(starts) < 2 or attribution.source[0].start < starts[1]
    found.append(f"S0={opens}{kind}{mention.determiner}")
    return found


def _name_features(article: Article, name: tuple[str, ...], determiner: str) -> list[str]:
    """Return the features of the name in a source."""
    kind, _, full = look_up(article, name)
    return [
        "NT=" + kind,
        f"NL={kind}{len(name)}",
        "NTD=" + kind + determiner,
        "NW=" + name[-1],
        "TT=" + type_name(name)[0],
        f"FL={len(full) > 1}{kind}",
    ]


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

    def log_probabilities(self, found: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the log-probability of each class for each list of features."""
        rows = self.rows
        unknown = len(self.weights)
        picked: list[int] = []
        starts: list[int] = []
        for names in found:
            starts.append(len(picked))
            picked.append(unknown - 1)
            picked += [row for row in map(rows.get, names) if row is not None]
        scores = np.add.reduceat(self.weights[picked], starts, axis=0, dtype=np.float32)
        scores -= scores.max(axis=1, keepdims=True)
        normalised: NDArray[np.float32] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return normalised

    def classify(
        self, article: Article, steps: Sequence[Step], attributions: Sequence[Attribution]
    ) -> None:
        """Set the class of every entity of `steps` to the likeliest over its mentions.

        Names and nominals count in full, pronouns half, elided sources only where there is nothing else.
        """
        taken = [
            i
            for i, step in enumerate(steps)
            if step.entity is not None and "hearsay" not in step.entity.heads  # vague by definition
        ]
        if not taken:
            return
        scores = self.log_probabilities(
            [features(article, steps[i], attributions[i]) for i in taken]
        )
        entities: dict[int, Entity] = {}
        places: dict[int, int] = {}
        rows: list[int] = []
        for i in taken:
            entity = steps[i].entity
            assert entity is not None
            rows.append(places.setdefault(id(entity), len(places)))
            entities[rows[-1]] = entity
        shares = np.array([_MENTION_WEIGHTS[steps[i].mention.kind] for i in taken], np.float32)
        totals = np.zeros((len(places), scores.shape[1]), np.float32)
        np.add.at(totals, rows, scores * shares[:, None])
        best = totals.argmax(axis=1).tolist()
        for row, column in enumerate(best):
            entities[row].source_class = SOURCE_CLASSES[column]

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
