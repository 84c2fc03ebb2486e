"""Alignment of sentences, wherever they are in the two versions."""

from __future__ import annotations

import time

from reportedly.assessment.versions.alignment import AlignedRow, Passage, align


def rows(*sentences: str) -> list[AlignedRow]:
    """Return sentences in which every word is a content word."""
    return [AlignedRow(n, tuple(s.split()), tuple(s.split())) for n, s in enumerate(sentences)]


def test_sentences_are_found_where_they_moved():
    """Two sentences that changed places are two passages; the one between them is unmoved."""
    old = rows("ferry sank off pier", "mayor waved", "storm broke mast")
    new = rows("storm broke mast", "mayor waved", "ferry sank off pier")
    assert align(old, new) == [Passage((0,), (2,)), Passage((1,), (1,)), Passage((2,), (0,))]


def test_equal_sentences_come_before_alike_ones():
    """An equal sentence is matched before a nearer but only similar one."""
    old = rows("ferry sank off north pier", "ferry sank off pier")
    new = rows("ferry sank off pier")
    assert align(old, new) == [Passage((0,), ()), Passage((1,), (0,))]


def test_a_split_sentence_is_one_passage_and_so_is_a_merger():
    """Both halves align with the whole, in either direction."""
    whole = rows("ferry sank off pier storm broke mast crew swam ashore night")
    halves = rows("ferry sank off pier storm broke", "broke mast crew swam ashore night")
    assert align(whole, halves) == [Passage((0,), (0, 1))]
    assert align(halves, whole) == [Passage((0, 1), (0,))]


def test_strangers_stay_alone():
    """A sentence that shares only two words with another is not aligned with it."""
    old, new = rows("ferry sank off pier"), rows("ferry pier opens again with band")
    assert align(old, new) == [Passage((0,), ()), Passage((), (0,))]
    assert align([], []) == []


def test_every_sentence_stands_once():
    """Every sentence is aligned once, even if many are equal."""
    old, new = rows(*["he said"] * 4, "ferry sank"), rows(*["he said"] * 3, "mayor waved")
    passages = align(old, new)
    assert sorted(n for p in passages for n in p.old) == [0, 1, 2, 3, 4]
    assert sorted(n for p in passages for n in p.new) == [0, 1, 2, 3]


def test_long_texts_take_time_in_proportion():
    """Four thousand changed sentences of the same few words take seconds, not minutes."""
    words = ["ferry", "pier", "mast", "crew", "storm", "night", "harbour", "mayor"]
    text = [f"{words[n % 8]} {words[n // 8 % 8]} {words[n // 64 % 8]} {n}" for n in range(4000)]
    start = time.process_time()
    passages = align(rows(*text), rows(*(f"{s} more" for s in text)))
    assert all(p.old == p.new for p in passages)
    assert time.process_time() - start < 5
