"""The headline of an article: the title given, or the first line of its text that looks like one.

All callers use this module, so an article has the same headline whether it is given as a title, in a title column or
on the text's first line. A headline in the text is page furniture and counts once. Placeholders, names of
sections, and titles of one or two words are not headlines, because they do not say what the article is about.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from reportedly.datamodel import Claim, Document, Headline, Segmented, Sentence, Span, Tokens
from reportedly.lexicons.loader import load
from reportedly.reading.gaps import broken
from reportedly.reading.line_wrapping import rejoined

LEAST_HEADLINE_WORDS = 3
"""The least words of a headline."""
_MOST_WORDS = 24
_LONGEST = 180
"""The most code points of a headline; a longer line is a paragraph."""
_OPENING = 2_000
"""The headline is searched for within this many code points."""
_LINES = 3
"""How many lines are searched: a section's name, a credit or a byline may precede the headline."""
_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"(?<![^\W_])\d*+[^\W\d_][\w'’.-]*+")
_UNFINISHED = re.compile(r"[^\s.,;:…\"”’')\]]$")
_QUOTED_END = re.compile(r"[^\s.,;:…!?][\"”’')\]]$")
_CALL = re.compile(r"[?!][\"”’')\]]*$")
_STOP = re.compile(r"[a-z]{3}\. [A-Z]\w* [a-z]")
"""The end of a sentence within a line."""
_INITIALS = re.compile(r"\b[A-Z]\.[A-Z]\.$")
_SMALL = frozenset(
    "a an and as at but by for from in into is nor of off on or over per so than the to up via vs with yet".split()  # noqa: SIM905
)
_TITLE_CASE = 0.6
"""Share of the longer words that must be capitalised for a question or an exclamation to be a headline."""
_APART = re.compile(r"(?<=\S)[^\S\n]*+\n[^\S\n]*+\n")
"""A blank line after the last word of a line."""
_READER = frozenset(["you", "your", "yours", "you're", "you’re"])
_OPENS = frozenset("'‘“\"$£€#")
_BAR = " | "


def headline_of(document: Document) -> Headline | None:
    """Return the headline of `document` and its place in the text; None if there is none."""
    given = " ".join(document.title.split())
    if not is_headline(given):
        return _opening_headline(document.text)
    return Headline(given, _repeated(document.text, given), given=True)


def is_headline(title: str) -> bool:
    """Tell whether a title is a headline: at least three words, and neither a placeholder nor a section's name."""
    parts = _parts(title)
    return bool(parts) and len(_WORD.findall(parts[0])) >= LEAST_HEADLINE_WORDS


def plain_headline(headline: str) -> str:
    """Return a headline without a section's name before it and an outlet's name after it, separated by bars."""
    return next(iter(_parts(headline)), headline)


def title_column(names: Sequence[str]) -> str | None:
    """Return the column of a table with a usual name for titles, or None."""
    by_name = {letters(name): name for name in reversed(names)}
    usual = (by_name.get(letters(term)) for term in load("headlines").of_kind("column"))
    return next((name for name in usual if name is not None), None)


def without_headline(segmented: Segmented) -> Segmented:
    """Return `segmented` with the headline in its text replaced by spaces; offsets stay valid."""
    span = segmented.headline.span if segmented.headline else None
    if segmented.headline is None or span is None:
        return segmented
    at = _sentence_at(segmented, span)
    gone = segmented.sentences[at]
    count, tokens = gone.last - gone.first, segmented.tokens
    document = blanked(segmented.document, segmented.headline)
    return replace(
        segmented,
        document=document,
        headline=replace(segmented.headline, span=None),
        paragraphs=segmented.paragraphs[: gone.paragraph]
        + segmented.paragraphs[gone.paragraph + 1 :],
        sentences=segmented.sentences[:at]
        + tuple(_moved(s, -count, -1) for s in segmented.sentences[at + 1 :]),
        tokens=Tokens(
            tokens.forms[: gone.first] + tokens.forms[gone.last :],
            tokens.starts[: gone.first] + tokens.starts[gone.last :],
            tokens.ends[: gone.first] + tokens.ends[gone.last :],
        ),
    )


