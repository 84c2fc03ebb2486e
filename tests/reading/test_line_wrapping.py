"""Hard-wrapped texts are read as if they were not wrapped, and no other text changes."""

from __future__ import annotations

import re
import textwrap

import pytest

import reportedly
from reportedly.datamodel import Document
from reportedly.reading.disguises import unveil
from reportedly.reading.line_wrapping import rejoined
from reportedly.reading.segmentation import segment
from tests.timing import grows_at_most
from tests.torture import checks

PARAGRAPHS = [
    " ".join(sentences)
    for sentences in (
        (
            "The harbour wall may fail this winter, a person close to the board said on Monday.",
            "Mayor Tove Lindahl said the town had seen no such warning, and that the board of the Skarn Harbour",
            "Authority would have told her of one.",
        ),
        (
            "Sources told the Gazette that the repair would reportedly cost about 40 million crowns,",
            "far more than was set aside.",
        ),
        (
            "“They had the figures,” the person said.",
            "An inspection report of 12 March lists eleven cracks below the water line.",
            "The Authority, Mr. Ola Brenning said in a statement, “has nothing to add to the report”.",
        ),
    )
]
FORMS = {
    "72 columns, blank lines": (72, "\n\n", "", "\n"),
    "72 columns, no blank lines": (72, "\n", "", "\n"),
    "60 columns, paragraphs indented": (60, "\n", "   ", "\n"),
    "40 columns, blank lines": (40, "\n\n", "", "\n"),
    "100 columns, no blank lines": (100, "\n", "", "\n"),
    "every other line blank": (72, "\n\n\n\n", "", "\n\n"),
    "spaces at the ends of lines": (72, "\n\n", "", "  \n"),
}


def wrapped(width: int, between: str, indent: str, end: str) -> str:
    """Return the paragraphs hard-wrapped."""
    return between.join(
        end.join(textwrap.wrap(p, width, initial_indent=indent, break_on_hyphens=False))
        for p in PARAGRAPHS
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_wrapped_text_is_read_as_it_ran(form):
    """Paragraphs and sentences are those of the unwrapped text; offsets are those of the wrapped one."""
    text = wrapped(*FORMS[form])
    assert len(rejoined(text)) == len(text)
    parts = segment(Document(text))
    assert [" ".join(p.of(text).split()) for p in parts.paragraphs] == PARAGRAPHS
    plain = segment(Document("\n".join(PARAGRAPHS)))
    assert len(parts.sentences) == len(plain.sentences)
    assert rejoined(rejoined(text)) == rejoined(text)


@pytest.mark.parametrize("form", ["72 columns, no blank lines", "60 columns, paragraphs indented"])
def test_wrapping_moves_no_signal(form):
    """Findings and scores are the same, and their words are those of the wrapped text."""
    text = wrapped(*FORMS[form])
    before = reportedly.assess("\n".join(PARAGRAPHS)).to_dict()
    after = reportedly.assess(text).to_dict()
    assert {k: v["score"] for k, v in after["signals"].items()} == {
        k: v["score"] for k, v in before["signals"].items()
    }
    assert [(s["label"], s["statements"]) for s in after["sources"]] == [
        (s["label"], s["statements"]) for s in before["sources"]
    ]
    for value in checks.self_checking(after):
        assert text[value["start"] : value["end"]] == value["text"]
    assert "notices" not in after["document"]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        "\n\n".join(PARAGRAPHS * 3),
        "The list:\n- salt\n- bread\n- milk\n- apples from the market\nIt was short.",
        "One slip\nin a text.\n" + "\n".join(PARAGRAPHS),
        "WATCH\nRead more\nSign up\n" + "\n".join(PARAGRAPHS),
        "Q: Was it late?\nA: It was.\nQ: Why?\nA: Nobody knows.\n" * 3,
    ],
)
def test_other_texts_stay_as_they_are(text):
    """Paragraphs on single lines, lists, page furniture and speakers' turns are not wrapped text."""
    assert rejoined(text) == text


def test_a_headline_and_a_list_end_their_lines():
    """In a wrapped text a short line and a list item still end a paragraph."""
    text = f"Harbour wall may fail\n{wrapped(72, chr(10), '', chr(10))}\n- salt\n- bread"
    lines = rejoined(text).split("\n")
    assert lines[0] == "Harbour wall may fail"
    assert lines[-2:] == ["- salt", "- bread"]
    assert len(lines) == 3 + len(PARAGRAPHS)


@pytest.mark.parametrize("unit", ["\n", "\na", " ", "\n ", "a \n", "a\n\n", "\t\nb", "a b ", "a  "])
def test_time_is_linear(unit):
    """Ten times as many line breaks and spaces take about ten times as long."""
    short, long = ("The wall.\n" + unit * size for size in (4_000, 40_000))
    assert grows_at_most(30, lambda: unveil(short), lambda: unveil(long))


def test_lettering_is_read_and_told():
    """Spaced-out letters and digits in words are undone, names of things are not; a notice counts them."""
    seen = unveil(
        "It was s a i d and r3portedly b3lieved (r e p o r t e d), the mp3s and h264 of the a3maq and B2B."
    )
    assert (
        seen.text
        == "It was said and reportedly believed (reported), the mp3s and h264 of the a3maq and B2B."
    )
    assert seen.notices == (
        "2 words with their letters spaced out",
        "2 words with digits for letters",
    )


@pytest.mark.parametrize("change", [str.upper, str.lower])
def test_a_text_of_one_case_is_read_in_sentence_case(change):
    """Sentences begin with capitals, a notice says so, and all hedges but at most one are still found."""
    text = "\n".join(PARAGRAPHS)
    seen = unveil(change(text))
    assert re.findall(r"(?<=\n)\W*\w+", seen.text) == ["Sources", "“They"]
    assert seen.text.lower() == text.lower()
    assert "on Monday. Mayor" in seen.text
    assert len(seen.notices) == 1
    found = reportedly.assess(change(text))
    before, after = (
        {h.start for h in one.annotated.hedges} for one in (reportedly.assess(text), found)
    )
    assert len(before) > 3
    assert len(before ^ after) <= 1
    assert found.notices == seen.notices


@pytest.mark.parametrize("text", ["SHORT CAPITALS", "no capitals", "中文" * 200, "12 3 " * 200])
def test_short_texts_and_other_scripts_have_no_case_to_mend(text):
    """A text too short to judge, or in letters without case, is unchanged."""
    assert unveil(text).text == text
