"""Passages that are somebody's words without quotation marks: posts, speakers' turns, announced blocks.

News reproduces whole passages and marks them only at their edges: a post is signed at its end, a transcript
names the speaker before a turn, and a statement is announced by a sentence that ends in a colon. By the
conventions of ``docs/signals.md`` every sentence of such a passage is attributed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.attribution.turns import find_turns
from reportedly.datamodel import Segmented, Span
from reportedly.lexicons.loader import matcher_of, words_of

_SIGNATURE = re.compile(r"[—–-][^\S\n]{0,3}([^\s—–(][^—–(\n]{0,50})(?<=\S)[^\S\n]{0,3}\(@\w+\)")
"""The signature of a post: "— Ann Lund (@lund)"."""

_UNBRACKETED_SIGNATURE = re.compile(
    r"—[^\S\n]{0,3}([^\s—–(@][^—–(@\n]{0,50})(?<=\S)(?:[^\S\n]–[^—–(@\n]{0,50})?[^\S\n]{1,3}@\w+(?=[^\S\n]{1,3}[A-Z][a-z]{2,8} \d{1,2}, \d{4})"
)
"""The signature of a post whose handle has lost its brackets, with the date behind it: "— Ann Lund @lund May 3, 2016"."""

_BARE_SIGNATURE = re.compile(
    r"[^\S\n]{2,4}([^\s—–(.!?][^—–(\n.!?]{0,40})(?<=\S)[^\S\n]{0,3}\(@\w+\)(?=[^\S\n]{1,3}[A-Z][a-z]{2,8} \d{1,2}, \d{4})"
)
"""The signature of a post that has lost its dash, with the date behind it: "  Ann Lund (@lund) May 3, 2016"."""

_POST = 8
"""The most sentences of a post."""

_POST_LETTERS = 340
"""The most code points before a post's signature: 280 are allowed, links and handles come on top."""

_BREAK = re.compile(r"\s*\n|[^\S\n]{2,}")
"""What separates a post from the words before it if scraping has lost the paragraphs: two spaces, or a line."""


@dataclass(frozen=True, slots=True)
class OneVoicePassage:
    """Sentences ``[first, last)`` of one speaker, and who that is: a span, or the sentence that announces it.

    `sure` tells whether its form is unambiguous; `introduced` whether its source is named before it without saying anything there;
    `labelled` whether the source's name opens it, before a colon; `asks` whether it is a presenter's or interviewer's turn, which is no
    source's statement.
    """

    first: int
    last: int
    source: Span | None = None
    opener: int | None = None
    sure: bool = False
    introduced: bool = False
    labelled: bool = False
    asks: bool = False


def find_passages(
    segmented: Segmented, likely: Sequence[float], least: float
) -> list[OneVoicePassage]:
    """Return the passages of a document: posts, signed quotations, then turns, then announced statements and blocks; none of them consists only of furniture.

    `likely` is the probability of each sentence that it reports; a sentence announces a passage if it reaches
    `least` or has a word of ``lexicons/announcements.toml`` before its colon.
    """
    if not segmented.sentences:
        return []
    posts = list(_posts(segmented))
    posted = {number for post in posts for number in range(post.first, post.last)}
    announced = (one for one in _announced(segmented, likely, least) if one.opener not in posted)
    found = [
        *posts, *_signed(segmented), *_turns(segmented), *_asked_back(segmented), *_released(segmented), *announced,
    ]  # fmt: skip
    furniture = [sentence.furniture for sentence in segmented.sentences]
    return [passage for passage in found if not all(furniture[passage.first : passage.last])]


def _posts(segmented: Segmented) -> Iterator[OneVoicePassage]:
    """Yield the signed posts, each from the paragraph's start or the signature before."""
    text, sentences = segmented.text, segmented.sentences
    if "@" not in text:
        return
    starts, after = [s.start for s in sentences], -1
    forms = (_SIGNATURE, _UNBRACKETED_SIGNATURE, _BARE_SIGNATURE)
    signed = [match for form in forms for match in form.finditer(text)]
    for match in sorted(signed, key=lambda match: match.start(1)):
        at = bisect_right(starts, match.start()) - 1
        if at < 0:
            continue
        last = at + (match.start() > starts[at])
        letters = _longest_post(text, match.end())
        earliest = bisect_left(starts, match.start() - letters)
        first = _post_start(segmented, last - 1, max(after, last - 1 - _POST, earliest - 1))
        first = _told_post(segmented, first, after, letters - (match.start() - starts[first]))
        after = at
        if first < last:
            yield OneVoicePassage(first, last, Span(*match.span(1)))


