"""Remove boxes that are not the article from a web page's tree, and find the standfirst that extraction loses.

Boxes are recognised by their role or by their class and id (``lexicons/page_boxes.toml``). A box that holds the
article is kept, whatever its name; if the name is ambiguous, as the class ``paywall``, which may name the prompt or what
is behind it, the text of the box decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from reportedly.lexicons.loader import Entry, load
from reportedly.reading.formats.fragments import lines_of

_WHOLE_PAGE = frozenset({"html", "head", "body", "main"})
_TEXT = frozenset({"p", "li", "h1", "h2", "h3", "h4"})
_BLOCKS = (*_TEXT, "h5", "h6", "td", "button", "label")
_ASIDE = frozenset(
    {"nav", "footer", "aside", "figure", "form", "figcaption", "table", "blockquote"}
)
_BODY = etree.XPath(
    "boolean(descendant-or-self::*[self::main or @itemprop='articleBody' or @role='main'])"
)
_LINKED = etree.XPath("boolean(descendant-or-self::a)")
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
_NAMED_BY = ("class", "id", "data-testid", "data-component")
_NO_BOX = frozenset({"modifier", "label"})
_LONGEST_NAME = 400
_MOST_KEPT = 20
"""The most boxes that may be examined and kept; a page with more, each nested in the one before, would take quadratic time."""
_SHORT = 600
_LONGEST_PROMPT = 20_000
_LEAD_WORDS = 8
_LEAD = range(30, 1500)
"""The least and most letters of a standfirst: from a short sentence to a long paragraph."""
_START = 30
"""How many letters identify a paragraph of the page in the text."""
_FIRST = 2
"""The page's first paragraph is one of this many first lines of the text; the other may be the headline."""
_BEGINNING = 5000
_NO_LEAD = _WHOLE_PAGE | {"h1", "article"}
_MOST_LEADS = 6


def drop_boxes(tree: HtmlElement, *, surest: bool = False) -> None:
    """Remove consent dialogs, paywall prompts, comments, related and newsletter boxes from `tree`.

    With `surest` only boxes whose own text shows a consent dialog or prompt are removed, for pages that would otherwise be empty.
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
    """Return the kind of box of an element, by its role, tag, class and id, or, for consent, by its text."""
    tag = node.tag
    if not isinstance(tag, str) or tag in _WHOLE_PAGE:
        return None
    if tag == "dialog" or "dialog" in node.get("role", "") or node.get("aria-modal") == "true":
        return "dialog"
    kind = named_boxes(_names(node))
    if kind is None and tag in _TEXT and _is_consent(node):
        return "consent"
    return None if kind in {"lead", "body"} else kind


def _is_consent(node: HtmlElement) -> bool:
    """Tell whether a block outside any article asks for consent in the usual words, unquoted."""
    text = text_of(node)
    found = _matcher("consent text").search(text)
    return found is not None and not (_QUOTED.search(text) or _IN_ARTICLE(node))


def _names(node: HtmlElement) -> str:
    """Return the names of an element: its class, id, label and test id, and its tag if that is a custom element."""
    tag = node.tag if "-" in node.tag else ""
    label = "-".join(node.get("aria-label", "").split())
    return " ".join((tag, label, *(node.get(name, "") for name in _NAMED_BY)))[:_LONGEST_NAME]


@lru_cache(maxsize=4096)
def named_boxes(names: str) -> str | None:
    """Return the kind of box of these names: the first matching kind of the lexicon; None for most."""
    tokens = _JOINT.sub("-", _CAMEL.sub("-", names)).lower().split()
    plain = " ".join(token for token in tokens if not _matcher("modifier").search(token))
    match = _kinds().search(plain) if plain else None
    if match is None:
        return None
    kind = "body" if _matcher("body").search(plain) else _kind_of()[match[0]]
    return None if kind == "lead" and _matcher("label").search(plain) else kind


@cache
def _kind_of() -> dict[str, str]:
    """Return the kind of box for each name in the lexicon."""
    return {
        term: str(entry.attributes["kind"])
        for entry in reversed(load("page_boxes").entries)
        for term in entry.terms
        if entry.attributes["kind"] not in _NO_BOX
    }


@cache
def _kinds() -> re.Pattern[str]:
    """Return a pattern of all names of boxes."""
    return Entry(terms=tuple(_kind_of())).matcher()


@cache
def _matcher(kind: str) -> re.Pattern[str]:
    """Return the pattern of a kind of the lexicon."""
    entries = load("page_boxes").entries
    return next(e.matcher() for e in entries if e.attributes["kind"] == kind)


def _goes(node: HtmlElement, kind: str, most: float, *, surest: bool) -> bool:
    """Tell whether to remove a box; one with more than `most` code points holds the page."""
    if _BODY(node) or any(named_boxes(names[:_LONGEST_NAME]) == "body" for names in _NAMES(node)):
        return False
    if kind in {"paywall", "dialog", "consent"}:
        if _ARTICLE(node):
            return False
        plain = not (kind == "paywall" or surest or _HEADED(node))
        return _asks(node) or (plain and _is_dialog(node, kind, most))
    if surest or _HEADED(node) or kind == "comments":
        return not surest and not _HEADED(node)
    if kind == "related" and not _LINKED(node):
        return False
    return (node.tag != "article" or kind in {"related", "comment"}) and len(text_of(node)) <= most


def _is_dialog(node: HtmlElement, kind: str, most: float) -> bool:
    """Tell whether an element named as a dialog or consent box is one, although its text does not plainly ask."""
    text = text_of(node)
    if kind == "consent":
        return bool(_PRIVACY.search(text)) and not _IN_ARTICLE(node)
    return len(text) <= (most if node.get("role") or node.tag == "dialog" else _SHORT)


def _asks(node: HtmlElement) -> bool:
    """Tell whether at least half of a box's text asks for consent, money or an account."""
    if len(text_of(node)) > _LONGEST_PROMPT:
        return False
    blocks = [text_of(block) for block in node.iter(*_BLOCKS)] or [text_of(node)]
    prompt, consent = _matcher("prompt text"), _matcher("consent text")
    lengths = [(len(t), bool(prompt.search(t) or consent.search(t))) for t in blocks]
    asking = sum(length for length, asks in lengths if asks)
    total = sum(length for length, _ in lengths)
    return asking > 0 and (2 * asking >= total or total < _SHORT)


