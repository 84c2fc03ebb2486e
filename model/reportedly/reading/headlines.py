"""The headline of an article: the title given, or the first line of its text that looks like one.

Every caller reads headlines here, so an article has the same one whether it comes as a title, in a title column or
on the text's first line. A headline in the text is page furniture there and counts once. Placeholders, names of
sections, and titles of one or two words are no headlines: they say nothing of the article.
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
"""Words from which a title is a headline."""
_MOST_WORDS = 24
_LONGEST = 180
"""Code points beyond which a line is a paragraph."""
_OPENING = 2_000
"""Code points of a text within which its headline is sought."""
_LINES = 3
"""Lines that are looked at: a section's name, a credit or a byline may stand before the headline."""
_LINE = re.compile(r"\S[^\n]*")
_WORD = re.compile(r"[^\W_]*[^\W\d_][\w'’.-]*")
_UNFINISHED = re.compile(r"[^\s.,;:…\"”’')\]]$")
_QUOTED_END = re.compile(r"[^\s.,;:…!?][\"”’')\]]+$")
_CALL = re.compile(r"[?!][\"”’')\]]*$")
_STOP = re.compile(r"[a-z]{3}\. [A-Z]\w* [a-z]")
"""The end of a sentence within a line."""
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}$")
_SMALL = frozenset(
    "a an and as at but by for from in into is nor of off on or over per so than the to up via vs with yet".split()  # noqa: SIM905
)
_TITLE_CASE = 0.6
"""Share of a line's longer words that must have a capital before a question or an exclamation is a headline."""
_APART = re.compile(r"[^\S\n]*\n[^\S\n]*\n")
"""A blank line behind a line."""
_READER = frozenset(["you", "your", "yours", "you're", "you’re"])
_OPENS = frozenset("'‘“\"$£€#")
_BAR = " | "


def headline_of(document: Document) -> Headline | None:
    """Return the headline of `document` and where its text has it, or None where there is none."""
    given = " ".join(document.title.split())
    if not is_headline(given):
        return _opening_headline(document.text)
    return Headline(given, _repeated(document.text, given), given=True)


def is_headline(title: str) -> bool:
    """Tell whether a title says something of its article: no placeholder, no section, three words or more."""
    parts = _parts(title)
    return bool(parts) and len(_WORD.findall(parts[0])) >= LEAST_HEADLINE_WORDS


def plain_headline(headline: str) -> str:
    """Return a headline without the name of a section before it and that of an outlet behind it, parted by bars."""
    return next(iter(_parts(headline)), headline)


def title_column(names: Sequence[str]) -> str | None:
    """Return which of a table's columns holds titles by its usual name, or None."""
    by_name = {letters(name): name for name in reversed(names)}
    usual = (by_name.get(letters(term)) for term in load("headlines").of_kind("column"))
    return next((name for name in usual if name is not None), None)


def without_headline(segmented: Segmented) -> Segmented:
    """Return `segmented` without the headline in its text, of which only spaces are left; offsets stay."""
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
    """Return the parts of `document` from those of its `body` and the headline in its text, whose tokens are `words`."""
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
    """Return the claims of a body, with that of the headline in the text of `segmented`, which claims nothing."""
    span = segmented.headline.span if segmented.headline else None
    if span is None:
        return tuple(claims)
    at = _sentence_at(segmented, span)
    moved = [claim.moved(at) for claim in claims]
    return (*moved[:at], Claim(at, 0.0, False, None), *moved[at:])


def with_furniture(segmented: Segmented, body: Segmented) -> Segmented:
    """Return `segmented` with the page furniture of its body, whose sentences are the same but for the headline."""
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
    """Return `document` with its headline as its title, and spaces where its text has it."""
    if headline.span is None:
        return document
    start, end = headline.span.start, headline.span.end
    text = document.text[:start] + " " * (end - start) + document.text[end:]
    return replace(document, text=text, title=headline.text)


def body_length(segmented: Segmented) -> int:
    """Return how many code points a text has without its headline and the white space before and behind it."""
    text, span = segmented.text, segmented.headline.span if segmented.headline else None
    if span is None:
        return len(text.lstrip())
    before, after = text[: span.start].lstrip(), text[span.end :]
    return len(before) + len(after if before else after.lstrip())


def repeats(words: str, headline: str) -> bool:
    """Tell whether a line says what `headline` says, or a part of it, whatever its marks and case."""
    line, whole = letters(words), letters(headline)
    if not line or line == whole:
        return bool(line)
    return len(_WORD.findall(words)) >= LEAST_HEADLINE_WORDS and (
        whole.startswith(line) or whole.endswith(line)
    )


def letters(text: str) -> str:
    """Return the letters and digits of `text` in lower case: what two spellings of a headline share."""
    return text.lower().translate(_LETTERS)


class _Letters(dict[int, str | None]):
    """What each code point becomes: itself if it is a letter or digit, else nothing; filled as they are met."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        return self.setdefault(code, character if character.isalnum() else None)


_LETTERS = _Letters()


def _moved(sentence: Sentence, tokens: int, paragraphs: int) -> Sentence:
    """Return a sentence whose tokens and paragraph are so many places further on."""
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
    """Return the parts of a title between bars, from the first that is no placeholder and no section's name."""
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
    """Return the first lines of `text`, with those that a column cut rejoined, and one more."""
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
    """Return which of the first lines of `text` repeats the headline, if any; not its only line."""
    lines = _lines(text)
    if len(lines) < 2 and len(text) <= _OPENING:
        return None
    wanted = letters(headline)
    same = (line for line in lines[:_LINES] if letters(line.of(text)) == wanted)
    parts = (line for line in lines[:1] if repeats(line.of(text), headline))
    return next(same, None) or next(parts, None)


def _opening_headline(text: str) -> Headline | None:
    """Return the headline that a text opens with, below at most two lines that belong to the page."""
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
    """Return the patterns of lines that stand on a page before or in place of a headline."""
    entries = [e for e in load("headlines").entries if e.attributes.get("kind") == "page"]
    return re.compile("|".join(f"(?:{entry.pattern})" for entry in entries))


def _of_the_page(words: str) -> bool:
    """Tell whether a line is a section's name, a credit, a byline or another line of the page."""
    return len(words) <= _LONGEST and (
        _says_nothing(words) or _page_lines().search(words) is not None
    )


def looks_like_headline(words: str, *, apart: bool = False) -> bool:
    """Tell by its shape whether a line of its own that opens a text is a headline; `apart`: a blank line follows.

    It does not end as a sentence does. A question or an exclamation may be either: it needs the capitals of a title, a
    colon, or a blank line behind it where it does not ask the reader.
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
    """Tell whether most of a line's words, small ones apart, have a capital."""
    large = [word for word in found if word.lower() not in _SMALL]
    capitals = sum(word[0].isupper() for word in large)
    return len(large) >= 2 and capitals >= _TITLE_CASE * len(large)
