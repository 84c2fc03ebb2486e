"""Page furniture is shown and not scored."""

import re

from reportedly.datamodel import Document
from reportedly.lexicons import loader
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment

PAGE = """Pumps at flood barrier were never tested

The barrier was reportedly signed off in an afternoon, days before the autumn tides came in

By Ines Halloran

The barrier seen from the east mole / Photo: Tobe Akande

The pumps were never run, an official said.

What happens next

The tides come on Friday. "We test every autumn," the authority said.

RELATED

Load Next Story

© 2024 The Merrin Standard"""


def marked(text: str, title: str = "") -> list[str]:
    parts = segment(Document(text, title=title), find_furniture)
    return [s.span.of(text) for s in parts.sentences if s.furniture]


def test_page_furniture_is_found_and_the_article_is_not():
    """Headline, byline, photo line, subhead, links and notices are furniture; standfirst and sentences are not."""
    assert marked(PAGE) == [
        "Pumps at flood barrier were never tested",
        "By Ines Halloran",
        "The barrier seen from the east mole / Photo: Tobe Akande",
        "What happens next",
        "RELATED",
        "Load Next Story",
        "© 2024 The Merrin Standard",
    ]


def test_a_title_that_the_text_repeats_is_furniture():
    """Its punctuation does not matter."""
    text = "Mayor quits, at last.\n\nThe mayor quit on Monday."
    assert marked(text, "Mayor quits – at last") == ["Mayor quits, at last."]


def test_one_line_of_text_is_no_headline():
    """A text of one paragraph is an article, not a headline."""
    assert marked("The mayor quit on Monday, an aide said") == []


def test_what_a_pattern_is_chosen_by_stands_in_its_hits():
    """Every match of a pattern with `words` has one of them, and every match of one with `begins` begins so."""
    for entry in loader.load("furniture").entries:
        words, begins = entry.attributes.get("words"), entry.attributes.get("begins")
        assert words or entry.pattern.startswith("^")
        assert not (words and (begins or {"place", "whole"} & entry.attributes.keys()))
        for sentence in entry.hits:
            match = entry.matcher().search(sentence)
            assert not words or any(word in match.group() for word in words)
            first = re.search(r"\w{1,3}", sentence)[0].lower() if begins else ""
            assert not begins or ("0" if first[0].isdigit() else first) in begins, sentence
