"""Every regular expression of the package against what makes them explode: ``python -m tests.torture.patterns``.

Patterns are found as objects, not by reading the source: module by module, also inside tuples and
dictionaries and behind functions without arguments that keep one, and entry by entry in the lexicons.
Each is searched for in long repeats of what it is made of, at two lengths; processor time must grow
about as the length does.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator

import reportedly
from reportedly.errors import ReportedlyError
from reportedly.lexicons import loader

LENGTHS = (2_000, 8_000)
FACTOR = 4 * 2.5
"""Growth of time allowed from the first length to the second: four times, and a generous rest."""
QUIET = 0.02
"""Seconds below which growth is noise."""
_UNITS = (
    "a", "A", "a ", "a  ", "A ", "Aa ", "a\n", "a1", "1", "1,", "1 ", ".", "..", "a.", "A.", "A. ", "-", "a-", "’", "a’s ", "'", '"', "“",
    "“a ", "a,", "a, ", ", ", "(", "((a ", ")", " ", "\t", "\n", "\n ", "\u00a0", "_", "/", "@a.", "http://a", "é", "said ",
    "the ", "of the ", "who was not ", "a source close to the ", "not authorized to ", "because ", "Mr. ", "U.S. ",
    "on condition of ", "according to ", "Photo: ", "<", "<a ", "<meta ", "=", "&", "中", "\u0301", "\u200b", "<meta charset",
)  # fmt: skip
_ENDS = ("", "!", "\x00", "zz9", "said")


def patterns() -> dict[str, re.Pattern[str] | re.Pattern[bytes]]:
    """Return every compiled pattern of the package, by where it was found."""
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
    """Yield the patterns that a module's value is or holds."""
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
    """Tell whether a value is a cached function without arguments of this package that names patterns as its result."""
    if not hasattr(value, "cache_info") or not hasattr(value, "__wrapped__"):
        return False
    function = value.__wrapped__
    returns = str(function.__annotations__.get("return", ""))
    return not function.__code__.co_argcount and "Pattern" in returns


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str) -> float:
    """Return the processor time of finding all matches, the least of two."""
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
    """Yield what is repeated: common pieces, and the pattern's own words."""
    yield from _UNITS
    source = pattern.pattern
    words = re.findall(
        r"[A-Za-z]{2,}", source if isinstance(source, str) else source.decode("latin-1")
    )
    yield from (word + " " for word in dict.fromkeys(words[:12]))


def explosions() -> Iterator[str]:
    """Yield a line for each pattern and text whose time grows faster than the text."""
    for where, pattern in patterns().items():
        for unit in units(pattern):
            for end in _ENDS if len(unit) < 3 else _ENDS[:2]:
                short, long = ((unit * (n // len(unit) + 1))[:n] + end for n in LENGTHS)
                after = seconds(pattern, long)
                if after < QUIET:
                    continue
                before = seconds(pattern, short)
                if after > FACTOR * max(before, QUIET / 10):
                    yield f"{where}: {unit!r} * n + {end!r}: {before:.3f} s, then {after:.3f} s"


def main() -> int:
    """Print what explodes, and how many patterns do not."""
    bad = list(explosions())
    for line in bad:
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"{len(patterns())} patterns, {len(bad)} explosions\n")
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main())
