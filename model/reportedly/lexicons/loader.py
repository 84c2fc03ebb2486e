"""Word lists and patterns as data: each TOML file carries its own hits, misses and citation.

A file has ``name``, ``what`` and ``citation``, then ``[[entry]]`` tables. An entry has ``terms``
(whole words, ignoring case) or ``pattern`` (a regular expression), any further
keys as its attributes, and, like the file, optional ``hits`` and ``misses``: sentences of our own that
must, or must not, match.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from reportedly.datamodel import Span
from reportedly.errors import InvalidLexicon

_KNOWN = {"terms", "pattern", "hits", "misses"}


@dataclass(frozen=True, slots=True)
class Entry:
    """Terms, or one pattern, that share their attributes."""

    terms: tuple[str, ...] = ()
    pattern: str | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    def matcher(self) -> re.Pattern[str]:
        """Return the entry's compiled pattern, used both to decide and to locate."""
        if self.pattern is not None:
            return re.compile(self.pattern, re.MULTILINE)
        return _words(self.terms)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One lexicon file: what it lists, its citation, and its entries."""

    name: str
    what: str
    citation: str
    entries: tuple[Entry, ...]
    hits: tuple[str, ...] = ()
    misses: tuple[str, ...] = ()

    def terms(self) -> frozenset[str]:
        """Return every term of every entry, in lower case."""
        return frozenset(term.lower() for entry in self.entries for term in entry.terms)

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Return the terms, as written, of the entries whose attribute `kind` has this value."""
        return tuple(t for e in self.entries if e.attributes.get("kind") == kind for t in e.terms)

    def find(self, text: str) -> Iterator[tuple[Span, Entry]]:
        """Yield the matches of each entry in `text`, by entry."""
        for entry in self.entries:
            for match in entry.matcher().finditer(text):
                yield Span(*match.span()), entry


@cache
def _words(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of `terms`, longest first, as whole words with either kind of apostrophe.

    Terms are grouped by their first letter, so that a place in the text is compared with few of them.
    """
    groups = defaultdict(list)
    for term in sorted(terms, key=len, reverse=True):
        groups[term[0].lower()].append(term)
    body = "|".join(
        f"{_spelled(group[0][0])}(?:{'|'.join(_spelled(term[1:]) for term in group)})"
        for group in groups.values()
    )
    return re.compile(rf"(?<!\w)(?:{body})(?!\w)", re.IGNORECASE)


def _spelled(part: str) -> str:
    """Return a pattern for part of a term, with either kind of apostrophe."""
    return re.escape(part).replace("'", "['’]")


@cache
def load(name: str) -> Lexicon:
    """Return the lexicon `name` that ships with the package.

    Raises
    ------
    InvalidLexicon
        When there is no such file, or it breaks the rules of this module.
    """
    path = files("reportedly") / "lexicons" / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(names())
        raise InvalidLexicon(f"no lexicon {name!r}; there are {known}")
    return parse(path.read_text(encoding="utf-8"), name)


@cache
def words_of(name: str, *kinds: str) -> frozenset[str]:
    """Return the terms of these kinds of the lexicon `name` as a set, built once per process."""
    lexicon = load(name)
    return frozenset(term for kind in kinds for term in lexicon.of_kind(kind))


@cache
def values_of(name: str, kind: str) -> Mapping[str, Any]:
    """Return the `value` of each term of this kind of the lexicon `name`, built once per process."""
    entries = (entry for entry in load(name).entries if entry.attributes.get("kind") == kind)
    return {term: entry.attributes["value"] for entry in entries for term in entry.terms}


@cache
def matcher_of(name: str, kind: str) -> re.Pattern[str]:
    """Return the pattern of the one entry of this kind in the lexicon `name`, compiled once per process."""
    (entry,) = (entry for entry in load(name).entries if entry.attributes.get("kind") == kind)
    return entry.matcher()


def names() -> list[str]:
    """Return the names of the lexicons that ship with the package."""
    folder = files("reportedly") / "lexicons"
    return sorted(
        p.name.removesuffix(".toml") for p in folder.iterdir() if p.name.endswith(".toml")
    )


def parse(source: str, name: str) -> Lexicon:
    """Return the lexicon written in `source`; `name` is used in error messages.

    Raises
    ------
    InvalidLexicon
        When the text is not TOML, lacks a key, or an entry has neither terms nor pattern.
    """
    try:
        table = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise InvalidLexicon(f"lexicon {name!r} is not TOML: {error}") from error
    missing = {"name", "what", "citation", "entry"} - table.keys()
    if missing:
        raise InvalidLexicon(f"lexicon {name!r} lacks {', '.join(sorted(missing))}")
    return Lexicon(
        name=table["name"],
        what=table["what"],
        citation=table["citation"],
        entries=tuple(_entry(row, name) for row in table["entry"]),
        hits=tuple(table.get("hits", ())),
        misses=tuple(table.get("misses", ())),
    )


def _entry(row: Mapping[str, Any], name: str) -> Entry:
    """Return one ``[[entry]]`` table as an Entry."""
    terms, pattern = tuple(row.get("terms", ())), row.get("pattern")
    if bool(terms) == (pattern is not None):
        raise InvalidLexicon(f"lexicon {name!r}: an entry needs either terms or a pattern: {row!r}")
    if pattern is not None:
        try:
            re.compile(pattern, re.MULTILINE)
        except re.error as error:
            raise InvalidLexicon(f"lexicon {name!r}: bad pattern {pattern!r}: {error}") from error
    return Entry(
        terms=terms,
        pattern=pattern,
        attributes={key: value for key, value in row.items() if key not in _KNOWN},
        hits=tuple(row.get("hits", ())),
        misses=tuple(row.get("misses", ())),
    )
