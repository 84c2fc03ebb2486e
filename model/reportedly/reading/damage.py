"""Find damage from careless copying: HTML entities left in, characters of a wrong encoding, lost quotation marks.

Damage is returned as ranges of the text with the character that each stands for; the text itself
is not rewritten (:mod:`reportedly.reading.disguises`). Wrong encodings are undone by ftfy (Speer, 2019,
https://doi.org/10.5281/zenodo.2591652), which is imported only if a text looks like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

Range = tuple[int, int, str]
"""Start, end, and the character that the range stands for."""

_ENTITY = re.compile(
    r"&(?:(?:amp|#38|#x26);)*(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)
_BARE_ENTITY = re.compile(
    r"(?<![\w&#;])(?:(quot|nbsp|[lr][sd]quo|[mn]dash|hellip|#8(?:2[12]\d|230));|#(39|8217);(?=(?:s|t|re|ve|ll|d|m)\b))"
)
_CONTROLS = "\x80-\x84\x86-\x9f"
_AFTER = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""How a byte from 0x80 to 0xBF, which is never the first of a UTF-8 character, looks in Latin-1 and Windows-1252."""
_WRONG = re.compile(
    f"[{_CONTROLS}]|[Â-ß][{_AFTER}]|[à-ï][{_AFTER}][{_AFTER}]|[ÂÃ] |â€|‚Ä|вЂ|Ã¢|ï¿½"
)
_RUN = re.compile(r"[^\x00-\x7f]+(?:\?(?<=â€\?)|\?\?(?<=â\?\?)| (?<=[ÂÃ] ))?")
_LOSSY = re.compile(f"(?:Ã¢â‚¬|â€|â\x80)(?:\ufffd|ï¿½|Â?\x9d|\\?|(?![{_AFTER}ÂÅËÆâ]))")
"""A closing quotation mark whose last byte, which Windows-1252 does not have, was lost."""

_LOST = re.compile(r"\?{3}(?!\?)|\?|\ufffd{1,3}|â\?\?")
_LOST_SIGN = re.compile(r"\?(?=\w)|\ufffd|â\?\?")
_QUOTED = re.compile(
    r"(?:(?<=[\s(])|^)\?(?:\?\?)?(?=[A-Z])[^?\n]{3,600}(?<=[,.!…])\?(?:\?\?)?(?!\w)", re.MULTILINE
)
_APOSTROPHE = re.compile(r"(?<=[a-z])\?(?:\?\?)?(?=(?:s|t|re|ve|ll|d|m)(?:[\s.,;:!)]|$))")
_CONTRACTED = re.compile(r"(?:s|t|re|ve|ll|d|m)\b")
_LEAST_APOSTROPHES = 2
_OPENERS = frozenset(" \n\t([—–-")


def repaired(text: str) -> str:
    """Return `text` with all damage repaired; for titles, to which no offset refers."""
    for find in DAMAGE.values():
        for start, end, character in reversed(find(text)):
            text = text[:start] + character + text[end:]
    return text


def entities(text: str) -> list[Range]:
    """Return the HTML entities in `text`, even if encoded several times, with the characters that they stand for."""
    if ";" not in text:
        return []
    found = [] if "&" not in text else list(_named(text))
    if _BARE_ENTITY.search(text):
        taken = {start for start, _, _ in found}
        bare = (r for r in _bare(text) if r[0] not in taken)
        found = sorted([*found, *bare])
    return found


def _named(text: str) -> Iterator[Range]:
    from html import unescape  # noqa: PLC0415 - its table is large and hardly ever needed

    for match in _ENTITY.finditer(text):
        character = unescape(f"&{match[1]};")
        if len(character) == 1 and character != "\ufffd":
            yield *match.span(), " " if character == "\r" else character


