"""No regular expression of the package takes more than linear time on what is made to explode it."""

import re
import time

import pytest

from tests.torture import patterns


def test_patterns_are_found_wherever_they_are_kept():
    """Module values, tuples, cached functions and lexicons: all are looked at."""
    found = patterns.patterns()
    kept = {
        ".".join(where.split(".")[1:3]) if "." in where else where.split()[0] for where in found
    }
    assert {"reading.segmentation", "reading.furniture", "reading.headlines", "lexicon"} <= kept
    assert len(found) > 100


@pytest.mark.parametrize(
    ("source", "lengths"),
    [
        (r"(a+)+$", (12, 22)),
        (r"(a|aa)+b", (16, 28)),
        (r"\s*a*\s*$", (2_000, 8_000)),
        (r".*=.*;", (4_000, 16_000)),
    ],
)
def test_what_explodes_is_told(source, lengths):
    """Exponential and quadratic patterns are caught on a repeat of their own letters."""
    before, after = (patterns.seconds(re.compile(source), "a" * n + "!") for n in lengths)
    assert after > patterns.FACTOR * max(before, patterns.QUIET / 10)


@pytest.mark.parametrize(
    ("source", "told"),
    [(r"(a|aa)+b", "no end after"), (r"\s*a*\s*$", "then"), (r"(?:a|b)[ab]", "")],
)
def test_each_pattern_gets_a_verdict(source, told):
    """One that would run for ever is stopped, one that grows too fast is told, and a harmless one has nothing against it."""
    begun = time.process_time()
    found = patterns.verdict(re.compile(source))
    assert told in found
    assert bool(found) == bool(told)
    assert time.process_time() - begun < patterns.BUDGET + 3 * patterns.LIMIT


@pytest.mark.slow
def test_no_pattern_explodes():
    """Every pattern, on repeats of common pieces and of its own words."""
    assert list(patterns.explosions()) == []