def with_headline(
    body: Segmented, document: Document, headline: Headline, words: Tokens, *, furniture: bool
) -> Segmented:
    """Return the segmented `document`: the parts of its `body`, and the headline in its text with the tokens `words`."""
    span = headline.span
    assert span is not None
    at = bisect_left(body.sentences, span.start, key=lambda s: s.start)
    first = bisect_left(body.tokens.starts, span.start)
    paragraph = bisect_left(body.paragraphs, span.start, key=lambda p: p.start)
    count = len(words)
    own = Sentence(span.start, span.end, first, first + count, paragraph, furniture)
    tokens = Tokens(
        body.tokens.forms[:first] + words.forms + body.tokens.forms[first:],
        body.tokens.starts[:first]
        + tuple(start + span.start for start in words.starts)
        + body.tokens.starts[first:],
        body.tokens.ends[:first]
        + tuple(end + span.start for end in words.ends)
        + body.tokens.ends[first:],
    )
    return Segmented(
        document,
        (*body.paragraphs[:paragraph], span, *body.paragraphs[paragraph:]),
        (*body.sentences[:at], own, *(_moved(s, count, 1) for s in body.sentences[at:])),
        tokens,
        body.quotations,
        headline,
    )


def with_its_claim(claims: Sequence[Claim], segmented: Segmented) -> tuple[Claim, ...]:
    """Return the claims of a body, with an empty claim inserted for the headline in the text of `segmented`."""
    span = segmented.headline.span if segmented.headline else None
    if span is None:
        return tuple(claims)
    at = _sentence_at(segmented, span)
    moved = [claim.moved(at) for claim in claims]
    return (*moved[:at], Claim(at, 0.0, False, None), *moved[at:])


def with_furniture(segmented: Segmented, body: Segmented) -> Segmented:
    """Return `segmented` with the page furniture of its body, whose sentences are the same except for the headline."""
    marks = [sentence.furniture for sentence in body.sentences]
    if len(marks) < len(segmented.sentences):
        span = segmented.headline.span if segmented.headline else None
        assert span is not None
        at = _sentence_at(segmented, span)
        marks.insert(at, segmented.sentences[at].furniture)
    return replace(
        segmented,
        sentences=tuple(
            s if s.furniture == mark else replace(s, furniture=mark)
            for s, mark in zip(segmented.sentences, marks, strict=True)
        ),
    )


def blanked(document: Document, headline: Headline) -> Document:
    """Return `document` with the headline as its title, and as spaces in its text."""
    if headline.span is None:
        return document
    start, end = headline.span.start, headline.span.end
    text = document.text[:start] + " " * (end - start) + document.text[end:]
    return replace(document, text=text, title=headline.text)


def body_length(segmented: Segmented) -> int:
    """Return the number of code points of a text without its headline and the white space around it."""
    text, span = segmented.text, segmented.headline.span if segmented.headline else None
    if span is None:
        return len(text.lstrip())
    before, after = text[: span.start].lstrip(), text[span.end :]
    return len(before) + len(after if before else after.lstrip())


def repeats(words: str, headline: str) -> bool:
    """Tell whether a line repeats `headline` or a part of it, ignoring punctuation and case."""
    line, whole = letters(words), letters(headline)
    if not line or line == whole:
        return bool(line)
    return len(_WORD.findall(words)) >= LEAST_HEADLINE_WORDS and (
        whole.startswith(line) or whole.endswith(line)
    )


def letters(text: str) -> str:
    """Return the letters and digits of `text` in lower case, to compare two spellings of a headline."""
    return text.lower().translate(_LETTERS)


class _Letters(dict[int, str | None]):
    """A table for `str.translate`: letters and digits are kept, other characters removed; filled on demand."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        return self.setdefault(code, character if character.isalnum() else None)


_LETTERS = _Letters()


def _moved(sentence: Sentence, tokens: int, paragraphs: int) -> Sentence:
    """Return a sentence with its token and paragraph numbers shifted."""
    return replace(
        sentence,
        first=sentence.first + tokens,
        last=sentence.last + tokens,
        paragraph=sentence.paragraph + paragraphs,
    )


def _sentence_at(segmented: Segmented, span: Span) -> int:
    """Return the number of the headline's sentence."""
    return bisect_left(segmented.sentences, span.start, key=lambda s: s.start)