def _longest_post(text: str, end: int) -> int:
    """Return how many code points a post may have whose signature ends at `end`: fewer where the date behind it is of 2016 or earlier."""
    dated = _OLD_POST.match(text, end)
    return _POST_LETTERS // 2 if dated is not None else _POST_LETTERS


_OLD_POST = re.compile(r"[^\S\n]{1,3}[A-Z][a-z]{2,8} \d{1,2}, 20(?:0\d|1[0-6])\b")
"""The date of a post from the time when 140 code points were allowed."""


def _post_start(segmented: Segmented, last: int, after: int) -> int:
    """Return the first sentence of the post that ends with sentence `last` and begins after `after`."""
    text, sentences = segmented.text, segmented.sentences
    first = last
    while first - 1 > after and not sentences[first - 1].furniture:
        if sentences[first - 1].paragraph != sentences[last].paragraph:
            break
        if _BREAK.fullmatch(text, sentences[first - 1].end, sentences[first].start):
            break
        first -= 1
    return max(first, 0)


def _told_post(segmented: Segmented, first: int, after: int, letters: int) -> int:
    """Return where a post begins whose last paragraph begins with sentence `first`: behind the words that announce it, if at most `letters` lie between."""
    text, sentences = segmented.text, segmented.sentences
    number = first
    while number - 1 > after and letters >= 0:
        number -= 1
        before = sentences[number]
        if _POSTS.search(text, before.start, before.end):
            return number + 1
        letters -= before.end - before.start
    return first


_POSTS = re.compile(
    r"\b(?:[Rr]e)?(?:[Tt]weet(?:ed|s|ing)?|[Pp]ost(?:ed|s|ing)?|[Ww]r(?:ote|ites|iting)):"
)
"""Words before a colon that announce a post: all paragraphs between them and its signature are the post."""


_QUOTE_SIGNATURE = re.compile(
    r"\s{0,3}[—–―-]{1,2}[^\S\n]?((?:[A-ZÀ-Þ][\w'’.-]*[^\S\n]){1,5}[A-ZÀ-Þ][\w'’-]+)(?:,[^\n]{2,60})?[.]?[^\S\n]*(?:\n|\Z)"
)
"""The signature of a quotation: a dash and a name of two or more words after the closing mark, up to the line's end."""


def _signed(segmented: Segmented) -> Iterator[OneVoicePassage]:
    """Yield the quotations that are signed after their closing mark: “We paid.” – Ana Moor."""
    text, sentences = segmented.text, segmented.sentences
    starts = [sentence.start for sentence in sentences]
    outlets = words_of("source_outlets", "name_word") | words_of("source_outlets", "outlet")
    for quotation in segmented.quotations:
        if quotation.depth or not quotation.closed:
            continue
        match = _QUOTE_SIGNATURE.match(text, quotation.end)
        if match is None or match[1] in outlets or match[1].rsplit(" ", 1)[-1] in outlets:
            continue
        first = bisect_right(starts, quotation.start) - 1
        last = bisect_left(starts, quotation.end)
        opens = not text[sentences[first].start : quotation.start].strip()
        if first >= 0 and opens:
            yield OneVoicePassage(first, last, Span(*match.span(1)), sure=True, introduced=True)


def _turns(segmented: Segmented) -> Iterator[OneVoicePassage]:
    """Yield the turns of transcripts and interviews."""
    for turn in find_turns(segmented):
        yield OneVoicePassage(
            turn.first, turn.last, turn.speaker, sure=turn.sure, introduced=turn.introduced,
            labelled=not (turn.introduced or turn.rest), asks=turn.asks,
        )  # fmt: skip


def _asked_back(segmented: Segmented) -> Iterator[OneVoicePassage]:
    """Yield quotations that end in a question or exclamation mark and are cut from their speaker: “Me? Really?” Lund asked."""
    text, sentences = segmented.text, segmented.sentences
    ends = [sentence.end for sentence in sentences]
    for quotation in segmented.quotations:
        if quotation.depth or not quotation.closed or text[quotation.end - 2] not in "?!":
            continue
        match = _SPEAKER_BEHIND.match(text, quotation.end)
        if match is None or not (
            match["verb"] in verb_kinds() or match["verb"].endswith(" quoted")
        ):
            continue
        last = bisect_left(ends, quotation.end)
        opens = bisect_right(ends, quotation.start)
        begins = not text[sentences[opens].start : quotation.start].strip()
        if begins and last + 1 < len(sentences) and sentences[last].end <= match.start("who"):
            yield OneVoicePassage(opens, last + 1, Span(*match.span("who")), sure=True)


