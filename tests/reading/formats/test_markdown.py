"""Markdown: markup removed, front matter read, lines mapped back to the file."""

import time

import pytest

from reportedly.errors import InvalidDocument
from reportedly.reading.formats.markdown import MAX_MARKDOWN, read_markdown, split_front

BODY = "The ferry may be sold, the board said.\n"


def read(text):
    return read_markdown(text.encode(), id="a.md")


@pytest.mark.parametrize(
    ("front", "title", "author", "date"),
    [
        ("---\ntitle: Ferry sold\nauthor: Ada\ndate: 2026-05-03\n---\n", "Ferry sold", "Ada", "2026-05-03"),
        ("---\nTitle: 'Ferry: sold'\nauthors: [Ada, Bo]\n---\n", "Ferry: sold", "Ada, Bo", ""),
        ("---\ntitle: Ferry: sold by night\ndate: 3 May\n---\n", "Ferry: sold by night", "", "3 May"),
        ("---\nheadline: 1984\nauthor:\n  - name: Ada\n  - name: Bo\n...\n", "1984", "Ada, Bo", ""),
        ('+++\ntitle = "Ferry sold"\ndate = 2026-05-03\n+++\n', "Ferry sold", "", "2026-05-03"),
        ("+++\ntitle = Ferry sold\n+++\n", "Ferry sold", "", ""),
        ("---\n---\n", "", "", ""),
    ],
)  # fmt: skip
def test_front_matter_gives_title_author_and_date(front, title, author, date):
    """YAML, TOML and slightly invalid front matter are read; none of it is in the text."""
    document = read(front + BODY)
    assert (document.title, document.author, document.date) == (title, author, date)
    assert document.text == BODY.strip()


@pytest.mark.parametrize(
    "text", ["---\n\nA rule.\n\n---\n\nMore.\n", "---\n- a\n---\nMore.\n", "--- a\n"]
)
def test_a_rule_is_no_front_matter(text):
    """A horizontal rule, a list, and a line that begins with dashes are not front matter."""
    assert split_front(text)[1] == text


def test_a_title_is_the_heading_that_the_text_opens_with():
    """A later heading does not count; front matter takes precedence, and the heading stays in the text."""
    assert read(f"# Ferry *may* be sold\n\n{BODY}").title == "Ferry may be sold"
    assert read(f"{BODY}\n# Background\n\nMore.\n").title == ""
    both = read(f"---\ntitle: Ferry sold\n---\n# Sold at last\n\n{BODY}")
    assert both.title == "Ferry sold"
    assert both.text.startswith("Sold at last\n\n")


def test_markup_goes_and_words_stay():
    """Markup is emphasis, links, images, lists, quotations, tables, code, HTML, footnotes, entities and hard breaks."""
    text = (
        'Some **bold**, _said_ [the board](http://x.org "t")[^1] &amp; `ps`.\n![a ferry](f.jpg)\n\n> Quoted\n> words.\n\n'
        "* one\n* two\n\n| a | b |\n|---|---|\n| c | d |\n\n    indented words\n\n<p>In <b>HTML</b></p>\n\n<!-- gone -->\n\n"
        "line  \nbroken <br> twice\n"
    )
    assert read(text).text.split("\n\n") == [
        "Some bold, said the board & ps.", "Quoted words.", "one", "two", "a", "b", "c", "d", "indented words", "In HTML",
        "line\nbroken \n twice",
    ]  # fmt: skip


def test_comments_that_silence_rules_stay_in_the_text():
    """The rules read them there."""
    comment = "<!-- reportedly: ignore sourcing.bare -->"
    assert read(f"{comment}\n\n{BODY}").text == f"{comment}\n\n{BODY.strip()}"


def test_each_line_leads_back_to_the_line_of_the_file():
    """Lines are mapped through front matter and wrapped paragraphs."""
    document = read("---\ntitle: T\n---\n\n# Head\n\nOne\ntwo.\n\nThree.\n")
    lines = document.text.split("\n")
    assert len(lines) == len(document.file_lines)
    assert dict(zip(lines, document.file_lines, strict=True)) == {
        "Head": 5, "": 10, "One two.": 7, "Three.": 10,
    }  # fmt: skip


HOSTILE = {
    "brackets": "[" * 200_000,
    "stars": "a **a " * 40_000,
    "pictures": "![" * 100_000,
    "aliases": "---\na: &a [x,x]\n"
    + "\n".join(
        f"k{n}: &k{n} [*{'a' if n == 0 else f'k{n - 1}'}, *{'a' if n == 0 else f'k{n - 1}'}]"
        for n in range(60)
    )
    + f"\nauthor: *k59\n---\n{BODY}",
    "nested": f"---\na: {'[' * 8000}\n---\n{BODY}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markdown_ends_soon(name):
    """It takes time in proportion to its length."""
    begun = time.process_time()
    assert read(HOSTILE[name]).text
    assert time.process_time() - begun < 15


def test_a_book_of_markdown_is_refused():
    """The limit is lower than for plain text, because the Markdown parser is slower."""
    with pytest.raises(InvalidDocument, match="save the article as plain text"):
        read("a" * (MAX_MARKDOWN + 1))
