"""See through what hides words from a program and not from a reader: the text as it looks, or was meant.

Characters without a width inside words, letters of other alphabets that look like Latin ones (Unicode
confusables, UTS #39, https://www.unicode.org/reports/tr39/), mathematical and full-width letters, marks piled on
plain letters, digits for letters, letters spaced out, a text all in capitals; and through damage: HTML entities left in, characters of a
wrong encoding, quotation marks lost (:mod:`reportedly.reading.damage`). A document's text is never rewritten: detectors read :attr:`Unveiled.text`, and
:meth:`Unveiled.back` takes what they find to the places in the text as it was read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportedly.datamodel import Span
from reportedly.reading.damage import entities, lost_marks, wrong_encoding
from reportedly.reading.lettering import SPACED, gaps, in_sentence_case, without_digits
from reportedly.reading.line_wrapping import WIDE_SPACES, rejoined

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
_SUSPECT = re.compile(  # begins with one set of characters, to which the search skips
    f"[{_WIDTHLESS}{_STYLED}{WIDE_SPACES}{_MARKS}{_FOREIGN}](?:(?<![{_MARKS}])|(?<=[A-Za-z].))"
)
_LOOKS_LATIN = re.compile(f"[{_FOREIGN}]")
_WORD = re.compile(r"[^\W\d_]++")
_SPACE = re.compile(f"[{WIDE_SPACES}]")
_WIDE_GAP = re.compile(r"  (?<=[\w,;][\w,;]  ) *+(?=\w)")
_REMOVED = re.compile(f"(?P<none>[{_WIDTHLESS}]+)|(?P<piled>[A-Za-z][{_MARKS}]+)")
_DAMAGE = {
    "entities": entities,
    "encoding": wrong_encoding,
    "marks lost": lost_marks,
}
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
    "capitals": "capitals throughout, read as small letters: names are told less well",
    "small": "no capitals: names are told less well",
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

    def without(self, ranges: Sequence[tuple[int, int, str]]) -> Unveiled:
        """Return this with ranges of its text, in order, taken out or made one character."""
        if not ranges:
            return self
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for first, last, kept in (*ranges, (len(self.text), len(self.text), "")):
            pieces += self.text[at:first], kept
            starts += self.starts[at:first] if self.starts else range(at, first)
            ends += self.ends[at:first] if self.starts else range(at + 1, first + 1)
            if kept:
                place = self.back(Span(first, last))
                starts.append(place.start)
                ends.append(place.end)
            at = last
        return Unveiled("".join(pieces), starts, ends, self.notices)


def unveil(text: str) -> Unveiled:
    """Return `text` as it looks to a reader; most texts come back as they are, at the cost of a few searches.

    Besides what hides words, breaks of hard-wrapped lines become spaces, and spaces of other kinds plain ones.
    """
    counts = dict.fromkeys(_NOTICES, 0)
    seen = _repaired(Unveiled(text), counts)
    if _SUSPECT.search(seen.text):
        hidden = _hidden(seen.text, counts)
        seen = replace(seen, text=_SPACE.sub(" ", seen.text)).without(hidden)
        if hidden:  # what stood between the parts of a damaged character is gone
            seen = _repaired(seen, counts)
        plain = _in_one_type(seen.text, counts)
        seen = replace(seen, text=_in_one_alphabet(plain, counts))
    spaced = [(first, last, "") for first, last in gaps(seen.text)]
    counts["spaced"] = sum(1 for _ in SPACED.finditer(seen.text)) if spaced else 0
    seen = seen.without(spaced)
    plain, counts["digits"] = without_digits(seen.text)
    plain, case = in_sentence_case(plain)
    seen = replace(seen, text=rejoined(plain))
    if "  " in seen.text:
        seen = seen.without([(*match.span(), " ") for match in _WIDE_GAP.finditer(seen.text)])
    if not seen.text.strip():
        return Unveiled(text)
    told = [f"{count:,} {_NOTICES[kind]}" for kind, count in counts.items() if count]
    return replace(seen, notices=(*told, *([_CASES[case]] if case else ())))


def _repaired(seen: Unveiled, counts: dict[str, int]) -> Unveiled:
    """Return a text without damage; `counts` takes the number of places of each kind."""
    for kind, damaged in _DAMAGE.items():
        ranges = damaged(seen.text)
        counts[kind] += len(ranges)
        seen = seen.without(ranges)
    return seen


def _hidden(text: str, counts: dict[str, int]) -> list[tuple[int, int, str]]:
    """Return what has no width, and letters under piled marks, with what is to stay of each."""
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
            ) * hides  # elsewhere, as in emoji, they hide no word
        ranges.append((start, end, kept))
    return ranges


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
