"""PDFs: lines, titles, running heads, and files without an article; needs the extra `pdf`."""

import sys
import time

import pytest

from reportedly.errors import InvalidDocument
from reportedly.reading.formats.pdf import MAX_PAGES, read_pdf
from tests.office import lines, pdf

pytest.importorskip("pypdf")
TEXT = ("The ferry may be sold, the board said.", "It has sailed to Skarn for ninety years.")


def test_a_title_is_the_property_or_the_large_type():
    """The title property counts if the page shows it; otherwise the large type at the top, otherwise the property."""
    large = lines("Ferry may be sold", "before the winter", size=22, top=760) + lines(*TEXT)
    assert read_pdf(pdf(large, title="A1_NEWS.indd")).title == "Ferry may be sold before the winter"
    assert read_pdf(pdf(large, title="Ferry may be sold")).title == "Ferry may be sold"
    assert read_pdf(pdf(lines(*TEXT), title="Ferry sold")).title == "Ferry sold"
    assert read_pdf(pdf(lines(*TEXT), title="untitled")).title == ""
    assert read_pdf(pdf(large), title="Given").title == "Given"


def test_author_and_date_are_read():
    """They are the file's properties."""
    document = read_pdf(pdf(lines(*TEXT), author="Ada Quill"))
    assert (document.author, document.date) == ("Ada Quill", "2026-05-03")
    assert (document.text, document.encoding) == ("\n".join(TEXT), "pdf")


def test_running_heads_and_page_numbers_go_and_divided_words_are_whole():
    """A line at the top of every page is removed; a word divided at a line's end is joined."""
    pages = [
        lines("Skarn Echo", f"Part {n} was long and contin-", "ued to the end.", f"Page {n}")
        for n in (1, 2, 3)
    ]
    text = read_pdf(pdf(*pages)).text
    assert text.split("\n") == [f"Part {n} was long and continued to the end." for n in (1, 2, 3)]


HOSTILE = {
    "a scan": (lambda: pdf(b"q Q"), "recognise its text"),
    "too many pages": (lambda: pdf(*[b""] * (MAX_PAGES + 1)), "201 pages"),
    "unpacks to 60 MB": (lambda: pdf(b" " * 60_000_000), "cannot be read"),
    "marks without end": (lambda: pdf(lines("x") * 60_000), "cannot be read"),
    "cut off": (lambda: pdf(lines(*TEXT))[:300], "cannot be read"),
    "garbage": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 99, "cannot be read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pdfs_are_refused_soon_and_in_one_line(name):
    """The error is one line, whatever pypdf does with the file."""
    make, message = HOSTILE[name]
    data, begun = make(), time.process_time()
    with pytest.raises(InvalidDocument, match=message) as caught:
        read_pdf(data)
    assert "\n" not in str(caught.value)
    assert time.process_time() - begun < 20


def test_without_the_extra_a_line_says_what_to_install(monkeypatch):
    """The rest of the package works without it."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(InvalidDocument, match=r"pip install 'reportedly\[pdf\]'"):
        read_pdf(pdf(lines(*TEXT)))
