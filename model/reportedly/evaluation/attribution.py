"""How well attributions are found: spans and whole attributions, by form and publisher, compared with human annotators.

An attribution is compared by role. A *span* is one contiguous stretch; the spans of a role are those
of all attributions of the article, each counted once. *Whole* content counts a discontinuous content as
one. An *exact triple* has the same source, cue and content throughout. Two attributions *match* when
their contents overlap and their sources or their cues do.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING, Any

from reportedly.annotation.attribution.detect import find_attributions
from reportedly.annotation.attribution.tagging import form_of
from reportedly.corpora.polnear import ROLES, AttributionArticle, Role, matches
from reportedly.datamodel import Attribution, Document, Form, Segmented, Span
from reportedly.reading.segmentation import segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from reportedly.annotation.attribution.model import AttributionModel


HUMAN_AGREEMENT: Mapping[str, float] = {
    "source": 0.767,
    "cue": 0.704,
    "content": 0.658,
    "content tokens": 0.913,
    "triple": 0.563,
    "match": 0.818,
}
"""Pairwise F1 of PolNeAR's annotators on 20 articles, as its distributors computed it."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were found correctly, found at all, and annotated."""

    right: int = 0
    found: int = 0
    there: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.found + other.found, self.there + other.there)

    @property
    def precision(self) -> float:
        """Share of what was found that is right; 0 if nothing was found."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """Share of what is annotated that was found; 0 if nothing is annotated."""
        return self.right / self.there if self.there else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.found + self.there
        return 2 * self.right / both if both else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return counts and rates as a dict for JSON."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {**asdict(self), **{name: round(rate, 4) for name, rate in rates.items()}}


@dataclass(frozen=True, slots=True)
class AttributionScores:
    """All scores on a set of articles: name of the score → counts.

    Figures are ``source``, ``cue``, ``content`` (spans), ``whole content``, ``… tokens``, ``triple``
    and ``match``. `recall_by_form` counts matched gold attributions by form, `by_publisher` repeats
    `figures` for each publisher.
    """

    articles: int
    figures: Mapping[str, Counts]
    recall_by_form: Mapping[str, Counts] = field(default_factory=dict)
    by_publisher: Mapping[str, Mapping[str, Counts]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return all scores as a dict for JSON."""

        def plain(figures: Mapping[str, Counts]) -> dict[str, dict[str, float]]:
            return {name: counts.as_dict() for name, counts in figures.items()}

        return {
            "articles": self.articles,
            "figures": plain(self.figures),
            "recall_by_form": plain(self.recall_by_form),
            "by_publisher": {name: plain(f) for name, f in self.by_publisher.items()},
            "human_agreement": dict(HUMAN_AGREEMENT),
        }


def compare_attributions(
    gold: Sequence[Attribution], found: Sequence[Attribution], words: Sequence[Span]
) -> dict[str, Counts]:
    """Return the counts of one article; `words` are its tokens."""
    figures: dict[str, Counts] = {}
    for role in ROLES:
        figures[role] = _counts(_spans(gold, role), _spans(found, role))
    figures["whole content"] = _counts(
        {a.content for a in gold if a.content}, {a.content for a in found if a.content}
    )
    for role in ROLES:
        figures[f"{role} tokens"] = _counts(
            _covered(_spans(gold, role), words), _covered(_spans(found, role), words)
        )
    figures["triple"] = _counts(
        {(a.source, a.cue, a.content) for a in gold}, {(a.source, a.cue, a.content) for a in found}
    )
    figures["match"] = matched(gold, found)
    return figures


def matched(gold: Sequence[Attribution], found: Sequence[Attribution]) -> Counts:
    """Return how many attributions have a partner on the other side.

    The correct ones are the smaller number of both sides' matched attributions, so that several found attributions for
    one gold attribution, or the reverse, do not count twice.
    """
    there = sum(any(matches(g, f) for f in found) for g in gold)
    right = sum(any(matches(g, f) for g in gold) for f in found)
    return Counts(min(there, right), len(found), len(gold))


def _spans(attributions: Iterable[Attribution], role: Role) -> set[Span]:
    return {span for attribution in attributions for span in getattr(attribution, role)}


def _covered(spans: Iterable[Span], words: Sequence[Span]) -> set[Span]:
    """Return the words that some of the spans touch."""
    inside: set[int] = set()
    for span in spans:
        inside.update(range(span.start, span.end))
    return {word for word in words if word.start in inside or word.end - 1 in inside}


