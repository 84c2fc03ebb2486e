"""Take the boxes of a web page that are no article out of its tree, and find the standfirst that extraction loses.

Boxes show by their role or by their class and id (``lexicons/page_boxes.toml``). A box that holds the
article stays, whatever it is called; where the text decides, as in a class ``paywall`` that may name the prompt or what
lies behind it, the text is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lxml import etree
from lxml.html import HtmlElement

from reportedly.lexicon import load
from reportedly.reading.fragments import lines_of

_WHOLE_PAGE = frozenset({"html", "head", "body", "main"})
_TEXT = frozenset({"p", "li", "h1", "h2", "h3", "h4"})
_BLOCKS = (*_TEXT, "h5", "h6", "td", "button", "label")
_ASIDE = frozenset(
    {"nav", "footer", "aside", "figure", "form", "figcaption", "table", "blockquote"}
)
_BODY = etree.XPath(
    "boolean(descendant-or-self::*[self::main or @itemprop='articleBody' or @role='main'])"
)
_HEADED = etree.XPath("boolean(descendant::h1)")
_ARTICLE = etree.XPath("boolean(descendant-or-self::article)")
_IN_ARTICLE = etree.XPath("boolean(ancestor::article)")
_NAMES = etree.XPath("descendant-or-self::*/@class")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_JOINT = re.compile(r"[^A-Za-z0-9\s]+")
_NOT_A_WORD = re.compile(r"\W+")
_SENTENCE = re.compile(r"[.!?…][”\"’)]?$")
_QUOTED = re.compile(r"[“”\"]")
_PRIVACY = re.compile(r"(?i)cookie|privacy|consent|partners|preferences|gdpr")
_LONGEST_NAME = 400
_MOST_KEPT = 20
"""Boxes that may be weighed and kept; a page with more of them, each in the one before, would take quadratic time."""
_SHORT = 600
_LEAD_WORDS = 8
_LEAD = range(30, 1500)
"""Code points of a standfirst: from a short sentence to a long paragraph."""
_MOST_LEADS = 6


def drop_boxes(tree: HtmlElement, *, surest: bool = False) -> None:
    """Take consent dialogs, paywall prompts, comments, related and newsletter boxes out of `tree`.

    With `surest` only what its own text shows to be consent or prompt goes: for pages of which nothing is left else.
    """
    most = len(text_of(tree)) / 2
    kept = 0
    doomed: list[HtmlElement] = []
    walk = etree.iterwalk(tree, events=("start",))
    for _, node in walk:
        kind = _kind(node)
        if kind is None or kept > _MOST_KEPT:
            continue
        if _goes(node, kind, most, surest=surest):
            doomed.append(node)
            walk.skip_subtree()
        else:
            kept += 1
    for node in doomed:
        parent = node.getparent()
        if parent is not None:
            node.drop_tree()


def _kind(node: HtmlElement) -> str | None:
    """Return what kind of box an element is, by its role, tag, class and id, or for consent by its text."""
    tag = node.tag
    if not isinstance(tag, str) or tag in _WHOLE_PAGE:
        return None
    if tag == "dialog" or "dialog" in node.get("role", "") or node.get("aria-modal") == "true":
        return "dialog"
    kind = named(f"{node.get('class', '')} {node.get('id', '')}"[:_LONGEST_NAME])
    if kind is None and tag in _TEXT and _is_consent(node):
        return "consent"
    return None if kind in {"lead", "body"} else kind


def _is_consent(node: HtmlElement) -> bool:
    """Tell whether a block outside any article asks for consent in the words of the trade, unquoted."""
    text = text_of(node)
    found = _matcher("consent text").search(text)
    return found is not None and not (_QUOTED.search(text) or _IN_ARTICLE(node))


@lru_cache(maxsize=4096)
def named(names: str) -> str | None:
    """Return the kind of box that a class or id names: the first of the lexicon's kinds; None for most."""
    plain = " ".join(
        token
        for token in _JOINT.sub("-", _CAMEL.sub("-", names)).lower().split()
        if not _matcher("modifier").search(token)
    )
    if not plain:
        return None
    return next((kind for kind in _kinds() if _matcher(kind).search(plain)), None)


