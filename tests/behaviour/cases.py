"""The cases: capability × kind, each with what it asserts of the model that ships.

Kinds (Ribeiro et al. 2020): MFT, a minimum that any such tool should manage; INV, a change that should not
move the risk; DIR, a change that may only raise it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from reportedly.datamodel import Assessment
from tests.behaviour import changes
from tests.behaviour.articles import TEMPLATES, Article, corpus, singles
from tests.behaviour.checks import Check
from tests.behaviour.minimum import MINIMA

Assess = Callable[[str, str], Assessment]
"""Assesses a text under a title."""

INVARIANCE = 5.0
"""A change without meaning must move the risk by fewer points."""
SLACK = 1.0
"""A change for the worse may lower the risk by so many points."""
PAIRS_IN_ORDER = 0.9
"""The least share of contrast pairs whose riskier article must have the higher risk."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a case holds, by how many points the risk moved if the case is about that, and what was found."""

    holds: bool
    moved: float | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `change` names what is changed, `run` runs it."""

    id: str
    capability: str
    kind: str
    change: str
    run: Callable[[Assess], Outcome]


@cache
def cases() -> tuple[Case, ...]:
    """Return all cases but the contrast pairs, in a fixed order."""
    return (*_minimum(), *_invariance(), *_direction())


def _minimum() -> Iterator[Case]:
    """Yield the minimum functionality cases."""
    for capability, what, text, check in MINIMA:
        yield Case(f"MFT {capability}: {what}", capability, "MFT", what, _checked(text, check))


def _checked(text: str, check: Check) -> Callable[[Assess], Outcome]:
    """Return the run of a minimum: the assessment of its text must pass its check."""

    def run(assess: Assess) -> Outcome:
        wrong = check(assess(text, ""))
        return Outcome(not wrong, said=wrong)

    return run


def _moved(before: Article, after: Article, assess: Assess) -> Outcome:
    """Return by how many points the risk moves from one article to the other; None if either has no risk."""
    first, second = (assess(a.text, a.title).risk for a in (before, after))
    if first.score is None or second.score is None:
        said = f"{first.abstained or first.score} became {second.abstained or second.score}"
        return Outcome(first.abstained == second.abstained, said=said)
    return Outcome(
        holds=True, moved=second.score - first.score, said=f"{first.score} became {second.score}"
    )


def _unmoved(before: Article, after: Article) -> Callable[[Assess], Outcome]:
    """Return the run of an invariance: the risk moves by less than ``INVARIANCE``, or both articles have none."""

    def run(assess: Assess) -> Outcome:
        found = _moved(before, after, assess)
        return found if found.moved is None else replace(found, holds=abs(found.moved) < INVARIANCE)

    return run


def _not_lowered(before: Article, after: Article) -> Callable[[Assess], Outcome]:
    """Return the run of a direction: the risk falls by at most ``SLACK``, and does not become an abstention."""

    def run(assess: Assess) -> Outcome:
        found = _moved(before, after, assess)
        if found.moved is None:
            silent = assess(before.text, before.title).risk.score is None
            return replace(found, holds=silent)
        return replace(found, holds=found.moved >= -SLACK)

    return run


def _as_article(record: Mapping[str, Any]) -> Article:
    return Article(record["title"], record["text"])


def _invariance() -> Iterator[Case]:
    """Yield the cases of changes without meaning: on the templates and the corpus's held-out articles."""
    plain = [(t.id, t.make()) for t in TEMPLATES] + [(r["id"], _as_article(r)) for r in _sample()]
    capabilities = (
        ("quotation marks", changes.QUOTATION),
        ("typography", changes.TYPOGRAPHY),
        ("page furniture", changes.FURNITURE),
    )
    for capability, table in capabilities:
        for what, change in table.items():
            for name, article in plain:
                after = change(article)
                if after != article:
                    yield _case("INV", capability, what, name, _unmoved(article, after))
    yield from _people_and_places()
    for what, outlet in changes.OUTLETS.items():
        for name, article in plain:
            before = changes.outlet_named(article, "Harland Tribune")
            after = changes.outlet_named(article, outlet)
            yield _case("INV", "outlets", what, name, _unmoved(before, after))


