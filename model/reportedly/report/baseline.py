"""Which findings count: inline ignores and baselines, so that a check reports only what is new.

A line of the article that holds nothing but ``<!-- reportedly: ignore RULE … -->`` silences these
rules for the next line that is not blank; with ``ignore-file`` for the whole article. The
beginning of a rule stands for all rules below it: ``sourcing`` for ``sourcing.bare`` and the others; ``all`` for
every rule.

A finding's fingerprint depends only on its rule and words, not on their place, so a baseline stays valid after edits
elsewhere in the article.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from reportedly.errors import InvalidRequest, did_you_mean

BASELINE_SCHEMA = "reportedly/baseline/1"

State = Literal["new", "ignored", "known"]
Baseline = dict[str, dict[str, str]]
"""Article's id -> fingerprint -> rule."""

_COMMENT = re.compile(r"<!-- *reportedly: *(ignore|ignore-file) +([a-z][a-z0-9_.,\- ]*?) *-->")
_LONGEST_COMMENT = 160


@dataclass(frozen=True, slots=True)
class Screened:
    """A finding of the report payload, its fingerprint, and whether it counts.

    `state` is ``new`` if it counts, ``ignored`` if the article silences it, ``known`` if
    the baseline holds it.
    """

    finding: dict[str, Any]
    fingerprint: str
    state: State

    @property
    def rule(self) -> str:
        """The finding's rule."""
        return str(self.finding["rule"])


@dataclass(frozen=True, slots=True)
class Ignore:
    """Rules that are silenced between two offsets."""

    start: int
    end: int
    rules: tuple[str, ...]


def leave_out_known(
    account: dict[str, Any], text: str, baseline: Baseline | None = None
) -> list[Screened]:
    """Return the findings of a report payload with their state, in the order of the article.

    Parameters
    ----------
    account
        The report payload, as returned by :func:`reportedly.datamodel.payload.summarise`.
    text
        The article's text.
    baseline
        Findings that are already known, as returned by :func:`read_baseline`.
    """
    known = (baseline or {}).get(account["document"]["id"], {})
    silenced = _Silence(find_ignores(text), len(text))
    seen: Counter[str] = Counter()
    screened = []
    for finding in sorted(account["findings"], key=lambda f: (f["start"], f["end"], f["rule"])):
        mark = fingerprint(finding, seen)
        state: State = "new"
        if silenced.holds(finding):
            state = "ignored"
        elif mark in known:
            state = "known"
        screened.append(Screened(finding, mark, state))
    return screened


def fingerprint(finding: dict[str, Any], seen: Counter[str]) -> str:
    """Return 16 hexadecimal digits that identify a finding; `seen` counts findings of one rule with the same words."""
    words = " ".join(finding["text"].casefold().split())
    key = f"{finding['rule']}\0{words}"
    seen[key] += 1
    return sha256(f"{key}\0{seen[key]}".encode("utf-8", "replace")).hexdigest()[:16]


def rule_matches(rule: str, prefixes: Iterable[str]) -> bool:
    """Tell whether `rule` is one of `prefixes` or below one of them."""
    return any(p in {"all", rule} or rule.startswith(f"{p}.") for p in prefixes)


LEVELS = ("note", "warning", "error")
"""The levels of findings, the least severe first."""


def at_least(level: str, least: str) -> bool:
    """Tell whether a finding's level is `least` or more severe."""
    return LEVELS.index(level) >= LEVELS.index(least)


def failing(screened: Iterable[Screened], wanted: Sequence[str]) -> list[Screened]:
    """Return the new findings that match `wanted`: a rule, the beginning of a rule, or a level that theirs reaches."""
    least = [name for name in wanted if name in LEVELS]
    prefixes = [name for name in wanted if name not in LEVELS]
    return [
        s
        for s in screened
        if s.state == "new"
        and (
            rule_matches(s.rule, prefixes)
            or any(at_least(s.finding["level"], name) for name in least)
        )
    ]


