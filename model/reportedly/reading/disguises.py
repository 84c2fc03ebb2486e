"""Undo disguises, which hide words from a program but not from a reader: make the text as it looks or was meant.

Characters without a width inside words, letters of other alphabets that look like Latin ones (Unicode
confusables, UTS #39, https://www.unicode.org/reports/tr39/), mathematical and full-width letters, marks stacked on
plain letters, digits for letters, letters spaced out, a text all in capitals; and damage: HTML entities left in,
characters of a wrong encoding, quotation marks lost (:mod:`reportedly.reading.damage`). A document's text is never
rewritten: :func:`as_it_looks` makes another document of it, which is scored and trained on; results are mapped back
to the text as it was read (:mod:`reportedly.datamodel.places`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from reportedly.datamodel.text import Document, Origin, Unveiled
from reportedly.reading.damage import DAMAGE
from reportedly.reading.headlines import headline_of, is_headline
from reportedly.reading.lettering import SPACED, gaps, in_sentence_case, without_digits
from reportedly.reading.line_wrapping import WIDE_SPACES, rejoined
from reportedly.reading.segmentation import segment

_WIDTHLESS = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef"
)
_STYLED = "\uff01-\uff5e\U0001d400-\U0001d7ff\u24b6-\u24e9"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff"
_LOOK_ALIKES = str.maketrans(
    "асԁеѕһіјӏорԛухԝѵАВСЕНІЈКМОРЅТХУѴԚԜονραιυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧɡɑ",
    "acdeshijlopqyxwvABCEHIJKMOPSTXYVQWovpaiuxABEZHIKMNOPTYXga",
)
_FOREIGN = re.escape("".join(map(chr, _LOOK_ALIKES)))
_SUSPECT = re.compile(  # begins with one set of characters, so that the search can skip to them
    f"[{_WIDTHLESS}{_STYLED}{WIDE_SPACES}{_MARKS}{_FOREIGN}](?:(?<![{_MARKS}])|(?<=[A-Za-z].))"
)
_LOOKS_LATIN = re.compile(f"[{_FOREIGN}]")
_WORD = re.compile(r"[^\W\d_]++")
_SPACE = re.compile(rf"""(?<=[.!?…"”’»')\]])[ \t{WIDE_SPACES}]{{2,}}+|[{WIDE_SPACES}]""")
"""A space of another kind, or the gap after a sentence: its number of spaces separates a typist's habit from a lost line break."""
_WIDE_GAP = re.compile(r"  (?<=[\w,;][\w,;]  ) *+(?=\w)")
"""A wide gap inside a line: from a justified column, or a lost mark or line break."""
_REMOVED = re.compile(f"(?P<none>[{_WIDTHLESS}]+)|(?P<piled>[A-Za-z][{_MARKS}]+)")
_NOTICES = {
    "entities": "HTML entities left in the text",
    "encoding": "characters of a wrong encoding",
    "marks lost": "quotation marks, apostrophes or dashes lost",
    "widthless": "characters without a width in or beside words",
    "marks": "marks on plain letters",
    "styled": "letters in mathematical or full-width type",
    "look-alikes": "words with letters of another alphabet that look Latin",
    "spaced": "words with their letters spaced out",
    "digits": "words with digits for letters",
}
_CASES = {
    "capitals": "all in capitals, read in lower case: names are recognised less well",
    "small": "no capitals: names are recognised less well",
}


def as_it_looks(document: Document) -> Document:
    """Return `document` with its text as it looks to a reader, and with the headline as its title; capitals in the headline are kept.

    This document is scored and trained on; its `origin` is the document as it was read.
    A document without disguises, or already processed, is returned unchanged.
    """
    if document.origin is not None:
        return document
    title = unveil(document.title, cases=False)  # capitals are kept, since they mark headlines
    seen = unveil(document.text, title=title.text)
    if (seen.text, title.text) == (document.text, document.title):
        return document
    plain = unveil(document.text, cases=False).text if seen.notices else document.text
    headline = headline_of(replace(document, text=plain, title=title.text))
    told = tuple(f"in the title: {notice}" for notice in title.notices)
    return replace(
        document,
        text=seen.text,
        title=headline.text if headline else title.text,
        origin=Origin(
            document,
            replace(seen, notices=(*seen.notices, *told)),
            " ".join(document.title.split()) if is_headline(title.text) else None,
        ),
    )


def unveil(text: str, *, cases: bool = True, title: str = "") -> Unveiled:
    """Return `text` as it looks to a reader; most texts are returned unchanged after a few searches.

    Besides undoing disguises, line breaks of hard-wrapped text become spaces, other kinds of spaces become plain
    ones, and a wide gap inside a sentence becomes one space; gaps that end a paragraph of an article with this
    `title` are kept. Without `cases`, a text all in capitals stays so.
    """
    counts = dict.fromkeys(_NOTICES, 0)
    seen = _repaired(Unveiled(text), counts)
    if _SUSPECT.search(seen.text):
        hidden = _hidden(seen.text, counts)
        seen = replace(seen, text=_SPACE.sub(_plain_space, seen.text)).without(hidden)
        if hidden:  # the zero-width characters inside a damaged character are gone
            seen = _repaired(seen, counts)
        plain = _in_one_type(seen.text, counts)
        seen = replace(seen, text=_in_one_alphabet(plain, counts))
    spaced = [(first, last, "") for first, last in gaps(seen.text)]
    counts["spaced"] = sum(1 for _ in SPACED.finditer(seen.text)) if spaced else 0
    seen = seen.without(spaced)
    plain, counts["digits"] = without_digits(seen.text)
    plain, case = in_sentence_case(plain) if cases else (plain, "")
    seen = replace(seen, text=plain)
    if case:  # a letter in another case may be half of a damaged character
        seen = _repaired(seen, counts)
    seen = replace(seen, text=rejoined(seen.text))
    if "  " in seen.text:
        seen = _without_gaps(seen, title)
    if not seen.text.strip():
        return Unveiled(text)
    told = [f"{count:,} {_NOTICES[kind]}" for kind, count in counts.items() if count]
    return replace(seen, notices=(*told, *([_CASES[case]] if case else ())))


def _plain_space(match: re.Match[str]) -> str:
    """Return the replacement for white space; a gap after a sentence is kept."""
    return match[0] if len(match[0]) > 1 else " "


def _without_gaps(seen: Unveiled, title: str) -> Unveiled:
    """Return a text with one space for each wide gap inside a sentence, unless that would change how it is split into sentences.

    In a text that lost its line breaks a gap may be all that ends a paragraph or a label; this is decided from all
    gaps together.
    """
    gaps = [gap.span() for gap in _WIDE_GAP.finditer(seen.text)]
    if not gaps:
        return seen
    parts = segment(Document(seen.text, title))
    ends = {sentence.end for sentence in parts.sentences}
    inside = [(start, end, " ") for start, end in gaps if start not in ends]
    if not inside:
        return seen
    narrow = seen.without(inside)
    again = segment(Document(narrow.text, title))
    same = len(again.sentences) == len(parts.sentences)
    return narrow if same and len(again.paragraphs) == len(parts.paragraphs) else seen


def _repaired(seen: Unveiled, counts: dict[str, int]) -> Unveiled:
    """Return a text with its damage repaired; the number of places of each kind is added to `counts`."""
    for kind, damaged in DAMAGE.items():
        ranges = damaged(seen.text)
        counts[kind] += len(ranges)
        seen = seen.without(ranges)
    return seen


def _hidden(text: str, counts: dict[str, int]) -> list[tuple[int, int, str]]:
    """Return characters without width, and letters with stacked marks, with the replacement of each."""
    ranges = []
    for match in _REMOVED.finditer(text):
        start, end = match.span()
        kept = ""
        if match["piled"]:
            kept = unicodedata.normalize("NFC", match[0])[0]
            counts["marks"] += kept.isascii()
        else:
            beside = text[max(0, start - 1) : start] + text[end : end + 1]
            hides = start > 0 and beside.isascii() and any(map(str.isalpha, beside))
            counts["widthless"] += (
                end - start
            ) * hides  # elsewhere, as in emoji, they do not hide a word
        ranges.append((start, end, kept))
    return ranges


def _in_one_type(text: str, counts: dict[str, int]) -> str:
    """Return `text` with mathematical, circled and full-width characters replaced by plain ones, one for one."""

    def plain(match: re.Match[str]) -> str:
        form = unicodedata.normalize("NFKC", match[0])
        if len(form) != 1 or not form.isascii():
            return match[0]
        counts["styled"] += 1
        return form

    return re.sub(f"[{_STYLED}]", plain, text)


def _in_one_alphabet(text: str, counts: dict[str, int]) -> str:
    """Return `text` with words that look Latin written in Latin letters, one for one.

    A word changes only as a whole: if one of its letters does not look Latin, it is of another language.
    """
    if not _LOOKS_LATIN.search(text):
        return text

    def plain(match: re.Match[str]) -> str:
        word = match[0]
        if word.isascii():
            return word
        form = word.translate(_LOOK_ALIKES)
        if form == word or not form.isascii():
            return word
        counts["look-alikes"] += 1
        return form

    return _WORD.sub(plain, text)
