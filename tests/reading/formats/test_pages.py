"""Web pages: the article is taken, the rest of the page is not."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.errors import InvalidDocument
from reportedly.reading import read_file
from reportedly.reading.formats.pages import looks_like_html, read_html

PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}"><title>Ferry late again | Port Gazette</title>
<meta property="og:title" content="Ferry late again"><style>p {{ color: red }}</style></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav><header>Port Gazette</header><main><article>
<h1>Ferry late again</h1><p class="byline">By Ida Okonkwo</p>
<p>The ferry to Skarn was late again on Friday, the harbour master said. It is the third time this month that passengers waited.</p>
<p>“We were told nothing,” said a passenger who did not want to be named. She had waited for two hours in the rain at the café.</p>
<script>document.write("No ferry at all")</script>
<p>The company reportedly plans to sell the boat. It may cost about 3 million crowns.</p></article></main>
<aside>Read more: <a href="/x">Ten best beaches</a></aside>
<section class="comments" id="comments"><p>First! This is what I think of the ferry.</p></section>
<footer>© Port Gazette. Subscribe to our newsletter.</footer></body></html>"""


def page(charset="utf-8"):
    return PAGE.format(charset=charset).encode(charset)


def test_the_article_is_taken_and_nothing_else():
    """Paragraphs and headline are there; navigation, scripts, comments and footer are not."""
    document = read_html(page(), id="x")
    for words in ("The ferry to Skarn", "“We were told nothing,”", "about 3 million crowns"):
        assert words in document.text
    for words in ("Home", "beaches", "newsletter", "No ferry", "First!", "color", "<"):
        assert words not in document.text
    assert document.title == "Ferry late again"
    assert (document.id, document.encoding) == ("x", "utf-8+html")


PARAGRAPHS = (
    "The ferry to Skarn was late again on Friday, the harbour master said, for the third time.",
    "“We were told nothing,” said a passenger who did not want to be named. She had waited two hours.",
    "The company reportedly plans to sell the boat. It may cost about 3 million crowns.",
    "An inspection report lists eleven faults in the engine room, among them a cracked pump housing.",
)
NAVIGATION = (
    "<nav><ul>"
    + "".join(f"<li><a href='/{w}'>{w}</a></li>" for w in ["Home", "News", "Sport", "Jobs"])
    + "</ul></nav>"
)
FOOTER = (
    "<footer><p>All rights reserved. Subscribe to our newsletter for the latest news.</p></footer>"
)
LAYOUTS = {
    "paragraphs in an article": "<main><article><h1>Ferry</h1>{p}</article></main>",
    "divisions": "<div><div>Ferry</div>{d}</div>",
    "line breaks": "<div id=story><h2>Ferry</h2>{b}</div>",
    "advertisements between": "<main><h1>Ferry</h1>{a}</main>",
    "quotation and list": "<article><h1>Ferry</h1><p>{0}</p><blockquote>{1}</blockquote><ul><li>{2}</li><li>{3}</li></ul></article>",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_article_is_found_in_every_layout(name):
    """Word F1 against the article's own paragraphs is at least .95 (all of the page's text: about .87)."""
    body = LAYOUTS[name].format(
        *PARAGRAPHS,
        p="".join(f"<p>{p}</p>" for p in PARAGRAPHS),
        d="".join(f"<div class=x>{p}</div>" for p in PARAGRAPHS),
        b="<br><br>".join(PARAGRAPHS),
        a="".join(
            f"<section><p>{p}</p></section><aside class=ad>Advertisement</aside>"
            for p in PARAGRAPHS
        ),
    )
    document = read_html(f"<html><body>{NAVIGATION}{body}{FOOTER}</body></html>".encode())
    taken, wanted = Counter(document.text.split()), Counter(" ".join(PARAGRAPHS).split())
    assert 2 * (taken & wanted).total() / (taken.total() + wanted.total()) >= 0.95


def test_a_title_that_is_given_outranks_the_page():
    """A title given by the caller takes precedence."""
    assert read_html(page(), title="Mine").title == "Mine"


@pytest.mark.parametrize(
    ("data", "charset", "encoding"),
    [
        (page("cp1252"), None, "cp1252+html"),
        (page("cp1252"), "windows-1252", "cp1252+html"),
        (page("utf-8").replace(b"utf-8", b"latin-1"), "utf-8", "utf-8+html"),
        (page("utf-8").replace(b'charset="utf-8"', b""), None, "utf-8+html"),
        (page("utf-8"), "no-such-thing", "utf-8+html"),
        (page("utf-8").replace(b'"utf-8"', b'"utf-16"'), None, "utf-8+html"),
        (page("utf-8").replace(b'"utf-8"', b'"zlib_codec"'), None, "utf-8+html"),
        (page("utf-16"), None, "utf-16+html"),
    ],
)
def test_encodings_are_found_as_browsers_find_them(data, charset, encoding):
    """The order is server, page, bytes; a wrong name, or one that is not a text encoding, is ignored."""
    document = read_html(data, charset=charset)
    assert "“We were told nothing,”" in document.text
    assert "café" in document.text
    assert document.encoding == encoding


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"<p></p>", b"", b"\x00\x01" * 500, b"<div>" * 5000]
)
def test_a_page_without_an_article_is_refused(data):
    """The error is one line and one of this package's own."""
    with pytest.raises(InvalidDocument) as caught:
        read_html(data)
    assert "\n" not in str(caught.value)


def test_a_page_that_is_too_large_is_refused():
    """Before it is parsed."""
    with pytest.raises(InvalidDocument, match="more than 8,000,000 bytes"):
        read_html(b"x" * 8_000_001)


def test_files_are_read_and_missing_ones_named(tmp_path):
    """The path is the document's id and is in every error."""
    path = tmp_path / "a.html"
    path.write_bytes(page())
    assert read_file(path).id == str(path)
    for name in ("gone.html", "."):
        with pytest.raises(InvalidDocument):
            read_file(tmp_path / name)
    (tmp_path / "empty.html").write_bytes(b"<html></html>")
    with pytest.raises(InvalidDocument, match=r"empty\.html: found no article"):
        read_file(tmp_path / "empty.html")


def test_pages_are_told_from_text():
    """Pages are recognised by their first tags."""
    assert looks_like_html(page())
    assert not looks_like_html(b"The <b>ferry</b> was late.")


def test_the_extractor_is_imported_only_for_pages():
    """Reading a text file does not import trafilatura."""
    code = "import sys, reportedly.reading.formats.pages; sys.exit('trafilatura' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=400),
    st.sampled_from([b"", b"<html><body><p>", b"<meta charset=utf-7>", b"<table>"]),
)
def test_any_bytes_give_a_document_or_our_own_error(data, head):
    """Broken pages raise only this package's own errors."""
    try:
        document = read_html(head + data)
    except InvalidDocument:
        return
    assert document.text.strip()
