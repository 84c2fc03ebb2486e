"""Changes of an article that should leave its risk unchanged, or may only raise it."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.behaviour.articles import Article

Change = Callable[[Article], Article]

_DOUBLE_STRAIGHT = re.compile(r'"([^"\n]*)"')
_DOUBLE_CURLY = re.compile(r"“([^“”\n]*)”")
_SINGLE_CURLY = re.compile(r"(?<!\w)‘([^‘\n]*?)’(?!\w)")
_INNER = {"straight": "'{}'", "curly": "‘{}’", "british": "“{}”", "british_straight": '"{}"'}
_OUTER = {"straight": '"{}"', "curly": "“{}”", "british": "‘{}’", "british_straight": "'{}'"}


def quoted_as(style: str) -> Change:
    """Return the change that rewrites every closed quotation in `style`, nested ones too."""

    def change(article: Article) -> Article:
        return replace(article, text=_requoted(article.text, style))

    return change


def _requoted(text: str, style: str) -> str:
    """Return `text` with its quotations in `style`, including an opening mark that is never closed."""
    opening, closing = _OUTER[style].split("{}")

    def turn(match: re.Match[str]) -> str:
        inner = _SINGLE_CURLY.sub(lambda m: _INNER[style].format(m[1]), match[1])
        return f"\0{inner}\1"

    if _DOUBLE_CURLY.search(text):
        text = _DOUBLE_CURLY.sub(turn, text)
        text = re.sub(r"(?:^|(?<=\n))“", "\0", text)
    elif _DOUBLE_STRAIGHT.search(text):
        text = _DOUBLE_STRAIGHT.sub(turn, text)
        text = re.sub(r'(?:^|(?<=\n))"', "\0", text)
    else:
        text = _SINGLE_CURLY.sub(lambda m: f"\0{m[1]}\1", text)
        text = re.sub(r"(?:^|(?<=\n))‘", "\0", text)
    return text.replace("\0", opening).replace("\1", closing)


def in_text(change: Callable[[str], str]) -> Change:
    """Return the change of an article that applies `change` to its text."""
    return lambda article: replace(article, text=change(article.text))


def _every(text: str, pattern: str, new: str, step: int) -> str:
    """Return `text` with every `step`-th match of `pattern` replaced."""
    count = 0

    def turn(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return new if count % step == 0 else match[0]

    return re.sub(pattern, turn, text)


def _wrapped(text: str) -> str:
    """Return `text` hard-wrapped at 72 columns, as plain-text newsletters are."""
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join(textwrap.fill(p, 72, break_on_hyphens=False) for p in paragraphs)


TYPOGRAPHY: Mapping[str, Change] = {
    "double spaces after full stops": in_text(lambda t: re.sub(r"([.!?][\"”’']?) (?=\S)", r"\1  ", t)),
    "non-breaking spaces": in_text(lambda t: _every(t, "(?<=[a-z]) (?=[a-z])", "\u00a0", 9)),
    "dashes as double hyphens": in_text(lambda t: re.sub(r"\s*[—–]\s*", " -- ", t)),
    "dashes as hyphens": in_text(lambda t: re.sub(r"\s[—–]\s", " - ", t)),
    "dashes without spaces": in_text(lambda t: re.sub(r"\s[—–]\s", "—", t)),
    "one line break between paragraphs": in_text(lambda t: re.sub(r"\n\s*\n", "\n", t)),
    "three line breaks between paragraphs": in_text(lambda t: re.sub(r"\n\s*\n", "\n\n\n", t)),
    "Windows line ends": in_text(lambda t: t.replace("\n", "\r\n")),
    "lines wrapped at 72 columns": in_text(_wrapped),
    "spaces at the ends of lines": in_text(lambda t: re.sub(r"(?<=\S)\n", "  \n", t)),
    "curly apostrophes": in_text(lambda t: re.sub(r"(?<=\w)'(?=\w)", "’", t)),
    "straight apostrophes": in_text(lambda t: re.sub(r"(?<=\w)’(?=\w)", "'", t)),
    "paragraphs indented": in_text(lambda t: "    " + t.replace("\n\n", "\n\n    ")),
    "ellipsis as one sign": in_text(lambda t: t.replace("...", "…")),
    "soft hyphens": in_text(lambda t: _every(t, r"(?<=[a-z]{4})(?=[a-z]{4})", "\u00ad", 25)),
}  # fmt: skip

QUOTATION: Mapping[str, Change] = {
    "straight double marks": quoted_as("straight"),
    "curly double marks": quoted_as("curly"),
    "British curly marks": quoted_as("british"),
    "British straight marks": quoted_as("british_straight"),
}

FURNITURE: Mapping[str, Change] = {
    "sharing buttons before": in_text(lambda t: "Share this article\nFacebook\nTwitter\nWhatsApp\nEmail\n\n" + t),
    "newsletter after": in_text(lambda t: t + "\n\nSign up for our newsletter\n\n© 2024 Wexcombe Media. All rights reserved."),
    "advertisement between": in_text(lambda t: _inserted(t, "Advertisement")),
    "read more between": in_text(lambda t: _inserted(t, "READ MORE: Ten recipes for a rainy weekend")),
    "byline and date before": in_text(lambda t: "By Ida Halloran\nPublished 4 March 2024, 09:15 GMT\n\n" + t),
    "photo caption before": in_text(lambda t: "The town hall on Monday / Photo: Ines Halloran\n\n" + t),
    "comments and tags after": in_text(lambda t: t + "\n\nComments (12)\nTags: news, region, today\nBack to top"),
    "reading time before": in_text(lambda t: "3 min read\nListen to this article\n\n" + t),
}  # fmt: skip


def _inserted(text: str, line: str) -> str:
    """Return `text` with `line` as a separate paragraph after the second one."""
    paragraphs = re.split(r"\n\s*\n", text)
    return "\n\n".join([*paragraphs[:2], line, *paragraphs[2:]])


PEOPLE: Mapping[str, tuple[str, ...]] = {
    "common English names": ("Sarah Baker", "John Miller", "Emma Clarke", "David Wilson", "Laura Bennett", "James Carter", "Helen Ward", "Peter Shaw"),
    "Nigerian names": ("Ngozi Eze", "Chidi Okafor", "Amara Nwosu", "Tunde Balogun", "Ifeoma Obi", "Emeka Adeyemi", "Yetunde Bello", "Segun Afolabi"),
    "Chinese names": ("Li Na", "Wang Lei", "Zhang Min", "Chen Hao", "Liu Yan", "Zhao Jun", "Huang Mei", "Zhou Tao"),
    "Polish names": ("Agnieszka Wójcik", "Piotr Zieliński", "Małgorzata Król", "Tomasz Lis", "Ewa Dąbrowska", "Jan Mazur", "Zofia Pawlak", "Marek Sikora"),
}  # fmt: skip
"""Other names for people."""

PLACES: Mapping[str, tuple[str, ...]] = {
    "towns in England": ("Leeds", "Exeter", "Norwich", "Luton", "Derby", "Carlisle"),
    "towns elsewhere": ("Kisumu", "Olsztyn", "Tulsa", "Adana", "Cebu", "Cusco"),
    "invented towns": ("Farrowmere", "Ostwick", "Dellingham", "Skarnes", "Pellmoor", "Vintry"),
}
"""Other names of places."""

OUTLETS: Mapping[str, str] = {
    "a news agency": "Reuters",
    "a tabloid": "Daily Mirror",
    "an unknown site": "TruthPatriotNews",
    "an invented paper": "Farrowmere Gazette",
}
"""Other outlets."""

_FULL_NAME = re.compile(r"\b([A-ZÀ-Ž][\w'’-]+) ((?:[a-z]{2,3} )?[A-ZÀ-Ž][\w'’-]+)\b")
_PLACE = re.compile(r"\b(?:in|at|near|from|outside) ([A-Z][a-z]{3,})\b(?! [A-Z])")
_NO_PLACE = frozenset(
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Parliament",
        "Congress",
        "English",
        "Christmas",
        "Easter",
    ]
)


def people_in(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the full names of the people whom a corpus record quotes by name."""
    found: dict[str, None] = {}
    for sentence in record["sentences"]:
        for attribution in sentence["attribution"]:
            if attribution["class"] == "named_person" and attribution["source"]:
                words = attribution["source"]["text"]
                names = [
                    m[0] for m in _FULL_NAME.finditer(words) if not _is_thing(words, m.start())
                ]
                if names:
                    found[names[0]] = None
    return tuple(found)


