"""No regular expression of the package takes more than linear time on texts made to make it explode."""

import re
import time

import pytest

from tests.torture import patterns


def test_patterns_are_found_wherever_they_are_kept():
    """Patterns are found in module values, tuples, cached functions and lexicons."""
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
    """Exponential and quadratic patterns are detected on repeats of their own letters."""
    before, after = (patterns.seconds(re.compile(source), "a" * n + "!") for n in lengths)
    assert after > patterns.FACTOR * max(before, patterns.QUIET / 10)


@pytest.mark.parametrize(
    ("source", "told"),
    [(r"(a|aa)+b", "no end after"), (r"\s*a*\s*$", "then"), (r"(?:a|b)[ab]", "")],
)
def test_each_pattern_gets_a_verdict(source, told):
    """An endless search is stopped, a pattern that grows too fast is reported, a harmless one is not."""
    begun = time.process_time()
    found = patterns.verdict(re.compile(source))
    assert told in found
    assert bool(found) == bool(told)
    assert time.process_time() - begun < patterns.BUDGET + 3 * patterns.LIMIT


@pytest.mark.slow
def test_no_pattern_explodes():
    """Every pattern is tried on repeats of common fragments and of its own words."""
    assert list(patterns.explosions()) == []
