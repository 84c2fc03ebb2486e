"""Words hidden from programs are found as if written plainly, and a notice says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import reportedly
from reportedly.datamodel import Document, Span
from reportedly.reading.disguises import as_it_looks, unveil
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from tests.torture import checks, evasion, texts

ARTICLE = (
    "The harbour wall may fail this winter, a person close to the board said on Monday. "
    "Sources told the Gazette that the repair would reportedly cost about 40 million crowns.\n"
    "Mayor Tove Lindahl said the town had seen no such warning. Critics say it was known for years. "
    "Two of the board’s members sold their houses on the quay in spring.\n"
) * 3


@pytest.fixture(scope="module")
def plain():
    """Return the payload of the unchanged article."""
    return reportedly.assess(ARTICLE).to_dict()


def found(account: dict) -> tuple:
    """Return the scores and the words found, without invisible characters."""

    def words(text: str) -> str:
        return unveil(text).text

    return (
        account["risk"],
        {name: signal["score"] for name, signal in account["signals"].items()},
        [words(h["text"]) for h in account["hedges"]],
        [[words(s["text"]) for s in a["source"]] for a in account["attributions"]],
        [(s["label"], s["class"], s["statements"]) for s in account["sources"]],
    )


@pytest.mark.parametrize("name", evasion.SEEN_THROUGH)
def test_hidden_words_are_found_and_told(plain, name):
    """The trick changes no score and no finding; spans are of the original text; a notice names the trick."""
    trick: Callable[[str], str] = evasion.TRICKS[name]
    tricked = trick(ARTICLE)
    assert tricked != ARTICLE
    account = reportedly.assess(tricked).to_dict()
    assert found(account) == found(plain)
    assert account["document"]["notices"]
    for value in checks.self_checking(account):
        assert tricked[value["start"] : value["end"]] == value["text"]


def test_an_ordinary_text_has_no_notice(plain):
    """Curly marks, accents, emoji and other languages are not disguises."""
    assert "notices" not in plain["document"]
    for text in (
        "“Café”, naïve – 5 €",
        "cafe\u0301",
        "👩‍👩‍👧‍👦 ❤️ 🇳🇴",
        "Слово по-русски",
        "ελληνικά",
        "नहीं ไทย",
    ):
        assert not unveil(text).notices


@pytest.mark.parametrize("at", range(0, 60, 7))
def test_a_few_capitals_wherever_they_stand_do_not_hide_that_there_are_none(at):
    """A text with only two capitals counts as one without any."""
    small = " ".join([ARTICLE.lower()] * 2)
    place = small.index("a", at)
    tricked = small[:place] + "A" + small[place + 1 :].replace("tove", "Tove", 1)
    assert unveil(tricked).notices == unveil(small).notices != ()


def test_reports_say_that_words_are_hidden():
    """The terminal report and the page show the notice."""
    found = reportedly.assess(evasion.TRICKS["zero-width spaces in words"](ARTICLE))
    for form in ("terminal", "html"):
        tally = checks.score.Tally()
        written = checks.score.render_assessments(
            iter([found]), form, tally, many=False, colour=False
        )
        assert "hides words from programs" in " ".join("".join(written).split())


@given(texts.texts())
@example("\u200b")
@example("a\u0301\u0301b")
@example("µ" + "said " * 50)
@example("μ" + "said " * 50)
@settings(max_examples=200, deadline=None)
@example("said " * 50 + "\n\nâ\x82")
@example("Â\x1b\x80")
def test_every_place_leads_back_to_what_was_read(text):
    """Each code point of the text as it looks stands for a range of the original, in order, equal but for its type."""
    seen = unveil(text)
    at = 0
    for number, character in enumerate(seen.text):
        span = seen.back(Span(number, number + 1))
        assert at <= span.start < span.end <= len(text)
        at = span.end
        told = span.of(text)
        alike = unveil(told).text.casefold() == character.casefold()
        assert (
            alike or not told.isascii() or told in "013457" or (told.isspace() and character == " ")
        )
    # White space apart: where lines end is judged by all of them, and joining some leaves others.
    assert unveil(seen.text).text.split() == seen.text.split()


@given(st.text(st.sampled_from("AbcDef.,!?'\"()-"), max_size=200))
@settings(max_examples=50, deadline=None)
def test_plain_text_is_left_alone(text):
    """ASCII text is returned unchanged, without a map of offsets."""
    assert unveil(text).text == text
    assert not unveil(text).starts


ONE_LINE = "The mill closed in May.  Nobody was told.{0}Ana Moor sold it, she said.  “We paid,” said Lund. He left.  It fell in. It was old.  Nobody came. They knew.  They left."


@pytest.mark.parametrize(
    "text",
    [
        ONE_LINE.format("  The cost came to £2.3billion      Ines Halloran      24 Apr 2018  "),
        ONE_LINE.format("  Photo credit: Lennphoto  The roof  fell first.  "),
        ONE_LINE.format("  Lindhaven and Morrow  The roof fell. It was old.  Who  knew it?  "),
        ONE_LINE.format("  See the list:  You may know some: mill,  dam and  pier.  "),
        ONE_LINE.format(" The dam leaks — Ana Moor (@moor) May 1, 2016  Who knew?  "),
        "The mill closed.\u00a0 Nobody was told.\u00a0 Ana Moor sold it.\u00a0 She left.\u00a0 It fell in.",
        "Dam leaks in Lenn again\n" + ONE_LINE.format("  Morrow Gate  The roof  of it fell.  "),
        "\n\n".join(["The  roof of  the mill,  said Lund, was  old."] * 6),
    ],
)
def test_a_text_that_hides_nothing_has_the_sentences_it_has_as_it_was_read(text):
    """A gap that ends a paragraph or a label is kept, because the trained parts learnt from the text as it was read."""
    document = Document(text, "Dam leaks in Lenn again")
    looks = as_it_looks(document)
    back = looks.origin.seen.back if looks.origin else lambda span: span
    read, seen = (segment(d, find_furniture) for d in (document, looks))
    assert [(back(s.span), s.furniture) for s in seen.sentences] == [
        (s.span, s.furniture) for s in read.sentences
    ]
    assert [back(p) for p in seen.paragraphs] == list(read.paragraphs)


@pytest.mark.parametrize("breaks", ["\n", " ", "  "])
def test_a_gap_inside_a_sentence_becomes_one_space(breaks):
    """Justified text is read like other text, whether line breaks or spaces separate its sentences."""
    text = breaks.join(["The  mayor   said the repair, according  to her, cost more."] * 6)
    assert "The mayor said the repair, according to her, cost" in unveil(text).text


def test_a_title_is_seen_through_over_a_plain_text():
    """A trick in the title alone changes no score; the headline is shown as written, and a notice says so."""
    title = "Harbour wall may fail this winter, board was told"
    before = reportedly.assess(reportedly.read_text(ARTICLE, title=title)).to_dict()
    assert before["document"]["headline"]["text"] == title
    for name in evasion.SEEN_THROUGH:
        tricked = evasion.TRICKS[name](title)
        after = reportedly.assess(reportedly.read_text(ARTICLE, title=tricked)).to_dict()
        assert found(after) == found(before), name
        assert after["document"]["headline"] == {**before["document"]["headline"], "text": tricked}
        assert [n[:14] for n in after["document"]["notices"]] == ["in the title: "]
    empty = reportedly.read_text(ARTICLE, title="un\u200btit\u00adled")
    assert (
        reportedly.assess(empty).to_dict()["risk"] == reportedly.assess(ARTICLE).to_dict()["risk"]
    )