def _counts(gold: set[Any], found: set[Any]) -> Counts:
    return Counts(len(gold & found), len(found), len(gold))


def evaluate(
    articles: Sequence[AttributionArticle],
    find: Callable[[Document], tuple[Sequence[Attribution], Sequence[Span]]],
    form_of: Callable[[Document, Attribution], Form] | None = None,
) -> AttributionScores:
    """Return the scores of a finder on annotated articles.

    `find` returns the attributions of a document and the spans of its tokens; `form_of` returns a gold
    attribution's form, for recall by form.
    """
    total: dict[str, Counts] = defaultdict(Counts)
    publishers: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    forms: dict[str, Counts] = defaultdict(Counts)
    for article in articles:
        found, words = find(article.document)
        for name, counts in compare_attributions(article.attributions, found, words).items():
            total[name] += counts
            publishers[article.publisher][name] += counts
        if form_of is not None:
            for gold in article.attributions:
                hit = any(matches(gold, f) for f in found)
                forms[form_of(article.document, gold)] += Counts(int(hit), 0, 1)
    return AttributionScores(
        len(articles), dict(total), dict(forms), {p: dict(f) for p, f in sorted(publishers.items())}
    )


def human_agreement(
    articles: Sequence[AttributionArticle], tokens: Callable[[Document], Sequence[Span]]
) -> dict[str, Counts]:
    """Return the scores of the annotators against each other, on articles that several annotated."""
    by_name: dict[str, list[AttributionArticle]] = defaultdict(list)
    for article in articles:
        by_name[article.name].append(article)
    total: dict[str, Counts] = defaultdict(Counts)
    for versions in by_name.values():
        if len(versions) < 2:
            continue
        words = tokens(versions[0].document)
        for one, other in permutations(versions, 2):
            for name, counts in compare_attributions(
                one.attributions, other.attributions, words
            ).items():
                total[name] += counts
    return dict(total)


def measure_attributions(
    articles: Sequence[AttributionArticle], model: AttributionModel, *, split: str | None = None
) -> dict[str, Any]:
    """Return everything that ``reportedly evaluate attribution`` prints, as a dict for JSON.

    Parameters
    ----------
    articles
        Annotated articles, as returned by :func:`load_polnear`.
    model
        The model that finds attributions, in the scope ``all``, since PolNeAR also annotates wishes and plans.
    split
        Only articles of this split.

    Returns
    -------
    dict
        ``primary``: the scores against the primary annotations; ``every annotator``: against each
        version of the articles that several people annotated; ``people``: these against each other.
    """
    chosen = [a for a in articles if split is None or a.split == split]
    versions: dict[str, list[AttributionArticle]] = defaultdict(list)
    for article in chosen:
        versions[article.name].append(article)
    several = [a for group in versions.values() if len(group) > 1 for a in group]
    known: dict[str, tuple[tuple[Attribution, ...], list[Span], Segmented]] = {}

    def reading(document: Document) -> tuple[tuple[Attribution, ...], list[Span], Segmented]:
        if document.text not in known:
            parts = segment(document)
            found = find_attributions(parts, model, scope="all")
            known[document.text] = (found, _words(parts), parts)
        return known[document.text]

    def find(document: Document) -> tuple[Sequence[Attribution], Sequence[Span]]:
        return reading(document)[:2]

    def form(document: Document, attribution: Attribution) -> Form:
        return _form(reading(document)[2], attribution)

    result: dict[str, Any] = {
        "primary": evaluate([a for a in chosen if a.primary], find, form).as_dict()
    }
    if several:
        result["every annotator"] = evaluate(several, find, form).as_dict()
        people = human_agreement(several, lambda document: reading(document)[1])
        result["people"] = {name: counts.as_dict() for name, counts in people.items()}
    return result


def _words(parts: Segmented) -> list[Span]:
    """Return the spans of the tokens."""
    return [Span(*pair) for pair in zip(parts.tokens.starts, parts.tokens.ends, strict=True)]


def _form(parts: Segmented, attribution: Attribution) -> Form:
    """Return the form of an annotated attribution: how much of its content is quoted."""
    quoted = [q.span for q in parts.quotations if q.depth == 0]
    length = sum(span.end - span.start for span in attribution.content)
    inside = sum(
        max(0, min(span.end, quote.end) - max(span.start, quote.start))
        for span in attribution.content
        for quote in quoted
    )
    return form_of(inside, length)
