"""An article's text with its evidence as nested HTML elements, everything escaped.

Annotations may overlap in any way (a hedge inside a source, a quotation across two sentences); HTML
elements must nest. So the text is cut at every edge of a mark, each piece has the marks that cover it, and elements
are closed and opened again where two marks cross.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from markupsafe import Markup, escape

from reportedly.datamodel import Contribution
from reportedly.datamodel.payload import tenths, unlisted, visible
from reportedly.datamodel.worklist import how_sure

CLASS_NAMES = {
    "named_person": "named person",
    "named_organisation": "named organisation",
    "document": "document",
    "press": "other outlet",
    "unnamed": "unnamed",
    "vague": "nobody in particular",
}
"""The names of the source classes in reports."""

SUPPORT_NAMES = {
    "record": "a record",
    "reporter": "the reporter's own account",
    "named": "a named source",
    "interested": "a named source with a stake, or passing it on",
    "press": "another outlet only",
    "unnamed": "an unnamed source",
    "vague": "nobody in particular",
    "none": "nobody",
    "common": "common knowledge",
    None: "",
}
"""What stands behind a claim, in words."""

STANDING_NAMES = {
    "shown": "shown",
    "reporter": "reporter’s account",
    "vouched": "vouched for",
    "says_so": "says so",
    "nobody": "nobody identifiable",
    None: "common knowledge",
}
"""The five answers to who stands behind a claim; common knowledge has none."""

_PLACES = 12
"""How many sentences one line names."""

HEDGE_NAMES = {
    "epistemic": "possibility",
    "hearsay": "hearsay",
    "approximator": "approximation",
    "conditional": "condition",
}
REASON_NAMES = {
    "none": "no reason given",
    "boilerplate": "stock reason",
    "specific": "reason given",
}

_LAYERS = ("sentence", "content", "source", "cue", "hedge")
"""Outermost first: where two marks cross, the inner one is cut."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A range of the article that is shown in some style.

    `anchor` tells whether its `note` is shown on hover and focus.
    """

    start: int
    end: int
    layer: str
    classes: str
    note: str = ""
    href: str = ""
    badge: str = ""
    anchor: bool = False


@dataclass
class _Writer:
    """Writes nested HTML elements; keeps a stack of the open ones."""

    out: list[Markup] = field(default_factory=list)
    stack: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    holder: Mark | None = None
    told: set[int] = field(default_factory=set)
    count: int = 0

    def to(self, marks: tuple[Mark, ...]) -> None:
        """Close and open elements until exactly `marks` are open."""
        common = 0
        for a, b in zip(self.stack, marks, strict=False):
            if a is not b:
                break
            common += 1
        while len(self.stack) > common:
            self._close()
        for mark in marks[common:]:
            self._open(mark)

    def text(self, words: str) -> None:
        """Write words of the article."""
        self.out.append(escape(visible(words)))

    def _open(self, mark: Mark) -> None:
        self.stack.append(mark)
        if mark.layer == "sentence":
            self.out.append(Markup('<span class="{}">').format(mark.classes))
            self.out.append(escape(mark.note))  # Already Markup
            return
        if mark.note and self.holder is not None:
            self.notes.append(mark.note)
        if not mark.anchor or self.holder is not None:
            self.out.append(Markup('<span class="{}">').format(mark.classes))
            return
        self.holder, self.notes = mark, [mark.note]
        self.count += 1
        # Only the first piece of an annotation can be reached with the Tab key.
        stop = "-1" if id(mark) in self.told else "0"
        self.told.add(id(mark))
        details = (mark.href, mark.classes, stop, self.count)
        if mark.href:
            tag = Markup('<a href="{}" class="{}" tabindex="{}" aria-describedby="note-{}">')
        else:
            tag = Markup(
                '<span role="note" class="{1}" tabindex="{2}" aria-describedby="note-{3}">'
            )
        self.out.append(tag.format(*details))

    def _close(self) -> None:
        mark = self.stack.pop()
        if mark is not self.holder:
            self.out.append(Markup("</span>"))
            return
        self.out.append(Markup("</a>") if mark.href else Markup("</span>"))
        notes = Markup("<br>").join(self.notes)
        tip = Markup('<span class="tip" role="tooltip" id="note-{}">{}</span>')
        self.out.append(tip.format(self.count, notes))
        if mark.badge:
            self.out.append(
                Markup('<sup class="badge {}" aria-hidden="true">{}</sup>').format(
                    mark.classes, mark.badge
                )
            )
        self.holder = None


def article(text: str, account: dict[str, Any]) -> list[Markup]:
    """Return the article's paragraphs as HTML, without the ``<p>`` around each."""
    marks = sorted(
        (mark for mark in _marks(account) if mark.start < mark.end),
        key=lambda m: (m.start, -m.end),
    )
    writer = _Writer()
    paragraphs, first = [], 0
    for start, end in paragraph_ranges(text, account):
        writer.out = []
        while first < len(marks) and marks[first].end <= start:
            first += 1
        inside = _within(marks, first, start, end)
        for piece_start, piece_end, covering in pieces(start, end, inside):
            writer.to(covering)
            writer.text(text[piece_start:piece_end])
        writer.to(())
        paragraphs.append(Markup("").join(writer.out))
    return paragraphs


