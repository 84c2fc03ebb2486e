"""Link statements to sources: first those with words for their source, then elided ones.

Both run left to right. An elided statement comes second because it may begin what the next source continues to
say: "The pumps failed. They will fail again," the mayor said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, log

import numpy as np

from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.linking.bars.barred import barred
from reportedly.annotation.sources.linking.features import rows_of
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.annotation.sources.linking.model import LinkModel, link_evidence
from reportedly.annotation.sources.linking.parties import OPEN, Candidate, Register
from reportedly.annotation.sources.linking.statements import (
    Decision,
    Link,
    Linked,
    LinkedSource,
    Statement,
)
from reportedly.annotation.sources.linking.views import KINDS, View, views
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.datamodel.arrays import Floats32

_VAGUE = SOURCE_CLASSES.index("vague")
_MOST_LINKED, _CHARACTERS_EACH = 2_000, 200
"""The most statements that are linked in any article; in a longer text, one per so many characters."""

_CERTAIN = 8.0
"""Limit of the log odds of an earlier link; greater certainty is not distinguished."""


def link(article: Article, statements: Sequence[Statement], model: LinkModel) -> Linked:
    """Return who makes each statement; `statements` are in the order of the text."""
    return linking_run(article, statements, model).linked()


def linking_run(article: Article, statements: Sequence[Statement], model: LinkModel) -> LinkRun:
    """Return the linking of an article's statements."""
    run = LinkRun(article, statements, model)
    for view in in_turn(run.register):
        run.advance(view)
    return run


def most_linked(article: Article) -> int:
    """Return the most statements of an article that are linked: more than any news article has, so that time is bounded."""
    return max(_MOST_LINKED, len(article.segmented.text) // _CHARACTERS_EACH)


def register_of(article: Article, statements: Sequence[Statement]) -> Register:
    """Return an article with its statements analysed and none linked."""
    figures = find_figures(article)
    return Register(article, figures, views(article, figures, statements))


def in_turn(register: Register) -> Iterator[View]:
    """Yield the statements in the order in which they are linked."""
    yield from (view for view in register.views if not view.elided)
    yield from (view for view in register.views if view.elided)


def is_hearsay(view: View) -> bool:
    """Tell whether a statement that no known source makes has no source at all, and not a new one."""
    classes = view.statement.classes
    return view.kind == "hearsay" and (classes is None or classes[_VAGUE] > 0.3)


_FAR = 30.0
"""Log odds against an impossible candidate."""

_NAMED_SO = np.array([4.0, 4.0, 4.0], np.float32)
"""The certainty features of a choice by name alone: about those of the model's own choices of this kind."""


class LinkRun:
    """The linking of an article's statements by a model; `trust` has the log odds of each link."""

    def __init__(self, article: Article, statements: Sequence[Statement], model: LinkModel) -> None:
        self.register = register_of(article, statements)
        self.trust = [_CERTAIN] * len(statements)
        self.evidence = np.zeros((len(statements), 3), np.float32)
        self._model = model

    def advance(self, view: View) -> None:
        """Link one statement: by its name if only one source has it, else by the model."""
        known = self.register.bearer(view)
        if known is None:
            self.step(view)
            return
        self.evidence[view.place] = _NAMED_SO
        self.trust[view.place] = self._odds(view)
        self.register.enter(view, known)

    def step(self, view: View) -> tuple[Floats32, list[Candidate], int]:
        """Link one statement; return the rows, the candidates and the choice, the last row for "new"."""
        candidates = self.register.candidates(view)
        rows = rows_of(self.register, view, candidates)
        scores = self._model.ranker(elided=view.elided)(rows)
        out = barred(self.register, view, [candidate.party for candidate in candidates])
        scores[:-1][out] = -_FAR
        if view.kind == "carried" and candidates:
            scores[-1] = -_FAR  # somebody never named is not a source of the ledger
        chosen = int(scores.argmax())
        candidate = candidates[chosen] if chosen < len(candidates) else None
        self.evidence[view.place] = link_evidence(scores, chosen, self._trusted(view, candidate))
        self.trust[view.place] = self._odds(view)
        if candidate is None and is_hearsay(view):
            self.register.leave(view)
        else:
            self.register.enter(view, candidate)
        return rows, candidates, chosen

    def _odds(self, view: View) -> float:
        """Return the log odds that a link is right, bounded."""
        p = self._model.probability(KINDS.index(view.kind), self.evidence[view.place])
        odds = log(max(p, 1e-6) / max(1.0 - p, 1e-6))
        return min(max(odds, -_CERTAIN), _CERTAIN)

    def _trusted(self, view: View, candidate: Candidate | None) -> float:
        """Return the log odds of the candidate's statement before this one, else after it."""
        if candidate is None:
            return _CERTAIN
        before = candidate.party.before(view.place)
        other = before if before >= 0 else candidate.party.after(view.place)
        return self.trust[other] if other >= 0 else _CERTAIN

    def linked(self) -> Linked:
        """Return the links made, sources numbered in the order of their first clear statement."""
        numbers: dict[int, int] = {}
        statements: list[list[int]] = []
        links = []
        for view in self.register.views:
            owner = self.register.owner[view.place]
            probability = 1.0 / (1.0 + exp(-self.trust[view.place]))
            decision: Decision = "source" if owner in numbers else "new"
            if owner == OPEN:
                links.append(Link("unclear", -1, 0.0))
            elif probability < self._model.least[KINDS.index(view.kind)]:
                links.append(Link("unclear", -1, probability))
            elif owner < 0:
                links.append(Link("nobody", -1, probability))
            else:
                number = numbers.setdefault(owner, len(numbers))
                if number == len(statements):
                    statements.append([])
                statements[number].append(view.place)
                links.append(Link(decision, number, probability))
        sources = tuple(
            LinkedSource(self._name(owner), tuple(said))
            for owner, said in zip(numbers, statements, strict=True)
        )
        return Linked(tuple(links), sources)

    def _name(self, owner: int) -> tuple[str, ...]:
        """Return the longest name of a party; empty if it has none."""
        members = self.register.figures.members
        names = [members[place].label for place in self.register.parties[owner].figures]
        return min(names, key=lambda name: (-len(name), name), default=())