@cache
def _kinds() -> tuple[str, ...]:
    kinds = (str(e.attributes["kind"]) for e in load("page_boxes").entries if e.terms)
    body_first = sorted(kinds, key=lambda kind: kind != "body")
    return tuple(kind for kind in body_first if kind != "modifier")


@cache
def _matcher(kind: str) -> re.Pattern[str]:
    """Return the pattern of a kind of the lexicon."""
    entries = load("page_boxes").entries
    return next(e.matcher() for e in entries if e.attributes["kind"] == kind)


def _goes(node: HtmlElement, kind: str, most: float, *, surest: bool) -> bool:
    """Tell whether a box is to go; one with more than `most` code points holds the page."""
    if _BODY(node) or any(named(names[:_LONGEST_NAME]) == "body" for names in _NAMES(node)):
        return False
    if kind in {"paywall", "dialog", "consent"}:
        if _ARTICLE(node):
            return False
        plain = not (kind == "paywall" or surest or _HEADED(node))
        return _asks(node) or (plain and _is_dialog(node, kind, most))
    if surest or _HEADED(node) or kind == "comments":
        return not surest and not _HEADED(node)
    return (node.tag != "article" or kind == "related") and len(text_of(node)) <= most


def _is_dialog(node: HtmlElement, kind: str, most: float) -> bool:
    """Tell whether what has a dialog's or consent box's name is one, though its text does not plainly ask."""
    text = text_of(node)
    if kind == "consent":
        return bool(_PRIVACY.search(text)) and not _IN_ARTICLE(node)
    return len(text) <= (most if node.get("role") or node.tag == "dialog" else _SHORT)


def _asks(node: HtmlElement) -> bool:
    """Tell whether a box asks for consent, money or an account, by at least half of its text."""
    blocks = [text_of(block) for block in node.iter(*_BLOCKS)] or [text_of(node)]
    prompt, consent = _matcher("prompt text"), _matcher("consent text")
    lengths = [(len(t), bool(prompt.search(t) or consent.search(t))) for t in blocks]
    asking = sum(length for length, asks in lengths if asks)
    total = sum(length for length, _ in lengths)
    return asking > 0 and (2 * asking >= total or total < _SHORT)


def text_of(node: etree._Element) -> str:
    """Return the text of an element, its white space made single spaces."""
    return " ".join("".join(node.itertext()).split())


def lost_leads(tree: HtmlElement, text: str) -> list[str]:
    """Return the lines of a standfirst that stands above the article's first paragraph and not in `text`."""
    there = squash(text)
    lines = [squash(line) for line in text.split("\n")]
    first = next((line[:60] for line in lines if len(line) >= _LEAD.start), "")
    found: list[str] = []
    for plain, line in _above(tree, first):
        if plain not in there and plain not in map(squash, found):
            found.append(line)
        if len(found) == _MOST_LEADS:
            break
    return found


def _above(tree: HtmlElement, first: str) -> Iterator[tuple[str, str]]:
    """Yield the lines, squashed and as they are, that may be of a standfirst, until the line that begins with `first`."""
    headed = False
    walk = etree.iterwalk(tree, events=("start",))
    for _, node in walk:
        tag = node.tag
        if not isinstance(tag, str) or tag in _ASIDE or tag == "script":
            walk.skip_subtree()
            continue
        headed |= tag == "h1"
        is_lead = tag not in _WHOLE_PAGE | {"h1", "article"} and (
            named(f"{node.get('class', '')} {node.get('id', '')}"[:_LONGEST_NAME]) == "lead"
        )
        if not (is_lead or tag == "p"):
            continue
        own = text_of(node)
        plain = squash(own)
        if first and plain.startswith(first):
            return
        if is_lead and len(own) not in _LEAD:  # a container of more than that, or a label
            continue
        if is_lead or (headed and first and len(own) in _LEAD):
            walk.skip_subtree()
            for line in lines_of(node):
                if is_lead or (_SENTENCE.search(line) and len(line.split()) >= _LEAD_WORDS):
                    yield squash(line), line


def squash(text: str) -> str:
    """Return the letters and digits of `text` in small letters: what two copies of a sentence share."""
    return _NOT_A_WORD.sub("", text.casefold())
