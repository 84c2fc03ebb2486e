"""The linker's input for each statement, and its answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reportedly.datamodel import Span

Decision = Literal["source", "new", "nobody", "unclear"]
"""An earlier source of the article, a new one, nobody in particular, or unclear."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: its place, the words of its source and cue, and class probabilities of its source.

    `extent` is all of it, or its sentence; `source` is None if it is elided; `cue` is in lower case, empty
    if there is none; `classes` has the probability of each of ``SOURCE_CLASSES``, or is None if nothing
    is known of them.
    """

    extent: Span
    source: Span | None = None
    cue: str = ""
    classes: tuple[float, ...] | None = None

    @property
    def start(self) -> int:
        """The offset of its source, else its own."""
        return self.extent.start if self.source is None else self.source.start


class Link(NamedTuple):
    """Who makes one statement: `source` is the number of the source, -1 for nobody and unclear.

    `probability` is that of the source being right; for an unclear statement, that of the best
    guess.
    """

    decision: Decision
    source: int
    probability: float


class LinkedSource(NamedTuple):
    """One source of an article: its name, in full if the article gives it, and its statements by number."""

    name: tuple[str, ...]
    statements: tuple[int, ...]


class Linked(NamedTuple):
    """The links of an article's statements, in the order given, and its sources in order of appearance."""

    links: tuple[Link, ...]
    sources: tuple[LinkedSource, ...]
