"""Where sentences begin: the boundaries that `sentencex` finds, with its known errors corrected.

`sentencex` (Wikimedia) reads one line at a time and keeps balanced quotations whole. Its boundaries are
corrected by the words around a full stop (``lexicons/sentence_ends.toml``): none after "Ms.", one
after "in May.". A closing quotation mark belongs to the sentence that it closes.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from string import ascii_lowercase

from sentencex import segment as split_sentences

from reportedly.datamodel import Quotation, Span
from reportedly.lexicons.loader import load
from reportedly.reading.gaps import begins_sentences, listed_words
from reportedly.reading.glued import around_brackets, glued_stops
from reportedly.reading.pieces import whole_sentences

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LIMIT = 10_000
"""The most code points of a line that the splitter gets at once: its time is quadratic in the quotation marks."""

_BEHIND = r"""["”’»')\]]*+[^\S\n]+(?=["“‘«'(\[]*+[A-Z0-9])"""
_FULL_STOP, _ELLIPSIS = (re.compile(mark + _BEHIND) for mark in (r"\.", "…"))
"""A full stop after which a sentence may begin, with the white space up to there; a literal comes first, for speed."""
_NEXT = re.compile(r"""["“‘«'(\[]{0,4}+(\w++)(?:[^\S\n]+(\w))?""")
"""The marks before the next word, the word, and the first letter of the word after it."""
_FIRST_WORD = re.compile(r"(?<=\w) ([A-Z][a-z]*+)(?= [a-z])")
_PUBLISHED = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? \d{1,2} [A-Z][a-z]{2,8} \d{4}(?: \d{1,2}[.:]\d\d(?: (?:BST|GMT|UTC|CET|EST|EDT|ET|PST|PDT|PT))?)?[^\S\n]+(?=[A-Z])"
)
_PUBLISHED_REACH = 250
"""The date of publication is within so many code points of a text's beginning, after the headline."""
_HEADLINE = 150
"""A headline after a label ends within so many code points."""
_REACH = 16
"""The word before a full stop is searched within so many code points; longer words are not abbreviations."""
_CLOSING = frozenset("\"”’'»")
_ODD_START = _CLOSING | frozenset(ascii_lowercase)
_OPENING = frozenset("\"“‘«'")
_INITIALS = re.compile(r"[A-Z]\.[A-Z]")
_INSIDE = re.compile(r"(?<![A-Za-z])[A-Z]\.(?=[A-Z]\.)")
_MARKS = _OPENING | _CLOSING
_COMPASS = frozenset({"North", "South", "East", "West", "Suite", "Extension"})
_SURE = 5
"""A capitalised word of at least so many letters before a full stop is not an abbreviation."""


def sentence_starts(
    text: str, paragraphs: Sequence[Span], quotations: Iterable[Quotation]
) -> list[int]:
    """Return where the sentences of the paragraphs of `text` begin, in order, as code-point offsets."""
    cuts: set[int] = set()
    begins = [paragraph.start for paragraph in paragraphs]
    for paragraph in paragraphs:
        cuts.update(_cuts(text, paragraph.start, paragraph.end))
    cuts.difference_update(found.end() for found in _INSIDE.finditer(text))  # D-N.Y.
    listed = list(quotations)
    closed = [q for q in listed if q.closed and not q.depth]
    for at in [at for at in cuts if text[at] in _ODD_START]:
        _mend(text, at, cuts, {q.end for q in closed})
    begins += _behind_labels(text, [*begins, *cuts])
    begins += _behind_day(text, paragraphs)
    starts = [q.start for q in closed]
    verdicts = chain(_verdicts(text, cuts), _glued(text, {q.end for q in closed}))
    for at, verdict in verdicts:
        around = bisect_left(starts, at) - 1
        if not verdict:
            cuts.discard(at)
        elif around < 0 or closed[around].end <= at:  # the splitter keeps quotations whole
            cuts.add(at)
    fixed = frozenset(begins)
    around_brackets(text, cuts, fixed)
    kept = _without_lone_marks(text, sorted(cuts.union(begins)), fixed)
    return whole_sentences(text, kept, fixed, {q.start for q in listed})


