"""Find the paragraphs of a text that lost its line breaks, in which wide gaps stand in their place.

Tables of articles often hold each article on one line, with two or more spaces between paragraphs. Where the author
typed two spaces after every full stop, gaps do not end paragraphs; the text as a whole decides which it is.
Offsets stay valid: the first space of a gap becomes a line break.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from reportedly.lexicons.loader import load
from reportedly.reading.line_wrapping import WIDE_SPACES

_SPACE = rf"[ \t{WIDE_SPACES}]"
_GAP = re.compile(rf"(?<=\S)(?:{_SPACE}{{2,}}|\t)(?=\S)")
_WIDE = ("  ", "\t", "\u00a0 ", " \u00a0", "\u00a0\u00a0", "\u2003", "\u3000")
"""Every gap contains one of these; searching for them is cheap."""
_END = re.compile(rf"""[.!?…]["”’»')\]]*+({_SPACE}++)(?=["“‘«'(\[]*+[A-Z0-9])""")
_NEXT = re.compile(r"""(["“‘«'(\[]{0,4}+)([A-Z0-9]\w*)""")
_CLOSING = "\"”’»')]"
_PART = re.compile(r"https?://|pic\.twitter\.com|www\.|[@#*•\[(]")
"""The beginning of a part of the page, with which no sentence begins."""
_SIGNED = re.compile(
    r"@\w{1,30}\)?,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8}),? \d{4}$"
    r"|\b(?:[Bb]elow|[Hh]ere|[Aa]bove|VIDEO|MORE):$"
)
"""The end of a tweet's signature, and of a line that points to something on the page."""
_DATELINE = re.compile(
    r"[A-Z]{3}[A-Z .'-]{0,30}(?:, [A-Z][\w.]{1,15}){0,2}(?:, \w{3,9}\.? \d{1,2})?(?: \([A-Z]\w{1,20}\))? ?[-–—]"
)
_REACH = 40
"""So many code points before a gap decide whether a sentence ended there."""
_LINE_BREAKS = 4
"""The most line breaks, after a headline or byline, of a text on one line."""
_ONE_LINE = 0.8
"""The least share of such a text that its longest line has."""
_TYPED = 0.9
"""The least share of sentence ends with two spaces for them to be a typing habit."""
_LEAST = 3
"""The least gaps after finished sentences for others to end an unfinished line: a heading, a caption."""
_MOSTLY = 0.6
"""The least share of gaps after finished sentences for any gap before a capital to end a line."""
_SLOPPY = 0.1
"""The share of gaps before a lower-case letter from which gaps stand for lost words and commas."""


def broken(text: str) -> str:
    """Return `text`, of the same length, with a line break in each gap that ends a paragraph; most texts are unchanged."""
    if not any(wide in text for wide in _WIDE):  # true of nearly every text
        return text
    if text.count("\n") > _LINE_BREAKS or not _GAP.search(text):
        return text
    if max(map(len, text.split("\n"))) < _ONE_LINE * len(text):
        return text
    gaps = [gap.span() for gap in _GAP.finditer(text)]
    if _typed(text):
        gaps = [(start, end) for start, end in gaps if end - start > 2]
    pieces, at = [], 0
    for start in _breaks(text, gaps):
        pieces += [text[at:start], "\n"]
        at = start + 1
    return "".join((*pieces, text[at:]))


def _typed(text: str) -> bool:
    """Tell whether nearly every sentence of `text` ends with two spaces, of whatever kind."""
    ends = [found[1] for found in _END.finditer(text)]
    return bool(ends) and sum(len(end) == 2 for end in ends) >= _TYPED * len(ends)


def _breaks(text: str, gaps: Sequence[tuple[int, int]]) -> list[int]:
    """Return the starts of the gaps that end a paragraph."""
    finished = [_is_finished(text, start, end) for start, end in gaps]
    small = sum(text[end].islower() for _, end in gaps)
    headed = finished.count(True) >= _LEAST and small <= _SLOPPY * len(gaps)
    mostly = headed and finished.count(True) >= _MOSTLY * len(gaps)
    return [
        start
        for (start, end), done in zip(gaps, finished, strict=True)
        if done
        or _is_signed(text, start, end)
        or (mostly and _ends_line(text, start, end))
        or (headed and _is_heading(text, start, end))
    ]


def _is_finished(text: str, start: int, end: int) -> bool:
    """Tell whether a sentence ends before the gap and another begins after it."""
    before = text[max(0, start - _REACH) : start].rstrip(_CLOSING)
    following = _NEXT.match(text, end)
    if before[-1:] not in {".", "!", "?", "…"}:
        return False
    if following is None:
        return _PART.match(text, end) is not None
    word = _last_word(before[:-1])
    if word in listed_words("title", "before"):
        return False
    initials = "." in word or (len(word) == 1 and word.isupper())
    return not initials or bool(following[1]) or begins_sentences(following[2])


def _is_signed(text: str, start: int, end: int) -> bool:
    """Tell whether a tweet's signature or a "read more" line ends before the gap, or a dateline follows it."""
    signed = _SIGNED.search(text[max(0, start - 2 * _REACH) : start])
    return signed is not None or _DATELINE.match(text, end) is not None


def _ends_line(text: str, start: int, end: int) -> bool:
    """Tell whether an unfinished line may end before the gap, in a text whose gaps end paragraphs."""
    before, following = text[start - 1], _NEXT.match(text, end)
    if before in ",;-–—" or _last_word(text[max(0, start - _REACH) : start]) in listed_words(
        "opener"
    ):
        return False
    if following is None:
        return _PART.match(text, end) is not None
    return not (before == ":" and following[1])


def _is_heading(text: str, start: int, end: int) -> bool:
    """Tell whether an unfinished line ends before the gap: a word that begins sentences follows it."""
    before = _last_word(text[max(0, start - _REACH) : start])
    following = _NEXT.match(text, end)
    if following is None or not begins_sentences(following[2]):
        return False
    return text[start - 1] not in ",;:-–—" and before not in listed_words("opener")


def _last_word(before: str) -> str:
    """Return the letters, digits and full stops that `before` ends with."""
    at = len(before)
    while at and (before[at - 1].isalnum() or before[at - 1] == "."):
        at -= 1
    return before[at:]


def begins_sentences(word: str) -> bool:
    """Tell whether `word`, with its capitals, is a word that begins sentences."""
    return word.lower() in listed_words("opener") and word == word.capitalize()


@cache
def listed_words(*kinds: str) -> frozenset[str]:
    """Return the words of these kinds of ``lexicons/sentence_ends.toml``, without their full stops."""
    words = load("sentence_ends")
    return frozenset(term.removesuffix(".") for kind in kinds for term in words.of_kind(kind))
