"""The sorts of bodies, such as firms, ministries and armies, and the nouns that call a body of each.

The table is ``lexicons/source_bodies.toml``, kind "sort".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from reportedly.annotation.sources.word_lists import lists
from reportedly.lexicons.loader import load

Sorts = frozenset[str]
_NONE: Sorts = frozenset()


class _Table(NamedTuple):
    """The sorts that a noun tells inside a name, those that it may call by itself, and those of bodies whose name tells none."""

    in_name: Mapping[str, Sorts]
    alone: Mapping[str, Sorts]
    untold: Sorts


@cache
def _table() -> _Table:
    """Read the table of sorts, once per process."""
    in_name: dict[str, Sorts] = {}
    alone: dict[str, Sorts] = {}
    rows = [e for e in load("source_bodies").entries if e.attributes.get("kind") == "sort"]
    for row in rows:
        sort = frozenset([row.attributes["sort"]])
        for noun in row.terms:
            in_name[noun] = in_name.get(noun, _NONE) | sort
        for noun in row.attributes.get("only", ()):
            alone[noun] = alone.get(noun, _NONE) | sort
    untold = frozenset(row.attributes["sort"] for row in rows if row.attributes.get("untold"))
    return _Table(MappingProxyType(in_name), MappingProxyType({**in_name, **alone}), untold)


def sorts_in(words: Iterable[str]) -> Sorts:
    """Return the sorts of body that words of a name, in lower case, tell."""
    table, singular = _table().in_name, lists().singular
    return _NONE.union(*(table.get(w) or table.get(singular.get(w, ""), _NONE) for w in words))


def sorts_of(noun: str) -> Sorts:
    """Return the sorts of body that a noun by itself may call."""
    table = _table().alone
    return table.get(noun) or table.get(lists().singular.get(noun, ""), _NONE)


def untold_sorts() -> Sorts:
    """Return the sorts of which a body may be whose name tells none."""
    return _table().untold
