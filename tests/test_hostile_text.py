"""Hostile text gets a result or one clear line; inputs that fuzzing once found stay fixed.

The same checks run for longer, and guided by coverage, in ``make torture``.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.torture import checks, samples, texts
from tests.torture.targets import TARGETS

QUICK = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
SEEDS = Path(__file__).parent / "torture" / "seeds"


@given(st.binary(max_size=400) | texts.texts().map(lambda t: t.encode("utf-8", "surrogatepass")))
@QUICK
def test_any_bytes_are_read_or_refused(data):
    """Decoding gives a valid document or one line of error."""
    checks.reading(data)


@given(st.binary(min_size=1, max_size=120))
@example(b"\x00")
@QUICK
def test_any_page_is_read_or_refused(data):
    """Broken HTML in any encoding gives an article or one line of error."""
    checks.page(data)


@given(texts.texts())
@QUICK
def test_any_text_is_cut_into_parts(text):
    """Paragraphs, sentences, tokens and quotations are ranges of the text, in order."""
    checks.segmentation(text)


@given(texts.texts(30), texts.texts(4))
@example("said said ´0a@b.examplesaid ", "")  # not English: nothing is measured
@QUICK
def test_any_text_is_assessed_and_reported(text, title):
    """Detectors, signals, risk and every report format work on it, and spans match their words."""
    checks.reports(text, title)


@pytest.mark.parametrize("seed", sorted(SEEDS.glob("*")), ids=lambda path: path.name)
def test_what_once_failed_stays_mended(seed):
    """Each file is an input that once broke the target at the beginning of its name."""
    TARGETS[seed.name.split("-")[0]](seed.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_takes_its_samples(target):
    """Each fuzzing target runs on its own valid inputs."""
    for data in samples.of(target)[:12]:
        TARGETS[target](data)


def test_every_target_is_named_once():
    """The command that fuzzes all targets leaves none out."""
    assert list(TARGETS) == list(texts.TARGET_NAMES)


GIANT = {
    "one paragraph": "A person close to the board said on Monday that the wall may fail. " * 1_500,
    "one sentence": "the wall and the board and " * 4_000,
    "one word": "a" * 100_000,
    "quotation soup": "“‘\"'” said he ‘“" * 3_000,
    "combining marks": "said" + "\u0301" * 50_000,
    "zero width": "re\u200bported\u200bly " * 5_000,
    "directions": "\u202esaid\u202c " * 5_000,
    "emoji": "👩‍👩‍👧‍👦 said 😀 " * 3_000,
    "short lines": "He said.\n" * 8_000,
    "open brackets": "([{" * 20_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GIANT)
def test_giant_texts_of_one_kind_are_assessed(name):
    """A hundred thousand characters of one trick are assessed like any text."""
    checks.reports(GIANT[name])


@pytest.mark.parametrize(
    "data",
    [
        '\u202eDias nosrep a\u202c, the board\u200b said\x1b[31m on Monday.\n“‘"'.encode(),
        b"\xff\xfe\xff\xfe<html>\x00" * 9,
        "﹙Ѕources﹚ ѕаіd 👩‍👩‍👧‍👦 e\u0301\u0301 ::error::x\n=1+1\n%0A".encode() * 20,
    ],
    ids=["directions and escapes", "half UTF-16", "look-alikes"],
)
@pytest.mark.parametrize("form", ["terminal", "github"])
def test_the_command_line_takes_hostile_input(data, form):
    """The status is 0 or 2, there is at most one line of error, and no escape sequence of the article reaches the terminal."""
    done = subprocess.run(
        [sys.executable, "-m", "reportedly", "score", "-", "--format", form],
        input=data, capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode in {0, 2}
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert b"\x1b[31m" not in done.stdout