MOST_OF_A_RULE = 10
"""How many findings of one rule are shown per article; the others are counted."""


def first_of_each(
    screened: Iterable[Screened],
) -> tuple[list[Screened], dict[str, tuple[int, int]]]:
    """Return the first ten findings of each rule; for rules with more, also how many are left out and how many there are."""
    items = list(screened)
    counts: Counter[str] = Counter()
    shown = []
    for item in items:
        counts[item.rule] += 1
        if counts[item.rule] <= MOST_OF_A_RULE:
            shown.append(item)
    left = {r: (n - MOST_OF_A_RULE, n) for r, n in counts.items() if n > MOST_OF_A_RULE}
    return shown, left


def check_rules(prefixes: Iterable[str], known: Iterable[str]) -> None:
    """Raise `InvalidRequest` if one of `prefixes` matches no known rule: such a check could never fail."""
    rules = tuple(known)
    families = {rule.partition(".")[0] for rule in rules}
    for prefix in prefixes:
        if not any(rule_matches(rule, [prefix]) for rule in rules):
            raise InvalidRequest(
                f"no rule {prefix!r}; there are {', '.join(rules)}{did_you_mean(prefix, (*rules, *families))}"
            )


def find_ignores(text: str) -> Iterator[Ignore]:
    """Yield what the comments in the article silence; the line of a comment itself is silenced entirely."""
    if "reportedly:" not in text:
        return
    waiting: list[str] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        words = line.strip()
        match = _COMMENT.fullmatch(words) if len(words) <= _LONGEST_COMMENT else None
        if match:
            yield Ignore(start, end, ("all",))
            rules = tuple(match[2].replace(",", " ").split())
            if match[1] == "ignore-file":
                yield Ignore(0, len(text), rules)
            else:
                waiting += rules
        elif words and waiting:
            yield Ignore(start, end, tuple(waiting))
            waiting = []
        start = end + 1


class _Silence:
    """The ignores of the whole article, and those of single lines, which do not overlap."""

    def __init__(self, ignores: Iterable[Ignore], length: int) -> None:
        found = list(ignores)
        self._all = {r for i in found if i.end - i.start == length for r in i.rules}
        self._lines = sorted((i for i in found if i.end - i.start < length), key=lambda i: i.start)
        self._ends = [ignore.end for ignore in self._lines]

    def holds(self, finding: dict[str, Any]) -> bool:
        """Return whether the article silences `finding`."""
        if rule_matches(finding["rule"], self._all):
            return True
        first = bisect_right(self._ends, finding["start"])
        last = bisect_left(self._lines, finding["end"], key=lambda ignore: ignore.start)
        return any(rule_matches(finding["rule"], i.rules) for i in self._lines[first:last])


def read_baseline(text: str, name: str) -> Baseline:
    """Return the baseline in `text`, the content of the file `name`.

    Raises
    ------
    InvalidRequest
        When the text is not a baseline.
    """
    problem = f"{name}: not a baseline of reportedly; write one with --write-baseline"
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidRequest(problem) from None
    if not isinstance(value, dict) or value.get("schema") != BASELINE_SCHEMA:
        raise InvalidRequest(problem)
    documents = value.get("documents")
    if not isinstance(documents, dict) or not all(isinstance(d, dict) for d in documents.values()):
        raise InvalidRequest(problem)
    return documents


def baseline_entry(screened: Iterable[Screened]) -> dict[str, str]:
    """Return an article's part of a baseline: everything found that the article does not silence."""
    return {s.fingerprint: s.rule for s in screened if s.state != "ignored"}


def write_baseline(baseline: Baseline) -> str:
    """Return a baseline as text, sorted, so that its changes read well in a review."""
    value = {"schema": BASELINE_SCHEMA, "documents": baseline}
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


class Positions:
    """Lines and columns, both from 1, of offsets in a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Return the line and the column, in code points, of `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