def text_of(node: etree._Element) -> str:
    """Return the text of an element with white space collapsed to single spaces."""
    return " ".join("".join(node.itertext()).split())


def with_leads(tree: HtmlElement, text: str) -> str:
    """Return `text` with the page's standfirst before it, if that is above the first paragraph and was lost or put last."""
    lines = text.split("\n")
    plain = [squash(line) for line in lines]
    first = {line[:_START] for line in islice((x for x in plain if len(x) >= _START), _FIRST)}
    there, found = squash(text), dict[str, str]()
    for line in _above(tree, first):
        if line is None:  # the first paragraph
            own = set(plain)
            leads = {p: lead for p, lead in found.items() if p not in there or p in own}
            leads = dict(islice(leads.items(), _MOST_LEADS))
            rest = (line for p, line in zip(plain, lines, strict=True) if p not in leads)
            return "\n".join([*leads.values(), *rest])
        found.setdefault(squash(line), line)
    return text


def _above(tree: HtmlElement, first: set[str]) -> Iterator[str | None]:
    """Yield the lines that may belong to a standfirst, and None at one of the `first` lines of the page's text."""
    headed = False
    walk = etree.iterwalk(tree, events=("start",))
    for _, node in walk:
        tag = node.tag
        if not isinstance(tag, str) or tag in _ASIDE or tag == "script":
            walk.skip_subtree()
            continue
        headed |= tag == "h1"
        is_lead = tag not in _NO_LEAD and named_boxes(_names(node)) == "lead"
        block = is_lead or tag in _TEXT
        plain = squash(text_of(node)[:_BEGINNING] if block else node.text or "")
        if len(plain) >= _START and tag != "h1" and plain[:_START] in first:
            yield None
        if block and (is_lead or headed) and len(plain) in _LEAD:
            walk.skip_subtree()
            yield from lines_of(node) if is_lead else _sentences(node)


def _sentences(node: HtmlElement) -> list[str]:
    """Return the lines of a block that are sentences, if neither its name nor its text is that of a caption or prompt."""
    parent = node.getparent()
    names = f"{_names(node)} {_names(parent) if parent is not None else ''}"
    if _matcher("label").search(_JOINT.sub("-", names)):
        return []
    return [
        line
        for line in lines_of(node)
        if _SENTENCE.search(line)
        and len(line.split()) >= _LEAD_WORDS
        and not _matcher("prompt text").search(line)
    ]


def squash(text: str) -> str:
    """Return the letters and digits of `text` in lower case, to compare two copies of a sentence."""
    return _NOT_A_WORD.sub("", text.casefold())
