"""A source of an article during the construction of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.datamodel import SourceClass, Span

NO_SOURCE = "(no source given)"
"""Label of the ledger line for statements without a source."""


@dataclass(slots=True)
class Entity:
    """A source under construction, with what is known so far.

    `withheld` is true if the text grants it anonymity; `chance` is the probability that its line is right, if the
    bundle has one.
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