def _is_thing(words: str, start: int) -> bool:
    """Tell whether a name is a thing's, with which a person is described: "the owner of the Grand Bellamy"."""
    return words[:start].lower().endswith(" the ")


def people_swapped(record: Mapping[str, Any], names: tuple[str, ...]) -> Article:
    """Return a corpus article in which the people quoted by name have other names throughout."""
    new: dict[str, str] = {}
    for old, other in zip(people_in(record), names, strict=False):
        first, _, last = old.partition(" ")
        other_first, _, other_last = other.partition(" ")
        new.update({last: other_last, first: other_first})
    return Article(_renamed(record["title"], new), _renamed(record["text"], new))


def places_in(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the words that a corpus article uses as names of places."""
    persons = " ".join(people_in(record)).split()
    found = dict.fromkeys(_PLACE.findall(record["text"]))
    return tuple(p for p in found if p not in _NO_PLACE and p not in persons)


def places_swapped(record: Mapping[str, Any], names: tuple[str, ...]) -> Article:
    """Return a corpus article in which places have other names throughout."""
    new = dict(zip(places_in(record), names, strict=False))
    new |= {old.upper(): name.upper() for old, name in new.items()}
    return Article(_renamed(record["title"], new), _renamed(record["text"], new))


def _renamed(text: str, new: Mapping[str, str]) -> str:
    """Return `text` with whole words replaced simultaneously."""
    if not new:
        return text
    words = "|".join(re.escape(word) for word in sorted(new, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{words})(?![\w-])", lambda m: new[m[0]], text)


def outlet_named(article: Article, outlet: str) -> Article:
    """Return the article with `outlet` in its title and byline, as on web pages."""
    return Article(f"{article.title} | {outlet}", f"By a {outlet} reporter\n\n{article.text}")


def unnamed(
    record: Mapping[str, Any], first: str = "a source", then: str = "the source"
) -> Article:
    """Return a corpus article in which the first person quoted by name is unnamed, and no longer described."""
    person = people_in(record)[0]
    text = _spans_replaced(record, (person,), then)
    last = person.partition(" ")[2]
    names = (
        rf"(?<![\w-])(?:(?:Mr|Mrs|Ms|Dr)\.? )?(?:{re.escape(person)}|{re.escape(last)})(?![\w-])"
    )
    text = re.sub(names, then, text)
    text = text.replace(then, first, 1)
    return Article(re.sub(names, first, record["title"]), _capitalised(text))


def _spans_replaced(record: Mapping[str, Any], people: tuple[str, ...], new: str) -> str:
    """Return a record's text with `new` for each source that names one of `people` in full."""
    text: str = record["text"]
    spans = {
        (a["source"]["start"], a["source"]["end"])
        for s in record["sentences"]
        for a in s["attribution"]
        if a["source"] and any(person in a["source"]["text"] for person in people)
    }
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _capitalised(text: str) -> str:
    """Return `text` with a capital at the beginning of each sentence."""
    return re.sub(
        r"(^|\n\s*|[.!?][\"”’']?\s+)((?:a|the|one) )", lambda m: m[1] + m[2].capitalize(), text
    )


def without_sentences(
    record: Mapping[str, Any], chosen: Callable[[Mapping[str, Any]], bool]
) -> Article:
    """Return a corpus article without the sentences that `chosen` selects."""
    text = record["text"]
    for sentence in reversed(record["sentences"]):
        if chosen(sentence):
            text = text[: sentence["start"]] + text[sentence["end"] :].lstrip(" ")
    return Article(record["title"], re.sub(r"\n{3,}", "\n\n", text).strip())


def rests_on_document(sentence: Mapping[str, Any]) -> bool:
    """Tell whether everything that a sentence attributes is attributed to documents."""
    classes = {a["class"] for a in sentence["attribution"]}
    return classes == {"document"}


_REASON = re.compile(
    r",? (?:because|as|since|for fear)\b[^.;“”\"\n]*?(?=, (?:said|says|told)\b|[.;“”\"\n]|$)"
)
"""The reason up to the end of its clause: "…, said the pump was broken" behind it is the statement, and stays."""


def without_reason(record: Mapping[str, Any]) -> Article | None:
    """Return a corpus article without the reason for anonymity; None if the reason is not a separate clause."""
    text, found = record["text"], False
    for sentence in reversed(record["sentences"]):
        if sentence["anonymity"] == "granted_with_reason":
            words = text[sentence["start"] : sentence["end"]]
            bare = _REASON.sub("", words)
            found |= bare != words
            text = text[: sentence["start"]] + bare + text[sentence["end"] :]
    return Article(record["title"], text) if found else None


def merged(record: Mapping[str, Any]) -> Article | None:
    """Return a corpus article in which one person says what several said; None if there are fewer than three."""
    people = people_in(record)
    if len(people) < 3:
        return None
    text = _spans_replaced(record, people[1:], people[0])
    names = dict.fromkeys(people[1:], people[0])
    names |= {o.partition(" ")[2]: people[0].partition(" ")[2] for o in people[1:]}
    return Article(record["title"], _renamed(text, names))


BARE_CLAIMS = (
    "The chairman took 300,000 crowns in cash. Two witnesses vanished in June. The police burned the files.",
    "Eleven people have died of it since spring. The ministry hid the figures. Three doctors were dismissed.",
    "The contract was forged. A minister's son owns the firm. The money went to an account abroad.",
)
"""Check-worthy sentences with nobody behind them."""


def with_claims(article: Article, number: int) -> Article:
    """Return the article with a paragraph of unsupported claims before its last paragraph."""
    paragraphs = re.split(r"\n\s*\n", article.text)
    claims = BARE_CLAIMS[number % len(BARE_CLAIMS)]
    return replace(article, text="\n\n".join([*paragraphs[:-1], claims, paragraphs[-1]]))