def _without_lone_marks(text: str, starts: list[int], fixed: frozenset[int]) -> list[int]:
    """Return `starts` without those that would cut off a lone quotation mark; `fixed` ones stay."""
    return [
        at
        for before, at in zip([0, *starts], starts, strict=False)
        if at in fixed or not _MARKS.issuperset(text[before:at].strip() or ".")
    ]


def _behind_day(text: str, paragraphs: Sequence[Span]) -> list[int]:
    """Return where the first sentence begins if the date of publication runs into it: at most one place.

    "Raid kills nine AFP Saturday 25 May 2024 An air strike": a name or nothing stands before the date, not "on".
    """
    if not paragraphs:
        return []
    start = paragraphs[0].start
    day = _PUBLISHED.search(text, start, min(paragraphs[0].end, start + _PUBLISHED_REACH))
    if day is None:
        return []
    before = text[start : day.start()].split()
    return [day.end()] if not before or before[-1][0].isupper() else []


def _behind_labels(text: str, starts: Iterable[int]) -> list[int]:
    """Return where sentences begin that follow a label of the page without a break."""
    found = []
    for at in starts:
        for pattern, headline in _labels():
            if label := pattern.match(text, at):
                found.append(_headline_end(text, label.end()) if headline else label.end())
                break
    return [at for at in found if at >= 0]


@cache
def _labels() -> list[tuple[re.Pattern[str], bool]]:
    """Return the patterns of labels, each with whether a headline follows."""
    return [(e.matcher(), "headline" in e.attributes) for e in load("glued_labels").entries]


def _headline_end(text: str, at: int) -> int:
    """Return where the headline at `at` ends and a sentence begins, by its first word; -1 if nowhere."""
    for found in _FIRST_WORD.finditer(text, at, at + _HEADLINE):
        if found[1] in {"A", "An"} or (
            len(found[1]) > 1 and found[1].lower() in listed_words("opener")
        ):
            return found.start(1)
    return -1


def _verdicts(text: str, cuts: AbstractSet[int]) -> Iterator[tuple[int, bool]]:
    """Yield the places after full stops where the words around decide whether a sentence begins, with the decision."""
    rules = _rules()
    for found in _FULL_STOP.finditer(text):
        stop, at = found.span()
        word = text[stop - _REACH if stop > _REACH else 0 : stop].rpartition(" ")[2]
        rule = rules.get(word)
        if rule is _never:
            yield at, False
        elif rule is not None or at not in cuts or not (word.isalpha() and len(word) > 1):
            verdict = _verdict(text, stop, at, word)
            if verdict is not None:
                yield at, verdict
    if "…" in text:
        for found in _ELLIPSIS.finditer(text):
            if _verdict(text, *found.span(), _word(text, found.start())):
                yield found.end(), True


def _glued(text: str, ends: AbstractSet[int]) -> Iterator[tuple[int, bool]]:
    """Yield the places right after full stops where a sentence begins without a space; `ends` are the ends of quotations."""
    for stop, after in glued_stops(text):
        at = (
            after if after in ends else after - (text[after - 1] == '"')
        )  # a straight mark opens, or closes
        word = _word(text, stop)
        following = _NEXT.match(text, at)
        if following is None:
            continue
        opener = begins_sentences(following[1])
        if text[stop] in "!?" or word[-1:].isdigit():
            verdict: bool | None = opener
        else:
            verdict = _verdict(text, stop, at, word)
        if verdict:
            yield at, True


def _cuts(text: str, start: int, end: int) -> Iterable[int]:
    """Return where the splitter begins sentences within a paragraph; a very long one is read in pieces."""
    if end - start > _LIMIT:
        return _cuts_in_pieces(text, start, end)
    parts = _split(text[start:end])
    return accumulate(map(len, parts[:-1]), initial=start)


