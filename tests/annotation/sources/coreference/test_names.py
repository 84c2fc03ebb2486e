"""Names: what each denotes in its article, by its own words and by its other mentions."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import (
    Article,
    index_article,
    look_up,
    opens,
    sentence_at,
    stand_apart,
    stands_within,
)
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


def article(text: str) -> Article:
    return index_article(segment(Document(text)))


def known(text: str, name: str) -> tuple[str, str, str]:
    """Return kind, gender and full name of a name in a text."""
    kind, gender, full = look_up(article(text), tuple(name.split()))
    return kind, gender, " ".join(full)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mr Quill left.", ("person", "m", "Quill")),
        ("Mrs Quill left. Quill said no.", ("person", "f", "Quill")),
        ("Quill Inc. was sold. Quill said no.", ("body", "", "Quill")),
        ("It was the Quill that burned. Later the Quill sank.", ("body", "", "Quill")),
        ("It was the Quill campaign. Later the Quill campaign sank.", ("person", "", "Quill")),
        ("Mr Quill left Quill University.", ("person", "m", "Quill")),
        ("Gorton Bank Quill shut. Quill said no.", ("body", "", "Quill")),
        ("When Quill spoke it rained.", ("person", "", "Quill")),
        ("Zork Quill spoke. Quill left.", ("person", "", "Zork Quill")),
        ("Omar Quill spoke. Quill left.", ("person", "m", "Omar Quill")),
        ("Photo by Omar  Quill said no.", ("person", "", "Quill")),
        ("In Quill Harbour it rained. Omar Quill left.", ("person", "m", "Omar Quill")),
    ],
)
def test_a_surname_is_what_its_other_mentions_say(text: str, found: tuple[str, str, str]) -> None:
    assert known(text, "Quill") == found


def test_a_middle_name_is_whom_the_whole_name_begins() -> None:
    assert known("Omar Khan Malik spoke. Khan left.", "Khan") == ("person", "m", "Omar Khan")


def test_an_outlet_is_an_outlet() -> None:
    assert known("Ask Reuters. Reuters said no.", "Reuters") == ("press", "", "Reuters")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Zork Quill left.", ("person", "", "Zork Quill")),
        ("Mrs Zork Quill left.", ("person", "f", "Zork Quill")),
        ("Mr Zork Quill left.", ("person", "m", "Zork Quill")),
        ("Zork Quill Inc. was sold.", ("body", "", "Zork Quill")),
        ("Zork Quill left. Mrs Zork Quill Inc. was sold.", ("body", "", "Zork Quill")),
        ("Mr Zork Quill University shut. Mrs Zork Quill left.", ("person", "f", "Zork Quill")),
    ],
)
def test_two_words_are_a_person_unless_a_mark_says_company(
    text: str, found: tuple[str, str, str]
) -> None:
    assert known(text, "Zork Quill") == found


def test_a_word_opens_behind_a_mark_and_at_the_beginning() -> None:
    text = article("Quill left. “Malik left,” said Khan.")
    forms = text.segmented.tokens.forms
    opening = {form for at, form in enumerate(forms) if form[0].isupper() and opens(text, at)}
    assert opening == {"Quill", "Malik"}
    assert stands_within(text, "Khan")
    assert not stands_within(text, "Malik")


def test_words_stand_apart_by_spaces_and_not_by_a_wrapped_line() -> None:
    text = article("Photo by Quill  Malik left\n  Khan said.")
    forms = text.segmented.tokens.forms
    assert [form for at, form in enumerate(forms) if stand_apart(text, at)] == ["Malik"]


def test_the_sentence_of_an_offset_is_found_at_both_ends() -> None:
    text = article("Quill left. Malik left.")
    assert [sentence_at(text, at) for at in (0, 10, 11, 12, 22)] == [0, 0, 0, 1, 1]
