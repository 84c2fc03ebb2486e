"""An article's findings as lines: place, level, message and advice; at most ten per rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from reportedly.datamodel.payload import visible
from reportedly.report.baseline import LEVELS, Screened, first_of_each
from reportedly.report.sarif import Checked, FilePlace, FilePlaces

_LONGEST = 80


def findings_text(article: Checked) -> str:
    """Return the findings that are neither ignored nor known, the most severe first, as a section of a terminal report."""
    new = [item for item in article.screened if item.state == "new"]
    counts = Counter(item.finding["level"] for item in new)
    order = sorted(new, key=lambda item: -LEVELS.index(item.finding["level"]))
    total = ", ".join(
        f"{counts[level]} {level}{'' if counts[level] == 1 else 's'}"
        for level in reversed(LEVELS)
        if counts[level]
    )
    lines = [f"── Findings: {total or 'none'}", *finding_lines(article, order)]
    return "\n".join(lines) + "\n"


def finding_lines(article: Checked, items: Sequence[Screened]) -> Iterator[str]:
    """Yield one line per finding, at most ten per rule, and then how many more the rule has."""
    places = FilePlaces(article)
    name = str(article.account["document"]["id"])
    shown, more = first_of_each(items)
    for item in shown:
        finding = item.finding
        words = " ".join(finding["text"].split())[:_LONGEST]
        quoted = f": “{words}”" if words else ""
        advice = f" ({finding['guidance']})" if finding["guidance"] else ""
        where = f"{name}{_colons(places.of(finding))}"
        yield visible(
            f"{where}: {finding['level']}: {item.rule}: {finding['message']}{quoted}{advice}"
        )
    for rule, (left, total) in more.items():
        yield visible(f"{name}: {rule}: and {left} more, {total} in all")


def _colons(place: FilePlace | None) -> str:
    """Return a place as compilers write it: file, line and column, separated by colons."""
    numbers = (place.line, place.column) if place else ()
    return "".join(f":{number}" for number in numbers if number)
