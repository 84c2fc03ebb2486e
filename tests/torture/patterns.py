"""Every regular expression of the package on texts made to make it explode: ``python -m tests.torture.patterns``.

Patterns are found as objects, not by reading the source: module by module, also inside tuples and dictionaries and in
cached functions without arguments, and entry by entry in the lexicons. Each is searched for in long repeats of its own
parts, at two lengths; processor time must grow about linearly. A search is stopped after `LIMIT` seconds and a pattern
after `BUDGET`, so that each gets a verdict in bounded time: linear, exploding, or undecided.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import reportedly
from reportedly.errors import ReportedlyError
from reportedly.lexicons import loader

LENGTHS = (2_000, 8_000)
FACTOR = 4 * 2.5
"""The allowed growth of time from the first length to the second, which is four times as long, with a margin."""
QUIET = 0.02
"""Seconds below which growth is noise."""
LIMIT = 1.0
"""A search that takes more seconds of processor time is stopped: the pattern explodes."""
BUDGET = 5.0
"""Seconds of processor time for all texts of one pattern; a pattern that takes more is undecided."""
_UNITS = (
    "a", "A", "a ", "a  ", "A ", "Aa ", "a\n", "a1", "1", "1,", "1 ", ".", "..", "a.", "A.", "A. ", "-", "a-", "’", "a’s ", "'", '"', "“",
    "“a ", "a,", "a, ", ", ", "(", "((a ", ")", " ", "\t", "\n", "\n ", "\u00a0", "_", "/", "@a.", "http://a", "é", "said ",
    "the ", "of the ", "who was not ", "a source close to the ", "not authorized to ", "because ", "Mr. ", "U.S. ",
    "on condition of ", "according to ", "Photo: ", "<", "<a ", "<meta ", "=", "&", "中", "\u0301", "\u200b", "<meta charset",
)  # fmt: skip
_ENDS = ("", "!", "\x00", "zz9", "said")


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Return every compiled pattern of the package, by the place where it was found."""
    found: dict[str, re.Pattern[str] | re.Pattern[bytes]] = {}
    for info in pkgutil.walk_packages(reportedly.__path__, "reportedly."):
        if info.name.endswith("__main__"):
            continue
        try:
            module = importlib.import_module(info.name)
        except (ImportError, ReportedlyError):  # what needs an extra that is not installed here
            continue
        for name, value in vars(module).items():
            for where, pattern in _within(f"{info.name}.{name}", value):
                found.setdefault(where, pattern)
    for name in loader.names():
        for number, entry in enumerate(loader.load(name).entries):
            found[f"lexicon {name} {number}"] = entry.matcher()
    unique: dict[tuple[object, int], str] = {}
    for where, pattern in found.items():
        unique.setdefault((pattern.pattern, pattern.flags), where)
    return {where: found[where] for where in unique.values()}


def _within(where: str, value: object, depth: int = 0) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield the patterns that a module's value is or contains."""
    if isinstance(value, re.Pattern):
        yield where, value
    elif depth < 3 and isinstance(value, tuple | list | set | frozenset):
        for number, inner in enumerate(value):
            yield from _within(f"{where}[{number}]", inner, depth + 1)
    elif depth < 3 and isinstance(value, dict):
        for key, inner in value.items():
            yield from _within(f"{where}[{key!r}]", inner, depth + 1)
    elif depth == 0 and _keeps_one(value):
        yield from _within(f"{where}()", value(), 1)  # type: ignore[operator]


def _keeps_one(value: object) -> bool:
    """Tell whether a value is a cached function of this package without arguments that returns patterns."""
    if not hasattr(value, "cache_info") or not hasattr(value, "__wrapped__"):
        return False
    function = value.__wrapped__
    returns = str(function.__annotations__.get("return", ""))
    return not function.__code__.co_argcount and "Pattern" in returns


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Return the processor time of finding all matches, the shorter of two runs."""
    subject = text.encode() if isinstance(pattern.pattern, bytes) else text
    times = []
    for _ in range(2):
        begun = time.process_time()
        for _match in pattern.finditer(subject):  # type: ignore[call-overload]
            pass
        times.append(time.process_time() - begun)
        if times[-1] < QUIET:
            break
    return min(times)


def units(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Iterator[str]:
    """Yield what is repeated: common fragments, and the pattern's own words."""
    yield from _UNITS
    source = pattern.pattern
    words = re.findall(
        r"[A-Za-z]{2,}", source if isinstance(source, str) else source.decode("latin-1")
    )
    yield from (word + " " for word in dict.fromkeys(words[:12]))


class Endless(Exception):
    """A search took longer than `LIMIT`."""


@contextmanager
def limited() -> Iterator[None]:
    """Stop the enclosed code after `LIMIT` seconds of processor time; `re` checks for signals while it searches.

    Raises
    ------
    Endless
        When the time is up.
    """

    def stop(*_: object) -> None:
        raise Endless

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def explosions() -> Iterator[str]:
    """Yield a line for each pattern that takes more than linear time on some text, or is undecided."""
    for where, pattern in patterns().items():
        if found := verdict(pattern):
            yield f"{where}: {found}"


def verdict(pattern: re.Pattern[str] | re.Pattern[bytes]) -> str:
    """Return on what text a pattern explodes, or that it is undecided; nothing if its time grows linearly."""
    begun = time.process_time()
    for unit in units(pattern):
        for end in _ENDS if len(unit) < 3 else _ENDS[:2]:
            text = f"{unit!r} * n + {end!r}"
            try:
                with limited():
                    before, after = growth(pattern, unit, end)
            except Endless:
                return f"{text}: no end after {LIMIT} s"
            if after > FACTOR * max(before, QUIET / 10):
                return f"{text}: {before:.3f} s, then {after:.3f} s"
            if time.process_time() - begun > BUDGET:
                return f"not decided within {BUDGET} s; last was {text}"
    return ""


def growth(
    pattern: re.Pattern[str] | re.Pattern[bytes], unit: str, end: str
) -> tuple[float, float]:
    """Return the seconds for both lengths of a text; none if the long one is quick."""
    short, long = ((unit * (n // len(unit) + 1))[:n] + end for n in LENGTHS)
    after = seconds(pattern, long)
    return (seconds(pattern, short), after) if after >= QUIET else (0.0, 0.0)


def main() -> int:
    """Print what explodes, and how many patterns do not."""
    bad = list(explosions())
    for line in bad:
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{len(patterns())} patterns, {len(bad)} explosions\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