def _bare(text: str) -> Iterator[Range]:
    """Yield entities that lost their ampersand, with the space before one that stands for an apostrophe."""
    from html import unescape  # noqa: PLC0415

    for match in _BARE_ENTITY.finditer(text):
        start, end = match.span()
        if match[2] and text[start - 1 : start] == " ":
            start -= 1
        yield start, end, unescape(f"&{match[1] or '#' + match[2]};")


def wrong_encoding(text: str) -> list[Range]:
    """Return the characters that were decoded by a wrong encoding (mojibake), with those that were meant."""
    if text.isascii() or not _WRONG.search(text):
        return []
    runs = ((match.start(), match[0]) for match in _RUN.finditer(text))
    return [part for start, run in runs for part in _aligned(start, run, _meant(run))]


@lru_cache(maxsize=4096)
def _meant(run: str) -> str:
    """Return the characters that non-ASCII ones were meant to be: themselves, unless only another encoding makes sense of them."""
    from ftfy import fix_encoding  # noqa: PLC0415 - 50 ms, for damaged texts alone

    if len(run) == 1 and run >= "\xa0":
        return run
    meant: str = fix_encoding(run)
    if "\ufffd" in meant or _LOSSY.search(meant):
        meant = fix_encoding(_LOSSY.sub("”", run))
    return run if not meant or "\ufffd" in meant else meant


def _aligned(start: int, run: str, meant: str) -> Iterator[Range]:
    """Yield the characters of `meant` with their ranges in `run`: by their length in UTF-8, else evenly divided."""
    if meant == run:
        return
    sizes = [
        len(character.encode("utf-8", "surrogatepass")) if character > "\x7f" else 1
        for character in meant
    ]
    if sum(sizes) != len(run):
        least = len(run) // len(meant)
        sizes = [least] * (len(meant) - 1)
        sizes.append(len(run) - sum(sizes))
    at = start
    for character, size in zip(meant, sizes, strict=True):
        if size and run[at - start : at - start + size] != character:
            yield at, at + size, character
        at += size


def lost_marks(text: str) -> list[Range]:
    """Return the quotation marks, apostrophes and dashes of `text` that became “?” or U+FFFD.

    A question mark counts only where it cannot be a real one, and only if the text has a whole quotation
    between such marks, or several such apostrophes.
    """
    if not _LOST_SIGN.search(text):
        return []
    quoted = any(" " in match[0] for match in _QUOTED.finditer(text))
    apostrophes = quoted or len(_APOSTROPHE.findall(text)) >= _LEAST_APOSTROPHES
    found: list[Range] = []
    opening: Range | None = None
    for match in _LOST.finditer(text):
        start, end = match.span()
        if opening and "\n" in text[opening[1] : start]:
            opening = None
        plain = match[0][0] == "?"
        mark = _mark(text, start, end, opened=opening is not None, plain=plain)
        if plain and not (quoted or (apostrophes and mark == "’")):
            continue
        if mark == "“":
            opening = (start, end, mark)
        elif mark == "”" and opening:  # a quotation counts as a whole
            found += opening, (start, end, mark)
            opening = None
        elif mark:
            found.append((start, end, mark))
    return sorted(found)


def _mark(text: str, start: int, end: int, *, opened: bool, plain: bool) -> str:
    """Return the mark that was lost at a place, by the characters beside it; empty if it cannot be determined."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() and after.isalpha():
        return "’" if _CONTRACTED.match(text, end) else ""
    if not before or before in _OPENERS:
        if after.isalnum():
            return "“"
        small = text[end + 1 : end + 2].islower()
        return "—" if before == after == " " and small else ""
    if not opened or after.isalnum():
        return ""
    ends = before in ",.!?…" or not plain or text[end : end + 2].strip().islower()
    return "”" if ends else ""


DAMAGE: Mapping[str, Callable[[str], list[Range]]] = {
    "entities": entities,
    "encoding": wrong_encoding,
    "marks lost": lost_marks,
}
"""The function that finds each kind of damage, in the order of repair."""
