"""Correct a source's class where its words show one that the model did not choose."""

from __future__ import annotations

from collections.abc import Sequence

from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.from_reading.named_class import class_of_named
from reportedly.annotation.sources.from_reading.nameless_class import (
    class_of_nameless,
    speaks_for_person,
)
from reportedly.annotation.sources.linking.views import View
from reportedly.datamodel import SourceClass


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
    if name:
        return class_of_named(article, told, tuple(name), voiced)
    if any(speaks_for_person(article, view) for view in voiced):
        return "named_person"
    return class_of_nameless(article, told, voiced) if voiced else told
