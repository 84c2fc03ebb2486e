"""Whose the signature of a post is: "— Lund the Barge (@barges)" is not Ada Lund, "— ada l (@adalund)" is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportedly.annotation.sources.coreference.names import look_up
from reportedly.annotation.sources.from_reading.called import Move
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import PEOPLE, TITLE, lists
from reportedly.datamodel import SourceClass


def signatures(
    register: Register, owners: Sequence[int], names: Sequence[tuple[str, ...]]
) -> Iterator[Move]:
    """Yield the signatures of posts that are a name of their own: "— Lund the Barge (@barges)" is not Ada Lund; `names` are those of the `owners`.

    "— ada lund (@adalund)" is the Ada Lund whom the article names.
    """
    text = register.article.segmented.text
    called: dict[int, set[str]] = {}
    for view in register.views:
        if view.statement.source is not None:
            called.setdefault(owners[view.place], set()).add(view.statement.source.of(text))
    for view, words, handle in _signed(register):
        owner = owners[view.place]
        linked = names[owner] if owner >= 0 else ()
        alone = owner >= 0 and not linked and len(called[owner]) == 1
        move = _signature(register, view, words, handle, linked)
        if move is not None and (move.figure >= 0 or not alone):
            yield move


def _signed(register: Register) -> Iterator[tuple[View, str, str]]:
    """Yield the statements whose words for their source sign a post, with these words and the handle."""
    text = register.article.segmented.text
    for view in register.views:
        source = view.statement.source
        dash = source is not None and text[max(0, source.start - 3) : source.start].rstrip()[-1:]
        match = _HANDLE.match(text, source.end) if source is not None and dash in _DASHES else None
        if source is not None and match is not None:
            yield view, source.of(text), match[1]


def repeated(register: Register) -> Iterator[Move]:
    """Yield the quotations that a post repeats and whose speaker has the surname of its signer: both are the signer's.

    "“The pier is ours,” Lund tweeted." is Ada Lund's above "The pier is ours. — Ada Lund (@lund)", though Ivo Lund is in the article.
    """
    text = register.article.segmented.text
    posts = [view for view, *_ in _signed(register) if view.mention.name]
    moved: dict[int, int] = {}
    for view in register.views if posts else ():
        if view.kind == "carried" and view.quotation in moved:
            yield Move(view.place, follows=moved[view.quotation])
        if view.kind != "name" or view.quotation < 0 or view.inside or not view.mention.name:
            continue
        quoted = _QUOTED.search(text, view.statement.extent.start, view.statement.extent.end)
        same = (post for post in posts if post.mention.name[-1] == view.mention.name[-1])
        found = next(
            (p for p in same if quoted and p is not view and _repeats(text, quoted, p)), None
        )
        if found is not None:
            moved[view.quotation] = found.place
            yield Move(view.place, follows=found.place)


def _repeats(text: str, quoted: re.Match[str], post: View) -> bool:
    """Tell whether a post has the words of a quotation outside it."""
    end = post.statement.extent.end
    first = max(0, post.statement.start - _POST)
    if first < quoted.end() < end:
        first = quoted.end()
    words = _letters(quoted[1])
    return bool(words) and words in _letters(text[first:end])


def _letters(words: str) -> str:
    """Return the letters and digits of words in lower case: a quotation has other marks than the post."""
    return "".join(filter(str.isalnum, words.lower()))


_QUOTED = re.compile(r"[“\"]([^“”\"\n]{30,400})")
_POST = 340
"""Code points of a post, at most."""


def _signature(
    register: Register, view: View, words: str, handle: str, linked: Sequence[str]
) -> Move | None:
    """Return whose a signature is that has a word of its own, of `words` and a handle; None if it fits the name that is `linked`, or a body's."""
    figures = register.figures.members
    own = figures[view.own] if view.own >= 0 else None
    name = tuple(_PICTURES.sub("", _BEHIND.split(words, maxsplit=1)[0]).split())
    known = {word for one in (linked, *(own.names if own else ())) for word in _plain_words(one)}
    if not name or (own and not own.person) or _plain_words(name) <= known:
        return None
    if own and len(own.full) > 1 and name[-len(own.full) :] == own.full:
        return None  # "US Rep Ada Lund"
    account = handle.lower().removeprefix("real")
    for number, figure in enumerate(figures):
        called = "".join(figure.full).lower()
        if figure.person and len(figure.full) > 1 and called == account:
            return Move(view.place, number)
    shown = name if _PLAIN_NAME.fullmatch(" ".join(name)) else (handle,)
    kind = _KIND.get(look_up(register.article, name)[0])
    return Move(view.place, name=shown, source_class=kind)


def _plain_words(name: Sequence[str]) -> set[str]:
    """Return the words of a name in lower case without titles, offices, articles and dots."""
    nouns, capitals = lists().nouns, lists().capitals
    return {
        word.replace(".", "").lower()
        for word in name
        if not (
            capitals.get(word, 0) & TITLE or nouns.get(word.lower(), 0) & PEOPLE or word in _NO_NAME
        )
    }


_NO_NAME = frozenset(["The", "the", ".", "Vice", "Deputy", "Former"])
_BEHIND = re.compile(r"[,:(]|[^\S\n][–-][^\S\n]")
"""What ends the name in a signature: a degree, a motto or an employer is behind it."""
_PICTURES = re.compile(r"[^\w\s.'’&/!?-]")
_HANDLE = re.compile(r"[^—–()@\n]{0,60}\(?@(\w+)")
"""The handle behind the name in a signature, with what may stand between: an academic degree, a picture."""
_DASHES = frozenset("—–-")
_PLAIN_NAME = re.compile(
    r"[A-ZÀ-Þ][\w.'’-]{0,30}(?: (?:of |the |and |& )?[A-ZÀ-Þ][\w.'’-]{0,30}){0,4}"
)
"""A signature that can be shown as a name; else the handle is."""
_KIND: dict[str, SourceClass] = {"press": "press", "body": "named_organisation"}
