"""SARIF 2.1.0 and GitHub annotations: findings for editors and code review.

Regions count code points (``columnKind`` ``unicodeCodePoints``). If the text was taken out of a page, a Word file or a
table row, its offsets are not places in that file, so findings name only the file and quote the words; in Markdown
they name the line as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import metadata, version
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, Protocol
from urllib.parse import quote

from reportedly.datamodel.text import has_places_of_file
from reportedly.report.baseline import Positions, Screened, first_of_each

_LEVELS = {"note": "note", "warning": "warning", "error": "error"}
_COMMANDS = {"note": "notice", "warning": "warning", "error": "error"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Checked:
    """An article's payload, its text, its findings with their state, and for each line of the text the line of the file."""

    account: dict[str, Any]
    text: str
    screened: tuple[Screened, ...]
    file_lines: tuple[int, ...] = ()

    @property
    def file(self) -> str:
        """The article's file; for a row of a table, the table."""
        document = self.account["document"]
        name = str(document["id"])
        return name.rsplit("#", 1)[0] if document["encoding"] == "table" else name

    @property
    def plain(self) -> bool:
        """Whether offsets in the text are also places in the file."""
        return has_places_of_file(str(self.account["document"]["encoding"]))


@dataclass(frozen=True, slots=True)
class FilePlace:
    """The place of a finding in its file, lines and columns from 1; no columns if only the line is known."""

    line: int
    end_line: int
    column: int | None = None
    end_column: int | None = None


class FilePlaces:
    """Finds the places of findings in the file of an article."""

    def __init__(self, article: Checked) -> None:
        self._article = article
        self._positions = Positions(article.text)

    def of(self, finding: dict[str, Any]) -> FilePlace | None:
        """Return the place of a finding in the file; None if the lines of the file are not known."""
        lines = self._article.file_lines
        if not (self._article.plain or lines):
            return None
        line, column = self._positions.of(finding["start"])
        end_line, end_column = self._positions.of(finding["end"])
        if not lines:
            return FilePlace(line, end_line, column, end_column)
        first, last = (lines[min(n, len(lines)) - 1] for n in (line, end_line))
        return FilePlace(first, last)


class Described(Protocol):
    """What SARIF needs to know of a rule; the rules of :mod:`reportedly.signals.policy` provide it."""

    @property
    def what(self) -> str:
        """What the rule finds."""

    @property
    def guidance(self) -> str:
        """What to do about it."""

    @property
    def level(self) -> str:
        """Its default level."""


def sarif(articles: Iterable[Checked], rules: Mapping[str, Described]) -> str:
    """Return a SARIF log with one run.

    Parameters
    ----------
    articles
        The articles that were checked.
    rules
        Every rule there is, by its id.
    """
    names = list(rules)
    results = [r for article in articles for r in _results(article, names)]
    run = {
        "tool": {
            "driver": {
                "name": "reportedly",
                "version": version("reportedly"),
                "rules": [_rule(name, rule, help_page()) for name, rule in rules.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def help_page() -> str | None:
    """Return the URL of the project's documentation from the package's metadata; None if it has none."""
    urls = (line.partition(", ") for line in metadata("reportedly").get_all("Project-URL") or ())
    return next((url.rstrip("/") for name, _, url in urls if name == "Documentation"), None)


def _rule(name: str, rule: Described, page: str | None) -> dict[str, Any]:
    """Return a rule as a SARIF object: what it finds, what to do, and the URL of its documentation."""
    described: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": rule.what},
        "fullDescription": {"text": f"{rule.what} {rule.guidance}"},
        "help": {
            "text": f"{rule.what} {rule.guidance} Silence it in the article with <!-- reportedly: ignore {name} -->, or set "
            "its level in a policy.",
            "markdown": f"{rule.what}\n\n**{rule.guidance}**\n\nSilence it in the article with "
            f"`<!-- reportedly: ignore {name} -->`, or set its level in a policy.",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.level]},
    }
    if page:
        described["helpUri"] = f"{page}/policies.md#{name.replace('.', '')}"
    return described


def _results(article: Checked, rules: list[str]) -> Iterator[dict[str, Any]]:
    places = FilePlaces(article)
    for item in article.screened:
        finding = item.finding
        result: dict[str, Any] = {
            "ruleId": item.rule,
            "level": _LEVELS[finding["level"]],
            "message": {"text": message(finding)},
            "locations": [_location(article, finding, places)],
            "partialFingerprints": {"reportedly/v1": item.fingerprint},
            "baselineState": "unchanged" if item.state == "known" else "new",
            "properties": {"signal": finding["signal"], "credweb": finding["credweb"]},
        }
        if item.rule in rules:
            result["ruleIndex"] = rules.index(item.rule)
        if item.state == "ignored":
            result["suppressions"] = [{"kind": "inSource"}]
        yield result


def _location(article: Checked, finding: dict[str, Any], places: FilePlaces) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": {"uri": uri(article.file)}}
    if place := places.of(finding):
        region: dict[str, Any] = {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
            "snippet": {"text": finding["text"]},
        }
        location["region"] = {key: value for key, value in region.items() if value is not None}
    return {"physicalLocation": location}


def message(finding: dict[str, Any]) -> str:
    """Return a finding in one line: its message, its words, and what to do."""
    words = " ".join(finding["text"].split())
    if not words:  # a rule about the whole article
        return f"{finding['message']}. {finding['guidance']}".strip()
    shown = words if len(words) <= 120 else f"{words[:119]}…"
    advice = f" {finding['guidance']}" if finding["guidance"] else ""
    return f"{finding['message']}: “{shown}”.{advice}"


def uri(name: str) -> str:
    """Return an article's id as a URI reference: relative paths stay relative."""
    if name.startswith(("http://", "https://")):
        return quote(name, safe=":/?#[]@!$&'()*+,;=%~")
    if name in {"", "-"}:
        return "stdin"
    if PureWindowsPath(name).drive:
        return PureWindowsPath(name).as_uri()
    path = PurePosixPath(name)
    return path.as_uri() if path.is_absolute() else quote(str(path))


def github(articles: Iterable[Checked]) -> Iterator[str]:
    """Yield one workflow command per new finding, at most ten per rule; GitHub shows them beside the line."""
    for article in articles:
        places = FilePlaces(article)
        shown, more = first_of_each([item for item in article.screened if item.state == "new"])
        for item in shown:
            finding = item.finding
            properties = {"file": article.file}
            if place := places.of(finding):
                properties |= {"line": str(place.line), "endLine": str(place.end_line)}
                if (
                    place.column and place.line == place.end_line
                ):  # the only levels that GitHub knows
                    properties |= {"col": str(place.column), "endColumn": str(place.end_column)}
            properties["title"] = item.rule
            listed = ",".join(f"{k}={_escape(v, ',:')}" for k, v in properties.items())
            yield f"::{_COMMANDS[finding['level']]} {listed}::{_escape(message(finding))}\n"
        for rule, (left, total) in more.items():
            title = _escape(rule, ",:")
            name = _escape(article.file, ",:")
            yield f"::notice file={name},title={title}::and {left} more, {total} in all\n"


def _escape(text: str, marks: str = "") -> str:
    """Return `text` with the characters escaped that would end a workflow command or a property."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" or c in marks else c for c in text)
