"""Reading: the encodings that newsrooms use, and a clear line for input that is not text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.errors import InvalidDocument, ReportedlyError
from reportedly.reading import MAX_CHARACTERS, read_bytes, read_file, read_text

WORDS = "“Café”, she said — it’s 5 €."


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_told_apart_and_named(codec, name):
    """Every encoding gives the same words, and the document names the encoding."""
    document = read_bytes(WORDS.encode(codec))
    assert (document.text, document.encoding) == (WORDS, name)


def test_only_line_ends_are_normalised():
    """Windows and old Mac line ends become newlines; spaces and marks are unchanged."""
    assert read_text("a\r\nb\rc  “d”\u00a0e").text == "a\nb\nc  “d”\u00a0e"


def test_lone_surrogates_keep_their_place():
    """A lone surrogate becomes one replacement character, so that offsets hold."""
    assert read_text("a\ud800b").text == "a\ufffdb"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "0 bytes"),
        (b" \n\t ", "white space"),
        (bytes(range(32)) * 40, "are not text"),
        (b"\xff\xfe\x00", "utf-16"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + b"\x00\x01\x02" * 99, "are not text"),
        (b"a" * (MAX_CHARACTERS + 1), "at most"),
    ],
)
def test_what_is_no_article_gets_a_clear_line(data, message):
    """Empty, blank, binary, truncated and far too long input is refused in one line that says why."""
    with pytest.raises(InvalidDocument, match=message) as caught:
        read_bytes(data)
    assert "\n" not in str(caught.value)


def test_missing_files_and_folders_are_named(tmp_path):
    """The message names the path that could not be read."""
    for path in (tmp_path, tmp_path / "none.txt"):
        with pytest.raises(InvalidDocument, match=str(path)):
            read_file(path)


@given(st.binary(max_size=400))
def test_reading_any_bytes_gives_a_document_or_our_error(data):
    """No bytes make reading fail in any other way."""
    try:
        document = read_bytes(data)
    except ReportedlyError:
        return
    assert document.text.strip()
    document.text.encode("utf-8")