def _cuts_in_pieces(text: str, start: int, end: int) -> Iterator[int]:
    """Yield what `_cuts` returns; the last sentence of a piece is read again with the next."""
    while end - start > _LIMIT:
        after = text.rfind(" ", start + 1, start + _LIMIT)
        after = after if after > start else start + _LIMIT
        found = list(_cuts(text, start, after))
        yield from found
        start = found[-1] if len(found) > 1 else after
    yield from _cuts(text, start, end)


def _split(line: str) -> list[str]:
    """Return the sentences of one line and the white space between them, so that no character is lost."""
    try:
        parts: list[str] = split_sentences("en", line)
    except UnicodeEncodeError:  # the splitter does not accept surrogates
        parts = split_sentences("en", _SURROGATE.sub("\ufffd", line))
    return parts


def _mend(text: str, at: int, cuts: set[int], ends: set[int]) -> None:
    """Move the boundary at `at` after closing quotation marks; drop it if the sentence continues there.

    `ends` are the ends of quotations.
    """
    moved = at
    while moved < len(text) and text[moved] in _CLOSING and _closes(text, moved, ends):
        moved += 1
    if moved > at:
        cuts.discard(at)
        while moved < len(text) and text[moved].isspace() and text[moved] != "\n":
            moved += 1
        if moved < len(text) and text[moved] != "\n" and not text[moved].islower():
            cuts.add(moved)
    elif text[at].islower() and _known(_bare(_word(text, _stop_before(text, at)))):
        cuts.discard(at)


def _closes(text: str, at: int, ends: set[int]) -> bool:
    """Tell whether the mark at `at`, after a full stop, closes a quotation rather than opens one."""
    if at + 1 in ends:
        return True
    mark, after = text[at], text[at + 1 : at + 2]
    if mark in "”»":
        return True
    behind_word = at > 0 and not text[at - 1].isspace()
    return behind_word and (not after or after.isspace() or after in _CLOSING)


def _stop_before(text: str, at: int) -> int:
    """Return the place of the last full stop before `at` if only white space is between, else `at`."""
    stop = at - 1
    while stop > 0 and text[stop].isspace():
        stop -= 1
    return stop if stop >= 0 and text[stop] == "." else at


def _word(text: str, stop: int) -> str:
    """Return the word that ends at the full stop at `stop`."""
    return text[max(0, stop - _REACH) : stop].rpartition(" ")[2]


def _bare(word: str) -> str:
    """Return the end of `word` after a hyphen or bracket: Sen of then-Sen."""
    if word.isalpha():
        return word
    at = len(word)
    while at and (word[at - 1].isalnum() or word[at - 1] in "._"):
        at -= 1
    return word[at:]


@dataclass(frozen=True, slots=True)
class _Around:
    """A full stop: the text, its place, the word before it, and the words after it as `_NEXT` matches them."""

    text: str
    stop: int
    word: str
    next: re.Match[str]

    @property
    def opener(self) -> bool:
        """Whether the next word is a function word that begins a sentence."""
        return begins_sentences(self.next[1])

    @property
    def quoted(self) -> bool:
        """Whether a quotation mark stands before the next word."""
        return self.next[0][0] in _OPENING

    @property
    def plain(self) -> bool:
        """Whether a word in lower case follows the next word, which is then not part of a longer name."""
        return self.next[2] is not None and self.next[2].islower()

    @property
    def number(self) -> bool:
        """Whether the next word begins with a digit."""
        return self.next[1][0].isdigit()


_Rule = Callable[[_Around], bool | None]


def _verdict(text: str, stop: int, at: int, word: str) -> bool | None:
    """Tell whether a sentence begins at `at`, after `word` and the full stop at `stop`; None leaves it to the splitter."""
    following = _NEXT.match(text, at)
    if following is None:
        return None
    here = _Around(text, stop, _bare(word), following)
    if text[stop] == "…":
        return _behind_ellipsis(here)
    return (_known(here.word) or _behind_words)(here)