def _sample() -> tuple[dict[str, Any], ...]:
    """Return the corpus articles for changes without meaning: a sample, to save time."""
    return singles()[::2]


def _people_and_places() -> Iterator[Case]:
    """Yield the cases in which people and places get other names."""
    for what, names in changes.PEOPLE.items():
        new = dict(zip(("person", "second", "third"), names, strict=False))
        new |= {f"{role}_last": name.partition(" ")[2] for role, name in new.items()}
        new["last"] = new.pop("person_last")
        for template in TEMPLATES:
            yield _swap("people", what, template.id, template.make(), template.make(**new))
        for record in _sample():
            after = changes.people_swapped(record, names)
            yield _swap("people", what, record["id"], _as_article(record), after)
    for what, names in changes.PLACES.items():
        for template in TEMPLATES:
            after = template.make(place=names[0], region=names[1])
            yield _swap("places", what, template.id, template.make(), after)
        for record in _sample():
            after = changes.places_swapped(record, names)
            yield _swap("places", what, record["id"], _as_article(record), after)


def _swap(capability: str, what: str, name: str, before: Article, after: Article) -> Case:
    return _case("INV", capability, what, name, _unmoved(before, after))


def _case(
    kind: str, capability: str, what: str, name: str, run: Callable[[Assess], Outcome]
) -> Case:
    return Case(f"{kind} {capability}: {what}: {name}", capability, kind, what, run)


TURNS: Mapping[str, str] = {
    "named": "named source made unnamed",
    "reason": "reason for anonymity removed",
    "document": "document removed",
    "merged": "sources merged into one",
    "claims": "unsupported claims added",
}
"""What each alternative wording of a template changes."""


def _direction() -> Iterator[Case]:
    """Yield the cases of changes for the worse."""
    for what, name, before, after in changes_for_the_worse():
        yield _worse(what, name, before, after)


def changes_for_the_worse() -> Iterator[tuple[str, str, Article, Article]]:
    """Yield the change, the article's name, and the article before and after."""
    for template in TEMPLATES:
        for key in template.turns:
            yield TURNS[key], template.id, template.make(), template.make(key)
    for number, record in enumerate(singles()):
        before = _as_article(record)
        for what, after in _worsened(record, number):
            if after is not None and after != before:
                yield what, record["id"], before, after


def _worsened(record: Mapping[str, Any], number: int) -> Iterator[tuple[str, Article | None]]:
    """Yield the changes for the worse that a corpus article allows."""
    if changes.people_in(record):
        yield TURNS["named"], changes.unnamed(record)
        yield "named source made 'experts'", changes.unnamed(record, "experts", "experts")
    yield TURNS["reason"], changes.without_reason(record)
    yield TURNS["document"], changes.without_sentences(record, changes.rests_on_document)
    yield TURNS["merged"], changes.merged(record)
    yield TURNS["claims"], changes.with_claims(_as_article(record), number)


def _worse(what: str, name: str, before: Article, after: Article) -> Case:
    return _case("DIR", "sourcing", what, name, _not_lowered(before, after))


@dataclass(frozen=True, slots=True)
class Pair:
    """A contrast pair of the corpus: what differs, its split, and its two articles."""

    id: str
    contrast: str
    split: str
    riskier: Article
    safer: Article

    def gap(self, assess: Assess) -> float | None:
        """Return by how many points the riskier article's risk is higher; None if either has no risk."""
        high, low = (assess(a.text, a.title).risk.score for a in (self.riskier, self.safer))
        return None if high is None or low is None else high - low


@cache
def pairs() -> tuple[Pair, ...]:
    """Return the contrast pairs of the corpus."""
    found: dict[str, dict[int, Mapping[str, Any]]] = {}
    for record in corpus():
        if record["pair"]:
            found.setdefault(record["pair"], {})[record["risk"]] = record
    return tuple(
        Pair(name, two[1]["contrast"], two[1]["split"], _as_article(two[1]), _as_article(two[0]))
        for name, two in found.items()
    )