def _within(marks: list[Mark], first: int, start: int, end: int) -> list[Mark]:
    """Return the marks from number `first` on that overlap ``[start, end)``."""
    last = bisect_right(marks, end - 1, lo=first, key=lambda mark: mark.start)
    return [mark for mark in marks[first:last] if mark.end > start]


def paragraph_ranges(text: str, account: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of the paragraphs: a line end between two sentences starts a new one."""
    start, end = 0, 0
    for row in account["sentences"]:
        if "\n" in text[end : row["start"]] and text[start:end].strip():
            yield start, end
            start = row["start"]
        elif not text[start:end].strip():
            start = row["start"] if not text[start : row["start"]].strip() else start
        end = row["end"]
    if text[start:].strip():
        yield start, len(text.rstrip())


def pieces(start: int, end: int, marks: list[Mark]) -> Iterator[tuple[int, int, tuple[Mark, ...]]]:
    """Cut ``[start, end)`` at every edge of `marks`: yield each piece with the marks that cover it.

    The marks of a piece come outermost first.
    """
    edges = sorted({start, end, *(m.start for m in marks), *(m.end for m in marks)})
    order = {mark: i for i, mark in enumerate(marks)}
    waiting, active = 0, list[Mark]()
    for low, high in pairwise(edges):
        while waiting < len(marks) and marks[waiting].start <= low:
            active.append(marks[waiting])
            waiting += 1
        active = [mark for mark in active if mark.end > low]
        if start <= low and high <= end:
            yield (
                low,
                high,
                tuple(sorted(active, key=lambda m: (_LAYERS.index(m.layer), order[m]))),
            )


def _marks(account: dict[str, Any]) -> Iterator[Mark]:
    """Yield the marks of everything that is shown in the article."""
    yield from _sentence_marks(account)
    sources = {source["id"]: source for source in account["sources"]}
    numbers = source_numbers(account)
    for attribution in account["attributions"]:
        key = attribution["source_id"]
        source = sources.get(key)
        other = "unclear" if attribution["unclear"] else attribution["class"] or "unknown"
        name = source["class"] if source else other
        classes = f"{name} {numbers.get(key, '')}".strip()
        note = _note(attribution, source)
        # "The wall is reportedly cracked" names nobody, so the note is shown on the content.
        anchors = attribution["source"] or attribution["cue"] or attribution["content"][:1]
        for role in ("content", "source", "cue"):
            for span in attribution[role]:
                anchor = bool(note) and span in anchors
                last = anchor and span is anchors[-1]
                yield Mark(
                    span["start"],
                    span["end"],
                    role,
                    f"{role} {classes}" + (" anchor" if anchor else ""),
                    note if anchor else "",
                    f"#source-{numbers.get(key, 'unclear')}" if anchor else "",
                    str(key or "?") if last else "",
                    anchor,
                )
    for hedge in account["hedges"]:
        yield Mark(
            hedge["start"],
            hedge["end"],
            "hedge",
            f"hedge {hedge['kind']} anchor",
            hedge_note(hedge),
            anchor=True,
        )


def _sentence_marks(account: dict[str, Any]) -> Iterator[Mark]:
    """Yield one mark per sentence, with its anchor and, for an unverified claim, its flag."""
    ranks = {
        place["sentence"]: rank
        for rank, row in enumerate(account["worklist"], 1)
        for place in (row, *row["repeats"])
    }
    for number, row in enumerate(account["sentences"]):
        here = Markup('<span class="here" id="t{}"></span>').format(number + 1)
        classes = "sentence"
        if row["furniture"]:
            classes += " furniture"
        else:
            here += Markup('<span class="nr" data-number="{}"></span>').format(number + 1)
        if number in ranks and not row["furniture"]:
            classes += " unverified"
            flag = Markup(
                '<a class="flag" href="#claim-{0}" aria-label="Claim to check {0}: {1} behind it">'
                '<span aria-hidden="true">▸{0}</span></a>'
            )
            here += flag.format(
                ranks[number], "unclear who is" if row["unclear"] else SUPPORT_NAMES[row["support"]]
            )
        yield Mark(row["start"], row["end"], "sentence", classes, here)


def _note(attribution: dict[str, Any], source: dict[str, Any] | None) -> str:
    """Return in one line who made a statement; empty if the sentence has none."""
    if source is None:
        return "unclear whose words these are: counted separately" if attribution["unclear"] else ""
    return source_note(source)


def numbered(sentences: Sequence[int]) -> str:
    """Return numbers of sentences as reports print them, from 1."""
    return ", ".join(str(number + 1) for number in sentences)


def unclear_rows(account: dict[str, Any]) -> list[tuple[str, list[int]]]:
    """Return the ledger's rows for unclear statements: the words used for the source, and the sentences."""
    rows: dict[str, list[int]] = {}
    for one in account["unclear"]:
        rows.setdefault(one["shown"], []).append(one["sentence"])
    return list(rows.items())


def source_note(source: dict[str, Any]) -> str:
    """Return in one line who a source is and in which sentences it vouches for something."""
    sentences = source["sentences"]
    parts = [f"{source['id']} · {CLASS_NAMES[source['class']]}: {visible(source['label'])}"]
    if source["class"] == "unnamed":
        parts.append(", ".join(anonymity_words(source)))
    where = numbered(sentences[:_PLACES]) + (" …" if len(sentences) > _PLACES else "")
    if where:
        parts.append(f"vouches in sentence{'s' if len(sentences) > 1 else ''} {where}")
    return " — ".join(parts)


def anonymity_words(source: dict[str, Any]) -> list[str]:
    """Return what the article says about an unnamed source that helps to weigh it, as short phrases."""
    words = [
        "described" if source["described"] else "not described",
        REASON_NAMES[source["reason"]],
        *_corroboration(source),
    ]
    return ["anonymity granted", *words] if source["anonymity"] else words


def _corroboration(source: dict[str, Any]) -> list[str]:
    """Return who corroborates a source; empty if nobody is found to."""
    if not source["corroborated"]:
        return []
    return [" by ".join(["corroborated", *filter(None, [", ".join(source["corroborated_by"])])])]


def hedge_note(hedge: dict[str, Any]) -> str:
    """Return in one line what a hedge is and whose it is."""
    whose = "the reporter’s" if hedge["voice"] == "reporter" else "the source’s"
    return f"Hedge · {HEDGE_NAMES[hedge['kind']]}, in {whose} voice"


def source_numbers(account: dict[str, Any]) -> dict[str, str]:
    """Return a name for each source that is safe in CSS and in links: ``k0``, ``k1``."""
    return {source["id"]: f"k{i}" for i, source in enumerate(account["sources"])}


def standing_words(row: dict[str, Any]) -> str:
    """Return in one line who stands behind a claim, the words and the place that show it, and how sure that is."""
    parts = [_UNCLEAR] if row["unclear"] else _rests_on(row)
    if row.get("repeats"):
        again = [str(place["sentence"] + 1) for place in row["repeats"]]
        more = " …" if len(again) > _PLACES else ""
        parts.append(f"again in sentence {', '.join(again[:_PLACES])}{more}")
    return "; ".join(parts)


_UNCLEAR = "unclear who says so"


def support_words(row: dict[str, Any]) -> str:
    """Return what stands behind a claim, in the words of the signal's summary."""
    if row["unclear"]:
        return _UNCLEAR
    return f"{STANDING_NAMES[row['standing']]}: {SUPPORT_NAMES[row['support']]}"


def _rests_on(row: dict[str, Any]) -> list[str]:
    """Return who stands behind a claim, and the sentence that shows it if it is another one."""
    parts = [STANDING_NAMES[row["standing"]]]
    if row["unsupported"] is not None:
        parts[0] += f", {_how_sure(row)}"
    if row["standing"] in {"says_so", "nobody"} or row["support"] == "named":
        parts[0] += f" ({SUPPORT_NAMES[row['support']]})"
    named = [label for label in row["behind"] if not label.startswith("(")]
    who = "; ".join(named) or "; ".join(f"“{w['text']}”" for w in row["support_words"])
    if who:
        teller = ", told by" if row["relayed"] and named else ":"
        parts[0] += f"{teller} {' '.join(visible(who).split())}"
    elsewhere = [n + 1 for n in row["support_at"] if n != row["sentence"]]
    if elsewhere:
        parts.append(f"see sentence {', '.join(map(str, elsewhere))}")
    return parts


def lines_right(source: dict[str, Any]) -> str:
    """Return how many of ten ledger lines like this one are right; empty if that was not measured."""
    return "" if source["chance"] is None else f"{tenths(source['chance'])} of 10"


def _how_sure(row: dict[str, Any]) -> str:
    """Return how sure a claim's standing is, in words; for a supported claim the chance is reversed."""
    chance = float(row["unsupported"])
    return how_sure(chance if row["standing"] in {"says_so", "nobody"} else 1 - chance)


def beside_others(signal: dict[str, Any]) -> str:
    """Return in one sentence how a signal's score compares with reference articles; empty if it cannot be compared."""
    if signal["percentile"] is not None:
        return f"Higher than {min(signal['percentile'], 99):.0f} % of the reference articles."
    if signal["none_like"] is not None:
        return f"None, like {_in_ten(signal['none_like'])} reference articles."
    return "Too few to compare with other articles." if signal["score"] else ""


def _in_ten(share: float) -> str:
    """Return a share in words."""
    tenths = round(10 * share)
    if tenths == 0:
        return "fewer than 1 in 10"
    return "nearly all" if tenths == 10 else f"{tenths} in 10"


def score_sum(signal: dict[str, Any]) -> str:
    """Return the sum that gives a signal's score; empty if nothing was found."""
    if not signal["score"] or signal["usual"] is None:
        return ""
    return (
        f"100 × ({signal['found']:.4g} + 10 × {signal['usual']:g}) ÷ ({signal['whole']:.4g} + 10)"
    )


def beside_score(signal: dict[str, Any]) -> str:
    """Return the figure that stands beside a signal's score, in words; empty if it has none."""
    if signal.get("voices"):
        voices = f"{signal['voices']:.1f}"
        return f"The identified sources amount to {voices} voice{'' if voices == '1.0' else 's'} of equal weight."
    if signal.get("shown") is not None and signal["whole"]:
        return f"Claims that a record shows weigh {signal['shown']:.4g} of {signal['whole']:.4g}."
    return ""


FIGURES: dict[str, str] = {
    "voices": "voices of equal weight, identified",
    "shown": "weight of claims that a record shows",
    "urgency": "urgency of all claims together",
}
"""What the figures beside the scores are, in words."""

GAINS = frozenset({"voices", "shown"})
"""Those of which more is better."""


def urgency_words(account: dict[str, Any]) -> str:
    """Return in one line how much there is to check in all, and how much of it is listed; empty if there is no claim."""
    urgency = account["urgency"]
    if not urgency["all"]:
        return ""
    return f"Urgency of all claims together: {urgency['all']:.2f}, of those listed: {urgency['listed']:.2f}."


def headline_claim_words(account: dict[str, Any]) -> str:
    """Return in one line who stands behind what the headline says; empty if there is no headline."""
    claim = account["headline_claim"]
    if account["document"]["headline"] is None:
        return ""
    if claim is None:
        return "Headline: no sentence of the text says it in similar words"
    where = f"sentence {claim['sentence'] + 1}"
    words = "nothing to check" if claim["support"] is None else standing_words(claim)
    if not claim["says_headline"]:
        return f"Headline: no sentence says all of it; the nearest, {where}: {words}"
    return f"Headline ({where}): {words}"


LOW_CLAIMS = "Less worth checking than a listed claim"
"""The words that every report puts before the claims below a worklist."""


def claim_words(row: dict[str, Any], account: dict[str, Any]) -> str:
    """Return in one line who stands behind a claim of an article, and, for one below the worklist, whether it is the headline's."""
    headline = account["headline_claim"]
    made = headline is not None and headline["sentence"] == row["sentence"]
    words = standing_words(row)
    return f"{words}; the headline’s claim" if made and row in account["worklist_low"] else words


def not_listed(account: dict[str, Any]) -> str:
    """Return in one line how many unverified claims a worklist leaves out; empty if it has them all."""
    return not_listed_words(unlisted(account))


def not_listed_words(left: int) -> str:
    """Return the line that says how many unverified claims are left out; empty if none is."""
    if not left:
        return ""
    return f"{left} unverified claim{'' if left == 1 else 's'} less worth checking not listed."


def worth_checking(account: dict[str, Any]) -> str:
    """Return the measured share of a worklist's items that are worth checking, in words; empty if it was not measured."""
    share = account["model"].get("worth_checking")
    if share is None:
        return ""
    if account.get("chosen"):
        return f"Not measured with --support; of the claims that a worklist lists without it, {float(share):.0%} were worth checking."
    return f"Measured on annotated articles: {float(share):.0%} of the claims listed so were worth checking."


def corrections_note(account: dict[str, Any]) -> str:
    """Return how a person corrected the ledger, in words; empty if nobody did."""
    lines = account["document"].get("corrections")
    return f"Corrected by hand: {'; '.join(lines)}" if lines else ""


def claims_counted(listed: dict[str, Any]) -> str:
    """Return in words how many claims a list has, and from how many articles."""
    claims, articles = listed["listed"], len(listed["articles"])
    return (
        f"{claims} claim{'' if claims == 1 else 's'} to check in "
        f"{articles} article{'' if articles == 1 else 's'}"
    )


def headline_note(account: dict[str, Any]) -> str:
    """Return what counted as the headline, and where it came from; empty if there is no headline."""
    headline = account["document"]["headline"]
    if headline is None:
        return ""
    if not headline["given"]:
        origin = "the text's first line"
    else:
        origin = "given" if headline["place"] is None else "given, and in the text"
    return f"headline counted: “{headline['text']}” ({origin})"


def reason_words(made: Contribution) -> str:
    """Return in one line what a contribution's feature measures, and its value in the article."""
    name = made.meaning or made.feature.replace("_", " ")
    return f"{name}: {made.counted}" if made.counted else name