def _never(_: _Around) -> bool | None:
    """Mr. Lund: never the end of a sentence."""
    return False


def _behind_words(here: _Around) -> bool | None:
    """After an ordinary word a sentence ends; a short capitalised one may be an unknown abbreviation."""
    word = here.word
    short_name = word.isalpha() and not word.islower() and not word.isupper() and len(word) < _SURE
    return None if short_name and not (here.opener or here.quoted) else True


@cache
def _rules() -> dict[str, _Rule]:
    """Return the rule of each abbreviation, written without its full stop; titles in capitals too."""
    by_kind: dict[str, _Rule] = {
        "title": _never,
        "before": _never,
        "number": _before_numbers,
        "place": _before_places,
        "street": _behind_streets,
        "unit": lambda _: None,
        "ordinary": lambda _: True,
        "suffix": lambda here: True if here.opener else None,
    }
    rules: dict[str, _Rule] = {}
    for entry in load("sentence_ends").entries:
        kind = entry.attributes["kind"]
        for term in entry.terms if kind in by_kind else ():
            word = term.rpartition(" ")[2].removesuffix(".")
            rules.setdefault(word, by_kind[kind])
            if kind == "title":
                rules.setdefault(word.upper(), by_kind[kind])
    return rules


@cache
def _clock_words() -> frozenset[str]:
    """Return the words that continue a time of day ("ET"), in lower case."""
    return frozenset(word.lower() for word in listed_words("clock"))


def _known(word: str) -> _Rule | None:
    """Return the rule for a full stop after `word`; none if it is an ordinary word."""
    rule = _rules().get(word)
    if rule is None and "." in word:
        return _behind_initials
    if rule is None and len(word) == 1 and word.isupper():
        return _behind_capital
    return rule


@cache
def _initialisms() -> frozenset[str]:
    """Return the pairs of letters that are not a person's initials ("U.S."), with their full stops."""
    return frozenset(load("sentence_ends").of_kind("initialism"))


def _before_numbers(here: _Around) -> bool | None:
    """No. 10, Sept. 11: no end before a number; before anything else "No." ends a sentence."""
    if here.number:
        return False
    if here.word == "No":
        return True if here.plain or here.quoted else None
    return True if here.opener else None


def _before_places(here: _Around) -> bool | None:
    """St. Osric, but: on Elm St. The shop."""
    return here.opener or (here.word == "St" and here.number)


def _behind_streets(here: _Around) -> bool | None:
    """On Fifth Ave. Police came, but: Fifth Ave. Church, Fifth Ave. South."""
    if here.next[1] in _COMPASS:
        return None
    return True if here.opener or here.plain or here.number else None


def _behind_initials(here: _Around) -> bool | None:
    """U.S., a.m., J.K.: a sentence begins only at a word that begins sentences, and not at "ET" after "p.m."."""
    clock = here.word.lower() in {"a.m", "p.m"}
    if clock and here.next[1].lower() in _clock_words():
        return False
    alone = here.next[1] in {"A", "I"} and here.plain
    if here.opener or alone or (clock and here.quoted):
        return True
    person = _INITIALS.fullmatch(here.word) and f"{here.word}." not in _initialisms()
    return False if person and not here.quoted else None


def _behind_capital(here: _Around) -> bool | None:
    """Vitamin C. Doctors, pier B. Nobody, but: by A. MacBride, John F. Kennedy."""
    before = here.text[max(0, here.stop - _REACH) : here.stop].split(" ")
    lettered = len(before) > 1 and before[-2].lower() in listed_words("lettered")
    return True if here.opener or (lettered and before[-1] == here.word) else None


def _behind_ellipsis(here: _Around) -> bool | None:
    """At noon… Nobody came, but: but… Lund said."""
    if here.opener:
        return True
    attached = bool(here.word) and here.word.lower() not in listed_words("opener")
    return True if attached and here.plain else None
