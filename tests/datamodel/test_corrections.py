"""Files of corrections: what is written is read back, and anything else in one is refused in a line."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.datamodel.corrections import (
    Correction,
    Corrections,
    LedgerLine,
    LedgerStatement,
    corrections_toml,
    parse_corrections,
    text_digest,
)
from reportedly.errors import InvalidDocument

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
STATEMENTS = st.builds(LedgerStatement, st.integers(0, 99), st.integers(100, 200), WORDS, WORDS)
LINES = st.builds(
    LedgerLine, st.just("s1"), WORDS, st.sampled_from(["unnamed", "press"]),
    st.lists(STATEMENTS, max_size=3).map(tuple),
)  # fmt: skip
MADE = Corrections(
    "a.txt",
    text_digest("x"),
    (LedgerLine("s1", "a “man”\n", "unnamed"), LedgerLine("s2", "he", "vague")),
    (
        Correction("merge", "s1", others=("s2",)),
        Correction("rename", "s1", 'The "Rt \\ Hon"'),
        Correction("class", "s1", "named_person"),
        Correction("wrong", "s2"),
    ),
)


@settings(max_examples=100, deadline=None)
@given(name=WORDS, line=LINES, to=WORDS.filter(str.strip))
def test_what_is_written_is_read_back(name, line, to):
    """Quotes, backslashes, control characters and every alphabet are preserved."""
    made = Corrections(name, "0", (line,), (Correction("rename", "s1", to),))
    assert parse_corrections(corrections_toml(made), "x") == made


def test_every_action_is_read_back():
    """The actions are merge, rename, class and wrong."""
    assert parse_corrections(corrections_toml(MADE), "x") == MADE


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("reportedly/corrections/1", "reportedly/policy/1", "schema 'reportedly/policy/1', expected"),
        ('action = "wrong"', 'action = "right"', "action 'right', expected one of wrong, merge, rename, class"),
        ('line = "s2"', 'line = "s9"', "no line 's9'"),
        ('to = "named_person"', 'to = "person"', "class 'person', expected one of named_person"),
        ('with = ["s2"]', 'to = "s2"', "belongs to merge"),
        ("sha256", "sha1", "'sha256' is missing"),
        ("[[correction]]", "[[correction", "Expected"),
        ('class = "vague"', "class = 7", "class 7"),
    ],
)  # fmt: skip
def test_another_file_is_refused_in_a_line(old, new, said):
    """The message says what was got, what was expected and what to do."""
    text = corrections_toml(MADE)
    assert old in text
    with pytest.raises(InvalidDocument) as caught:
        parse_corrections(text.replace(old, new), "a.corrections.toml")
    assert said in str(caught.value)
    assert "a.corrections.toml: not a file of corrections" in str(caught.value)
    assert "--no-corrections" in str(caught.value)


def test_brackets_without_end_are_refused():
    """A malicious file cannot crash the program."""
    with pytest.raises(InvalidDocument):
        parse_corrections(f"a = {'[' * 100_000}", "x")
