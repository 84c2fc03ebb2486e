"""See through what hides words from a program and not from a reader: the text as it looks.

Characters without a width inside words, letters of other alphabets that look like Latin ones (Unicode
confusables, UTS #39, https://www.unicode.org/reports/tr39/), mathematical and full-width letters, marks piled on
plain letters. A document's text is never rewritten: detectors read :attr:`Unveiled.text`, and
:meth:`Unveiled.back` takes what they find to the places in the text as it was read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportedly.datamodel import Span

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
_SUSPECT = re.compile(
    f"[{_WIDTHLESS}{_STYLED}]|[A-Za-z][{_MARKS}]|[{re.escape(''.join(map(chr, _LOOK_ALIKES)))}]"
)
_WORD = re.compile(r"[^\W\d_]++")
_REMOVED = re.compile(f"(?P<none>[{_WIDTHLESS}]+)|(?P<piled>[A-Za-z][{_MARKS}]+)")
_NOTICES = {
    "widthless": "characters without a width in or beside words",
    "marks": "marks on plain letters",
    "styled": "letters in mathematical or full-width type",
    "look-alikes": "words with letters of another alphabet that look Latin",
}


@dataclass(frozen=True, slots=True)
class Unveiled:
    """A text as it looks, where each of its code points stood, and what was seen through.

    `starts` and `ends` give, for each code point of `text`, the range of the text as it was read that it
    stands for; both are empty where the two have the same offsets.
    """

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    notices: tuple[str, ...] = ()

    def back(self, span: Span) -> Span:
        """Return the range of the text as it was read that `span` of the text as it looks stands for."""
        if not self.starts:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1])


def unveil(text: str) -> Unveiled:
    """Return `text` as it looks to a reader; most texts come back as they are, at the cost of one search."""
    if not _SUSPECT.search(text):
        return Unveiled(text)
    counts = dict.fromkeys(_NOTICES, 0)
    plain, starts, ends = _without_widthless(text, counts)
    plain = _in_one_type(plain, counts)
    plain = _in_one_alphabet(plain, counts)
    if not plain.strip():
        return Unveiled(text)
    told = tuple(f"{count:,} {_NOTICES[kind]}" for kind, count in counts.items() if count)
    return Unveiled(plain, starts, ends, told)


def _without_widthless(text: str, counts: dict[str, int]) -> tuple[str, list[int], list[int]]:
    """Return `text` without what has no width, and where its code points stood; no places where all stay."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _REMOVED.finditer(text):
        pieces.append(text[at : match.start()])
        starts += range(at, match.start())
        ends += range(at + 1, match.start() + 1)
        at = match.end()
        if match["piled"]:
            pieces.append(unicodedata.normalize("NFC", match[0])[0])
            starts.append(match.start())
            ends.append(at)
            counts["marks"] += pieces[-1].isascii()
        else:
            beside = text[max(0, match.start() - 1) : match.start()] + text[at : at + 1]
            hides = match.start() > 0 and beside.isascii() and any(map(str.isalpha, beside))
            counts["widthless"] += (
                len(match[0]) * hides
            )  # elsewhere, as in emoji, they hide no word
    if not pieces:
        return text, [], []
    pieces.append(text[at:])
    starts += range(at, len(text))
    ends += range(at + 1, len(text) + 1)
    return "".join(pieces), starts, ends


def _in_one_type(text: str, counts: dict[str, int]) -> str:
    """Return `text` with mathematical, circled and full-width characters as plain ones, one for one."""

    def plain(match: re.Match[str]) -> str:
        form = unicodedata.normalize("NFKC", match[0])
        if len(form) != 1 or not form.isascii():
            return match[0]
        counts["styled"] += 1
        return form

    return re.sub(f"[{_STYLED}]", plain, text)


def _in_one_alphabet(text: str, counts: dict[str, int]) -> str:
    """Return `text` with words that look Latin in Latin letters, one for one.

    A word changes only as a whole: where one of its letters looks like no Latin one, it is of another language.
    """

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
