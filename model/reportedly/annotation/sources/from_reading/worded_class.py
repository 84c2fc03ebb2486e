"""Correct a source's class where its words show one that the model did not choose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportedly.annotation.sources.coreference.names import Article, look_up
from reportedly.annotation.sources.from_reading.named_class import class_of_named
from reportedly.annotation.sources.from_reading.nameless_class import (
    class_of_nameless,
    speaks_for_person,
)
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, PEOPLE, grammar, lists
from reportedly.datamodel import ANONYMOUS_CLASSES, SourceClass


def class_by_words(
    article: Article,
    told: SourceClass,
    name: Sequence[str],
    voiced: Sequence[View],
    *,
    hidden: bool,
) -> SourceClass:
    """Return the class of a source: `told`, unless its words or a grant of anonymity show another.

    `name` is the source's own, empty if it has none; `voiced` are its statements with words for it; `hidden` is
    true if it was granted anonymity.
    """
    spokes = any(view.mention.spokes for view in voiced)
    if hidden and not (spokes and told == "named_organisation"):
        return "unnamed"
    own = _by_name(article, told, tuple(name), voiced)
    if own not in ANONYMOUS_CLASSES:
        return own
    return next((c for view in voiced if (c := _class_of_listed(article, view))), own)


def _by_name(
    article: Article, told: SourceClass, name: tuple[str, ...], voiced: Sequence[View]
) -> SourceClass:
    """Return the class of a source by its name, or by its words if it has none."""
    if name:
        return class_of_named(article, told, name, voiced)
    if any(speaks_for_person(article, view) for view in voiced):
        return "named_person"
    return class_of_nameless(article, told, voiced) if voiced else told


def _class_of_listed(article: Article, view: View) -> SourceClass | None:
    """Return the class of those whom the words of a source name: "aides, including Ada Moor", "Norvex and Holm Bank"; None if they name nobody."""
    span = view.statement.source
    if span is None:
        return None
    words = span.of(article.segmented.text).strip(" ,")
    match = _EXAMPLES.search(words)
    if match is None:
        return _class_of_names(article, words)
    core = words[: match.start()].lower().split()
    if not grammar().phrase_end.isdisjoint(core):  # "workers at firms such as Norvex"
        return None
    return _class_of_example(article, tuple(match["name"].split()), view.mention.flags)


def _class_of_example(article: Article, name: tuple[str, ...], flags: int) -> SourceClass | None:
    """Return the class of the first one who is named among those that a noun with these flags denotes."""
    kind = look_up(article, name)[0]
    if kind == "place":
        return None
    if flags & BODY and not flags & PEOPLE:
        return "press" if kind == "press" else "named_organisation"
    if _is_of_people(name):
        return None
    return _CLASSES.get(kind, "named_person" if flags & PEOPLE else None)


def _class_of_names(article: Article, words: str) -> SourceClass | None:
    """Return the class of those whom words name that are a list of names and nothing else."""
    if _NAMES.fullmatch(words) is None:
        return None
    names = [tuple(one.split()) for one in _SEPARATOR.split(words) if one]
    kinds = {look_up(article, name)[0] for name in names}
    known = kinds & _CLASSES.keys()
    if not known or "place" in kinds or all(map(_is_of_people, names)):
        return None
    return _CLASSES[known.pop()] if len(known) == 1 else "named_organisation"


def _is_of_people(name: Sequence[str]) -> bool:
    """Tell whether a word with a capital is a noun for people of a kind: "Senate Democrats"."""
    return bool(lists().nouns.get(name[-1].lower(), 0) & PEOPLE)


_CLASSES: dict[str, SourceClass] = {
    "person": "named_person",
    "body": "named_organisation",
    "press": "press",
}
_NAME = r"[A-ZÀ-Þ][\w&.’'-]{0,30}(?: [A-ZÀ-Þ][\w&.’'-]{0,30}){0,5}"
_EXAMPLES = re.compile(
    rf"[ ,–—-](?:including|such as|like|among them) (?:(?!(?:of|in|at|from|to|for|by|who|and|that|many|some|those|members?) )[a-z][\w’'-]{{0,20}} ){{0,5}}(?P<name>{_NAME})"
)
"""The first name behind "including"; words for what its bearer is may stand before it, other people may not."""
_SEPARATOR = re.compile(r",? (?:and|or) (?:the )?|, (?:the )?|\A[Tt]he ")
_NAMES = re.compile(
    rf"(?:[Tt]he )?{_NAME}(?:, (?:the )?{_NAME}){{0,8}},? (?:and|or) (?:the )?{_NAME}"
)