def _parts(title: str) -> list[str]:
    """Return the parts of a title between bars, from the first that is neither a placeholder nor a section's name."""
    parts = [part.strip() for part in title.split(_BAR)]
    while parts and _says_nothing(parts[0]):
        del parts[0]
    return parts


@cache
def _empty_titles() -> frozenset[str]:
    """Return the placeholders and names of sections, as letters and digits."""
    kinds = (load("headlines").of_kind(kind) for kind in ("placeholder", "section"))
    return frozenset(letters(term) for terms in kinds for term in terms)


def _says_nothing(title: str) -> bool:
    """Tell whether a title is a placeholder, a section's name, or nothing but marks."""
    found = letters(title)
    return not found or found in _empty_titles()


def _lines(text: str) -> list[Span]:
    """Return the first lines of `text`, with hard-wrapped ones rejoined, and one more."""
    opening = text[:_OPENING]
    if len(text) > _OPENING:
        opening = opening[: opening.rfind("\n") + 1]
    found = []
    for match in _LINE.finditer(broken(rejoined(opening))):
        words = match[0].rstrip()
        found.append(Span(match.start(), match.start() + len(words)))
        if len(found) > _LINES:
            break
    return found


def _repeated(text: str, headline: str) -> Span | None:
    """Return which of the first lines of `text` repeats the headline, if any; never the only line."""
    lines = _lines(text)
    if len(lines) < 2 and len(text) <= _OPENING:
        return None
    wanted = letters(headline)
    same = (line for line in lines[:_LINES] if letters(line.of(text)) == wanted)
    parts = (line for line in lines[:1] if repeats(line.of(text), headline))
    return next(same, None) or next(parts, None)


def _opening_headline(text: str) -> Headline | None:
    """Return the headline at the top of a text, after at most two lines that belong to the page."""
    lines = _lines(text)
    for number, line in enumerate(lines[:_LINES]):
        words = line.of(text)
        if number + 1 == len(lines) and len(text) <= _OPENING:
            return None
        if _of_the_page(words):
            continue
        if not looks_like_headline(words, apart=_APART.match(text, line.end) is not None):
            return None
        return Headline(" ".join(words.split()), line, given=False)
    return None


@cache
def _page_lines() -> re.Pattern[str]:
    """Return the patterns of lines that a page has before or instead of a headline."""
    entries = [e for e in load("headlines").entries if e.attributes.get("kind") == "page"]
    return re.compile("|".join(f"(?:{entry.pattern})" for entry in entries))


def _of_the_page(words: str) -> bool:
    """Tell whether a line is a section's name, a credit, a byline or another line of page furniture."""
    return len(words) <= _LONGEST and (
        _says_nothing(words) or _page_lines().search(words) is not None
    )


def looks_like_headline(words: str, *, apart: bool = False) -> bool:
    """Tell by its form whether a text's opening line is a headline; `apart` tells whether a blank line follows.

    A headline does not end like a sentence. A question or an exclamation may be either: it needs the capitals of a title, a
    colon, or, if it does not address the reader, a blank line after it.
    """
    if len(words) > _LONGEST or not (
        words[0].isupper() or words[0].isdigit() or words[0] in _OPENS
    ):
        return False
    found = _WORD.findall(words)
    if _STOP.search(words) or not is_headline(words) or len(found) > _MOST_WORDS:
        return False
    if _CALL.search(words):
        asks = "?" in words[-3:] and not _READER.isdisjoint(words.lower().split())
        return ": " in words or _in_title_case(found) or (apart and not asks)
    return any(end.search(words) for end in (_UNFINISHED, _INITIALS, _QUOTED_END))


def _in_title_case(found: Sequence[str]) -> bool:
    """Tell whether most of a line's words, except short function words, are capitalised."""
    large = [word for word in found if word.lower() not in _SMALL]
    capitals = sum(word[0].isupper() for word in large)
    return len(large) >= 2 and capitals >= _TITLE_CASE * len(large)
