"""What a person corrected in an article's ledger: a small TOML file beside the article.

::

    schema = "reportedly/corrections/1"
    article = "harbour-pumps.txt"
    sha256 = "…"                  # of the article's text as it was read
    [[correction]]
    action = "merge"              # wrong, merge, rename or class
    line = "s2"
    with = ["s4"]                 # merge: the lines that are the same source; rename and class: to = "…"
    [[line]]                      # the ledger that was corrected
    id = "s2"
    label = "a senior official"
    class = "unnamed"
    statements = [[210, 290, "a senior official", "said"]]

A statement is the range of what is said in one sentence, with the words of source and cue, empty if there are none.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from reportedly.datamodel.annotation import SOURCE_CLASSES, SourceClass
from reportedly.errors import InvalidDocument

CORRECTIONS_SCHEMA = "reportedly/corrections/1"
CORRECTIONS_SUFFIX = ".corrections.toml"
_MOST_BYTES = 2_000_000
"""The largest size of a corrections file in bytes; the ledger of the longest article takes less."""

Action = Literal["wrong", "merge", "rename", "class"]
ACTIONS: tuple[Action, ...] = get_args(Action)

_HEAD = """\
# Corrections to the ledger that reportedly made of this article. `reportedly correct` writes this file; you may delete
# corrections by hand. Reports and scores apply them while this file is beside the article.
"""
_LINES = "\n# The ledger that was corrected: each line's statements are [start, end, words of the source, words of the cue].\n"


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction of the line `line`: `to` is a new name or class, `others` the lines that are the same source."""

    action: Action
    line: str
    to: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerStatement:
    """A statement of a ledger line: its range within one sentence of the text as read, and the words of source and cue."""

    start: int
    end: int
    source: str = ""
    cue: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of the ledger that was corrected."""

    id: str
    label: str
    source_class: SourceClass
    statements: tuple[LedgerStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrections:
    """What a person corrected in the ledger `lines` of the article whose text has the digest `sha256`."""

    article: str
    sha256: str
    lines: tuple[LedgerLine, ...]
    corrections: tuple[Correction, ...] = ()

    def fits(self, text: str) -> bool:
        """Tell whether `text` is the text that was corrected, so that its offsets are valid."""
        return self.sha256 == text_digest(text)


def text_digest(text: str) -> str:
    """Return the SHA-256 digest of an article's text."""
    return sha256(text.encode("utf-8")).hexdigest()


def parse_corrections(text: str, name: str) -> Corrections:
    """Return the corrections in a TOML file's `text`.

    Raises
    ------
    InvalidDocument
        When it is not a file of corrections; `name` is the file's name in the message.
    """
    try:
        table = tomllib.loads(text)
        if table.get("schema") != CORRECTIONS_SCHEMA:
            raise ValueError(f"schema {table.get('schema')!r}, expected {CORRECTIONS_SCHEMA!r}")
        lines = tuple(map(_line, table.get("line", [])))
        known = {line.id for line in lines}
        corrections = tuple(_correction(row, known) for row in table.get("correction", []))
        return Corrections(_text(table, "article"), _text(table, "sha256"), lines, corrections)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InvalidDocument(
            f"{name}: not a file of corrections ({_why(error)}); fix it, or ignore it with --no-corrections"
        ) from None


def read_corrections(path: Path) -> Corrections:
    """Return the corrections in a file.

    Raises
    ------
    InvalidDocument
        When it cannot be read, or is not a file of corrections.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidDocument(f"{path}: cannot be read as UTF-8 text ({error})") from None
    return parse_corrections(text, str(path))


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]!r} is missing"
    return "too many nested brackets" if isinstance(error, RecursionError) else str(error)


def _text(row: Mapping[str, Any], key: str) -> str:
    if not isinstance(row[key], str):
        raise TypeError(f"{key}: expected text, got {type(row[key]).__name__}")
    return str(row[key])


def _line(row: Mapping[str, Any]) -> LedgerLine:
    statements = tuple(
        LedgerStatement(_place(start), _place(end), str(source), str(cue))
        for start, end, source, cue in row["statements"]
    )
    return LedgerLine(
        _text(row, "id"), _text(row, "label"), _source_class(row["class"]), statements
    )


def _place(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise TypeError(f"a statement has the offset {value!r}, expected a number")
    return value


def _source_class(name: str) -> SourceClass:
    for known in SOURCE_CLASSES:
        if known == name:
            return known
    raise ValueError(f"class {name!r}, expected one of {', '.join(SOURCE_CLASSES)}")


def _correction(row: Mapping[str, Any], known: set[str]) -> Correction:
    action, line, others = row["action"], _text(row, "line"), tuple(row.get("with", ()))
    if action not in ACTIONS:
        raise ValueError(f"action {action!r}, expected one of {', '.join(ACTIONS)}")
    if missing := {line, *others} - known:
        raise ValueError(f"{action}: no line {min(missing)!r} in its ledger")
    if (action == "merge") != bool(others):
        raise ValueError(f'{action} of {line}: with = ["…"] belongs to merge only')
    to = _text(row, "to") if action in {"rename", "class"} else ""
    if action == "class":
        _source_class(to)
    if action == "rename" and not to.strip():
        raise ValueError(f"rename of {line}: expected a name")
    return Correction(action, line, to, others)


def corrections_toml(corrections: Corrections) -> str:
    """Return corrections as the TOML file that :func:`parse_corrections` reads."""
    parts = [_HEAD, f"schema = {_quoted(CORRECTIONS_SCHEMA)}\n"]
    parts.append(
        f"article = {_quoted(corrections.article)}\nsha256 = {_quoted(corrections.sha256)}\n"
    )
    for row in corrections.corrections:
        parts.append(
            f"\n[[correction]]\naction = {_quoted(row.action)}\nline = {_quoted(row.line)}\n"
        )
        if row.to:
            parts.append(f"to = {_quoted(row.to)}\n")
        if row.others:
            parts.append(f"with = [{', '.join(map(_quoted, row.others))}]\n")
    parts.append(_LINES)
    parts += map(_line_toml, corrections.lines)
    return "".join(parts)


def _line_toml(line: LedgerLine) -> str:
    rows = "".join(
        f"  [{s.start}, {s.end}, {_quoted(s.source)}, {_quoted(s.cue)}],\n" for s in line.statements
    )
    return (
        f"\n[[line]]\nid = {_quoted(line.id)}\nlabel = {_quoted(line.label)}\n"
        f"class = {_quoted(line.source_class)}\nstatements = [\n{rows}]\n"
    )


def _quoted(text: str) -> str:
    """Return a TOML string; JSON's escapes are TOML's, except for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def without_lines(corrections: Iterable[Correction], lines: Iterable[str]) -> list[Correction]:
    """Return the corrections that do not concern any of `lines`."""
    gone = set(lines)
    return [c for c in corrections if gone.isdisjoint({c.line, *c.others})]