_SPEAKER_BEHIND = re.compile(
    r"[^\S\n]{1,2}(?P<who>(?:(?:The|A|An)[^\S\n])?(?:[\w.’'-]+[^\S\n]){0,3}?[\w.’'-]+)[^\S\n](?P<verb>(?:is|was)[^\S\n]quoted|[a-z]+)(?![^\S\n]that\b)[.,\s]"
)
"""Who speaks behind a closing quotation mark, and the verb: “Why?” Ada Lund asked."""


def _released(segmented: Segmented) -> Iterator[OneVoicePassage]:
    """Yield statements that are printed whole: "Lund released the following statement: …", up to where the text names the speaker again."""
    text, sentences = segmented.text, segmented.sentences
    match = matcher_of("announcements", "released").search(text)
    if match is None:
        return
    starts = [sentence.start for sentence in sentences]
    opener = bisect_right(starts, match.start()) - 1
    first = bisect_left(starts, match.end())
    before = list(_ANNOUNCER.finditer(text, sentences[opener].start, match.start()))
    quoted = _OPENING_MARK.match(text, match.end()) is not None
    if first >= len(sentences) or not before or quoted:
        return
    speaker = Span(*before[-1].span())
    surname = speaker.of(text).split()[-1]
    again = re.compile(rf"\b{re.escape(surname)}\b")
    last = first
    while last < len(sentences) and not sentences[last].furniture:
        if again.search(text, sentences[last].start, sentences[last].end):
            break
        last += 1
    if last > first:
        yield OneVoicePassage(first, last, speaker, opener, sure=True)


_OPENING_MARK = re.compile(r"""\s{0,9}+[“"‘']""")


def _announced(
    segmented: Segmented, likely: Sequence[float], least: float
) -> Iterator[OneVoicePassage]:
    """Yield the paragraphs after a paragraph that ends in a colon and announces somebody's words."""
    text, sentences = segmented.text, segmented.sentences
    paragraphs = [s.paragraph for s in sentences]
    for number, sentence in enumerate(sentences[:-1]):
        first = number + 1
        if sentence.furniture or paragraphs[first] == sentence.paragraph:
            continue
        words = text[sentence.start : sentence.end].rstrip(" \n\t\"'”’")
        if not words.endswith(":") or not _announces(words, likely[number] >= least):
            continue
        last = bisect_right(paragraphs, paragraphs[first], lo=first)
        yield OneVoicePassage(first, last, opener=number)


def _announces(words: str, reports: bool) -> bool:  # noqa: FBT001 - one of two
    """Tell whether a sentence that ends in a colon announces somebody's words, and not a picture or a list."""
    announcing = words_of("announcements", "announcing")
    showing = words_of("announcements", "showing")
    last = re.findall(r"[\w’'-]+", words.lower())[-_NEAR:]
    if showing.intersection(last[-2:]):
        return False
    return reports or not announcing.isdisjoint(last)


_NEAR = 8
"""The announcing word must be among this many words before the colon."""


_ANNOUNCER = re.compile(
    r"@\w+|(?<=[\w,] )[A-ZÀ-Þ][\w’'.-]+(?: [A-ZÀ-Þ][\w’'.-]+){0,3}|^[A-ZÀ-Þ]\w+(?: [A-ZÀ-Þ][\w’'.-]+){1,3}"
)
"""A handle, or a name: within a sentence, or of two words and more at its beginning."""


def announcer(segmented: Segmented, opener: int) -> tuple[Span, ...]:
    """Return the name in the sentence that announces a passage, a handle before others; None if there is none."""
    sentence = segmented.sentences[opener]
    words = segmented.text[sentence.start : sentence.end]
    found = [
        Span(m.start() + sentence.start, m.end() + sentence.start)
        for m in _ANNOUNCER.finditer(words)
    ]
    handles = [span for span in found if segmented.text[span.start] == "@"]
    return tuple((handles or found)[:1])


def touched(spans: Sequence[Span], ends: Sequence[int]) -> set[int]:
    """Return the numbers of the sentences that any of `spans` overlaps; `ends` are where the sentences end."""
    found: set[int] = set()
    for span in spans:
        first = bisect_right(ends, span.start)
        if first < len(ends) and span.end <= ends[first]:  # the usual case
            found.add(first)
        else:
            found.update(range(first, min(bisect_left(ends, span.end, lo=first) + 1, len(ends))))
    return found
