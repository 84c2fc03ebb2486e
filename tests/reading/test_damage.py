"""Damaged text is read as it was meant and reported, but never rewritten; undamaged text is unchanged."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportedly
from reportedly.datamodel import NOTICES_SAY, Span
from reportedly.reading.disguises import unveil
from reportedly.reading.formats.tables import open_table
from tests.cli.test_cli import run
from tests.reading.formats import test_boxes as pages
from tests.reading.formats.test_tables import WRITERS, rows
from tests.torture import checks

WHOLE = (
    "“We found the crack in 2015,” said Vera Lome. The dam’s wall leaks — badly.\n\n"
    "It holds 40 million litres. The mayor isn’t worried, two officials said."
)
MARKS = "“”’—"


def each(text, change):
    return "".join(change(c) if c in MARKS else c for c in text)


DAMAGE = {
    "UTF-8 as Windows-1252": WHOLE.encode().decode("cp1252", "replace"),
    "UTF-8 as Windows-1252, what it lacks left out": WHOLE.encode().decode("cp1252", "ignore"),
    "UTF-8 as Latin-1": WHOLE.encode().decode("latin-1"),
    "UTF-8 as Mac Roman": WHOLE.encode().decode("mac_roman"),
    "UTF-8 as Windows-1251": WHOLE.encode().decode("cp1251", "replace"),
    "twice": WHOLE.encode().decode("cp1252", "replace").encode().decode("cp1252", "replace"),
    "Windows-1252 as Latin-1": WHOLE.encode("cp1252").decode("latin-1"),
    "question marks": WHOLE.encode("ascii", "replace").decode(),
    "three question marks each": each(WHOLE, lambda c: "???"),
    "half of the bytes lost": each(WHOLE, lambda c: "â??"),
    "replacement characters": each(WHOLE, lambda c: "\ufffd"),
    "entities by number": each(WHOLE, lambda c: f"&#{ord(c)};"),
    "entities by base 16": each(WHOLE, lambda c: f"&#x{ord(c):x};"),
    "entities by Windows number": each(WHOLE, lambda c: f"&#{c.encode('cp1252')[0]};"),
    "entities by name": each(WHOLE, lambda c: {"“": "&ldquo;", "”": "&rdquo;", "’": "&rsquo;", "—": "&mdash;"}[c]),
    "entities encoded again": each(WHOLE, lambda c: f"&amp;#{ord(c)};"),
    "entities encoded again and again": each(WHOLE, lambda c: f"&amp;amp;#{ord(c)};"),
}  # fmt: skip


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_damage_is_seen_through_told_and_left_in_the_text(text):
    """The quotation has its speaker, every span is of the original text, and a notice reports the damage."""
    seen = unveil(text)
    assert seen.text == WHOLE
    assert len(seen.notices) == 1
    account = reportedly.assess(text).to_dict()
    assert account["document"]["notices"] == list(seen.notices)
    assert account["sources"][0]["label"] == "Vera Lome"
    for value in checks.self_checking(account):
        assert text[value["start"] : value["end"]] == value["text"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Lennard &amp; Marsh said &quot;no&quot;.", 'Lennard & Marsh said "no".'),
        ("It leaks.&nbsp;It holds 40&nbsp;million.", "It leaks. It holds 40 million."),
        ("&amp;quot;We paid,&amp;quot; he said.", '"We paid," he said.'),
        ("The firm #39;s boat. quot;We paid,quot; he said.", 'The firm\'s boat. "We paid," he said.'),
        ("A cafÃ© for Â£5, â€œopenâ€ until nine.", "A café for £5, “open” until nine."),
        ("The crew didn?t sail and the mayor?s boat sank.", "The crew didn’t sail and the mayor’s boat sank."),
        ("?Did you pay?? he asked. ?We did,? she said.", "“Did you pay?” he asked. “We did,” she said."),
        ("He called the \ufffddeal\ufffd a fraud.", "He called the “deal” a fraud."),
    ],
)  # fmt: skip
def test_damage_of_every_kind_is_read_as_it_was_meant(text, meant):
    """Entities, wrong encodings and lost marks are repaired, alone and together."""
    assert unveil(text).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "Did you pay? Who? Yes, he said. What?No.",
        "See http://x.y/page?s=1&t=2; and watch?v=3 for more.",
        "AT&T; R&D; Q&A; a & b; &; &x; &#; &#0; &#xd800;",
        "“Café”, naïve, ‘É’, SÃO PAULO, Ünal’s, 30 °C, 5 €, £5 – “señor”…",
        "Is it true ? Nobody knows ? the mayor will not say.",
        "He asked: ?Where was the money?",
        "The amp; was loud, we chose lt; and #39; then.",
        "Carmen Fari\ufffda and the Mevl\ufffdde case.",
        "Ελληνικά, русский «да», Đà Nẵng, naïve’s",
    ],
)
def test_whole_text_is_left_alone(text):
    """Real question marks, URLs, ampersands, accents and other languages are not damage."""
    seen = unveil(text)
    assert seen.text == text
    assert not seen.notices


@given(
    st.lists(
        st.sampled_from([*DAMAGE.values(), WHOLE, "&amp;", "â€œ", "\ufffd", "?s ", " ?A b,? "]),
        max_size=4,
    )
)
@settings(max_examples=60, deadline=None)  # fmt: skip
def test_places_lead_back_in_order(parts):
    """Each code point of the repaired text stands for a range of the original, in order."""
    text = " ".join([*parts, "x"])
    seen, at = unveil(text), 0
    for number in range(len(seen.text)):
        span = seen.back(Span(number, number + 1))
        assert at <= span.start < span.end <= len(text)
        at = span.end


def test_what_mends_is_not_imported_for_whole_text():
    """Curly marks and accents do not make a cold score import ftfy."""
    code = (
        "import sys, reportedly; reportedly.assess('“Café”, said Ana’s friend — “£5”. ' * 20); "
        "sys.exit('ftfy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_commands_tell_of_damage(tmp_path):
    """`score` shows the notice; `text` prints the original text and the notice separately."""
    path, text = tmp_path / "a.txt", DAMAGE["UTF-8 as Latin-1"]
    path.write_text(text, encoding="utf-8")
    assert NOTICES_SAY in " ".join(run("score", path).stdout.decode().split())
    done = run("text", path)
    assert done.stdout.decode() == text + "\n"
    assert f"{NOTICES_SAY}: 5 characters of a wrong encoding" in done.stderr.decode()


CELLS = {
    "paragraphs": ("<p>“We paid,” said Ana Moor.</p>\n<p>The wall <b>leaks</b>.</p>", "“We paid,” said Ana Moor.\nThe wall leaks."),
    "divisions, scripts and a figure": ("<div>He paid.<script>x()</script></div><figure><img><figcaption>A boat</figcaption></figure><div>It leaks.</div>", "He paid.\nIt leaks."),
    "attributes and entities": ('<p class="a">&ldquo;We paid,&rdquo; said <a href="#">Ana&nbsp;Moor</a>.</p>', "“We paid,” said Ana Moor."),
    "line breaks": ("He paid.<br><br/>It leaks.", "He paid.\nIt leaks."),
    "list": ("<ul><li>He paid.</li><li>It leaks.</li></ul>", "He paid.\nIt leaks."),
    "wrapped source": ("<p>The wall\nleaks.</p>", "The wall leaks."),
    "encoded twice": ("&lt;p&gt;He paid.&lt;/p&gt;&lt;p&gt;It leaks.&lt;/p&gt;", "He paid.\nIt leaks."),
    "links alone": ('He <a href="/x">paid</a>.\nIt leaks.', "He paid.\nIt leaks."),
    "broken": ("<div><p>He paid.</p><p>It leaks.", "He paid.\nIt leaks."),
    "no HTML: comparison": ("If a < b and c > d, </b it leaks.", "If a < b and c > d, </b it leaks."),
    "no HTML: a tag is mentioned": ("He wrote <p> in the margin; it leaks.", "He wrote <p> in the margin; it leaks."),
    "no HTML: one line break is mentioned": ("The tag <br> ends a line.\nIt leaks.", "The tag <br> ends a line.\nIt leaks."),
}  # fmt: skip


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize(("cell", "meant"), CELLS.values(), ids=CELLS)
def test_html_in_a_cell_is_read_as_html(tmp_path, form, cell, meant):
    """In every format, a cell with opened and closed block elements is read as HTML; other cells are unchanged."""
    path = WRITERS[form](tmp_path / f"t.{form}", [{"id": "a", "headline": "", "body": cell}])
    assert [row.text for row in rows(path)] == [meant]


def test_boxes_and_pages_in_cells_are_read_as_on_pages(tmp_path):
    """A newsletter box in a fragment is removed; of a whole page the article is extracted."""
    box = "<p>He paid, she said.</p><div class='newsletter'><p>Get our briefing.</p></div><p>It leaks.</p>"
    whole = pages.page(pages.article(pages.paragraphs()))
    path = WRITERS["jsonl"](tmp_path / "t.jsonl", [{"body": box}, {"body": whole}])
    found = rows(path)
    assert found[0].text == "He paid, she said.\nIt leaks."
    pages.check(found[1].text)


def test_a_cell_of_tags_without_text_is_a_bad_row(tmp_path):
    """Other rows are not affected."""
    path = tmp_path / "t.jsonl"
    cells = ("<p></p>", "<p>It leaks.</p>", "<div>" * 5_000 + "x</div>")
    path.write_text("".join(json.dumps({"text": cell}) + "\n" for cell in cells))
    (bad, good, deep) = next(open_table(path).batches(9))
    assert "white space" in bad.error
    assert good.text == "It leaks."
    assert deep.error or deep.text
