"""Word files: paragraphs as a reader sees them, titles, properties, and files without an article."""

import time

import pytest

from reportedly.errors import InvalidDocument
from reportedly.reading.formats.word import MAX_TAGS, read_word
from tests.office import docx, paragraph, run

BODY = paragraph("The ferry may be sold, the board said.")


def test_a_title_is_the_heading_the_text_opens_with_else_the_property():
    """A visible heading takes precedence over the property; a property that a program wrote is ignored."""
    assert (
        read_word(docx(paragraph("Ferry sold", "Title") + BODY, title="Old")).title == "Ferry sold"
    )
    assert read_word(docx(paragraph("Ferry sold", "Heading1") + BODY)).title == "Ferry sold"
    assert read_word(docx(BODY + paragraph("Background", "Heading1"), title="Sold")).title == "Sold"
    assert read_word(docx(BODY, title="Word Document")).title == ""
    assert read_word(docx(BODY), title="Given").title == "Given"


def test_author_and_date_are_read():
    """They are the file's properties."""
    document = read_word(docx(BODY, author="Ada Quill", date="2026-05-03T10:00:00Z"))
    assert (document.author, document.date, document.encoding) == (
        "Ada Quill",
        "2026-05-03",
        "docx",
    )


def test_tracked_changes_are_read_as_accepted():
    """Inserted text is kept, deleted text is not."""
    body = (
        f'<w:p>{run("The ferry ")}<w:del w:id="1" w:author="E"><w:r><w:delText>will</w:delText></w:r></w:del>'
        f'<w:ins w:id="2" w:author="E">{run("may")}</w:ins>{run(" sail.")}</w:p>'
    )
    assert read_word(docx(body)).text == "The ferry may sail."


def test_line_breaks_and_tables_are_lines():
    """A soft line break stays within its paragraph; table cells follow one another."""
    body = (
        f"<w:p>{run('One')}<w:r><w:br/></w:r>{run('two.')}</w:p>"
        f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{paragraph('b')}</w:tc></w:tr></w:tbl>{BODY}"
    )
    assert read_word(docx(body)).text.split("\n") == [
        "One", "two.", "", "a", "b", "", "The ferry may be sold, the board said.",
    ]  # fmt: skip


LAUGHS = "<!DOCTYPE l [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {c} '{f'&{p};' * 10}'>" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE = {
    "unpacks to 50 MB": (lambda: docx(paragraph(" " * 50_000_000)), "unpacks to far more"),
    "too many tags": (lambda: docx("<w:p/>" * (MAX_TAGS + 1)), "unpacks to far more"),
    "deep": (lambda: docx("<w:p>" * 20_000 + "</w:p>" * 20_000), "RecursionError"),
    "a billion laughs": (lambda: docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", doctype=f"{LAUGHS}]>"), "cannot be read"),
    "cut off": (lambda: docx(BODY)[:900], "damaged"),
    "empty": (lambda: docx(""), "only white space"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_word_files_are_refused_soon_and_in_one_line(name):
    """Zip bombs, multiplying entities, very deep trees and truncated files are refused."""
    make, message = HOSTILE[name]
    data, begun = make(), time.process_time()
    with pytest.raises(InvalidDocument, match=message) as caught:
        read_word(data)
    assert "\n" not in str(caught.value)
    assert time.process_time() - begun < 10


def test_no_other_file_is_read_through_an_entity():
    """An external entity is not resolved."""
    doctype = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    body = f"<w:p><w:r><w:t>&x;</w:t></w:r></w:p>{BODY}"
    assert read_word(docx(body, doctype=doctype)).text == "The ferry may be sold, the board said."
