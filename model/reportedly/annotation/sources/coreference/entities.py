"""A source of an article: what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.datamodel import SourceClass, Span

NO_SOURCE = "(no source given)"
"""Label of the ledger's line for what is ascribed to nobody at all."""


@dataclass(slots=True)
class Entity:
    """A source under construction: what is known of it so far.

    `withheld` tells that the text grants it anonymity; `chance` is that of being right, where that was learnt.
    """

    source_class: SourceClass
    kind: str
    label: str
    names: tuple[str, ...] = ()
    gender: str = ""
    plural: bool = False
    heads: set[str] = field(default_factory=set)
    first: int = 0
    statements: list[int] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    readings: list[Mention] = field(default_factory=list)
    withheld: bool = False
    chance: float | None = None
