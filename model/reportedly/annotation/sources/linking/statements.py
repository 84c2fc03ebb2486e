"""What the linker is told of each statement, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from reportedly.datamodel import Span

Decision = Literal["source", "new", "nobody", "unclear"]
"""An earlier source of the article, a new one, nobody in particular, or not to be told."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement: where it stands, the words of its source and cue, the likely class of its source.

    `extent` is all of it, or its sentence; `source` is None where it is elided; `cue` is in lower case, empty
    where there is none; `classes` holds the probability of each of ``SOURCE_CLASSES``, None where nothing
    is known of them.
    """

    extent: Span
    source: Span | None = None
    cue: str = ""
    classes: tuple[float, ...] | None = None

    @property
    def start(self) -> int:
        """Where its source begins, else where it does."""
        return self.extent.start if self.source is None else self.source.start


class Link(NamedTuple):
    """Whose words one statement is: `source` numbers the article's sources, -1 for nobody and unclear.

    `probability` says how likely that source is the right one; of an unclear statement, how likely the best
    guess was.
    """

    decision: Decision
    source: int
    probability: float


class LinkedSource(NamedTuple):
    """One source of an article: its name, in full where the article gives one, and its statements by number."""

    name: tuple[str, ...]
    statements: tuple[int, ...]


class Linked(NamedTuple):
    """The links of an article's statements, in the order given, and its sources in order of appearance."""

    links: tuple[Link, ...]
    sources: tuple[LinkedSource, ...]
