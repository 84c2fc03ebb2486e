"""Texts that lost their line breaks: a wide gap after a finished sentence was the end of a paragraph."""

import json
from pathlib import Path

import pytest

from reportedly.datamodel import Document
from reportedly.reading.furniture import find_furniture
from reportedly.reading.gaps import broken
from reportedly.reading.segmentation import segment

LINES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "furniture_lines.jsonl")
    .read_text("utf-8")
    .splitlines()
]


def paragraphs(text):
    """Return the words of each paragraph."""
    return [p.of(text) for p in segment(Document(text)).paragraphs]


@pytest.mark.parametrize("gap", ["  ", "   ", "\t", "\u00a0\u00a0", " \u00a0 "])
def test_a_wide_gap_ends_a_paragraph(gap):
    text = f"The mill closed in May. Nobody was told.{gap}Ana Moor sold it. She left.{gap}“We paid,” she said."
    assert len(paragraphs(text)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "The mill closed.  Nobody was told.  Ana Moor sold it.  She left.  The roof fell in.",
        "The mill closed in  May. Nobody was told, said  Ana Moor. She left.",
        "The mill closed.\nNobody was told.\nAna sold it.\nShe left.\nIt fell.\nThe  end.  It rained.",
        "The mill of Mr.  Lund closed. Nobody was told.",
    ],
)
def test_other_gaps_end_none(text):
    """Two spaces after every sentence are a typing habit; a gap inside a sentence is a slip."""
    assert broken(text) == text


def test_offsets_stay():
    text = "The mill closed. It was old.   Ana Moor sold it. She left.   It fell in."
    assert len(broken(text)) == len(text)
    assert broken(text).split() == text.split()


def marked(row):
    """Return which sentences of a line between two others are furniture."""
    space = "\n" if row["own_line"] else " "
    text = f"{row['before']}{space}{row['line']}{space}{row['after']}"
    start = len(row["before"]) + 1
    end = start + len(row["line"])
    parts = segment(Document(text), find_furniture)
    return [s.furniture for s in parts.sentences if s.start < end and s.end > start]


def test_pieces_of_a_page_are_marked_and_sentences_are_not():
    """Of 80 invented pieces of furniture at least 68 are marked; of 80 ordinary sentences at least 79 are not."""
    furniture = [all(marked(row)) for row in LINES if row["furniture"]]
    ordinary = [not any(marked(row)) for row in LINES if not row["furniture"]]
    assert len(furniture) == len(ordinary) == 80
    assert sum(furniture) >= 68
    assert sum(ordinary) >= 79
