"""Texts of megabytes: time grows linearly, and indexes find the same as scans."""

import itertools
import random
import time

import pytest

import reportedly
from reportedly.datamodel import Document
from tests.benchmark.articles import paragraphs

_SYLLABLES = ("ban", "cor", "dal", "fen", "gor", "hul", "kes", "lom", "mar", "nov", "pel", "sor")


def _strangers(characters):
    """Return a text in which nearly every source has a different name."""
    names = itertools.product(_SYLLABLES, repeat=4)
    chance = random.Random(5)
    lines, length = [], 0
    for parts in names:
        name = "".join(parts).capitalize()
        given, role = chance.choice(["Ann", "Carl", "Ines"]), chance.choice(["clerk", "nurse"])
        lines.append(
            f"{given} {name}, a {role} at the {name} Board, said the wall was old. "
            f"He said nobody had asked. The {name} Harbour Council said it would look. "
            f"“I know the wall,” the {role} said. A young {role} reportedly disagreed. They said so."
        )
        length += len(lines[-1]) + 1
        if length > characters:
            break
    return "\n".join(lines)


def _articles(characters, glue):
    """Return paragraphs of the invented articles, drawn up to so many characters."""
    stock, chance = list(paragraphs()), random.Random(5)
    drawn, length = [], 0
    while length < characters:
        drawn.append(chance.choice(stock))
        length += len(drawn[-1]) + len(glue)
    return glue.join(drawn)


def _announcements(characters):
    """Return a text in which every other paragraph announces the next."""
    pair = "The clerk sent this statement:\n\nIt rained on the quay all day.\n\n"
    return pair * (characters // len(pair))


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [_strangers, lambda n: _articles(n, " "), lambda n: _articles(n, "\n\n"), _announcements],
    ids=["strangers", "one line", "paragraphs", "announcements"],
)
def test_four_times_the_text_takes_at_most_six_times_as_long(make):
    """The processor time is the shorter of two runs."""
    assessor = reportedly.Assessor()

    def seconds(text):
        times = []
        for _ in range(2):
            start = time.process_time()
            assessor.assess(Document(text))
            times.append(time.process_time() - start)
        return min(times)

    seconds("The harbour was closed, a man said. " * 20)
    short, long = seconds(make(250_000)), seconds(make(1_000_000))
    assert long <= 6 * short, f"{long:.1f} s for four times the text that takes {short:.1f} s"
