"""Apply a person's corrections to a ledger: lines that are not sources, are the same source, or have another name or class.

Everything that depends on a line is updated: its statements, the voice of hedges, what stands behind a claim and so
whether the worklist shows it. A corrected line is found again in the current ledger as the line that shares most of its statements.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from reportedly.datamodel import (
    STANDING_OF,
    Annotated,
    Attribution,
    Claim,
    Hedge,
    Source,
    SourceClass,
    Span,
    Support,
)
from reportedly.datamodel.corrections import (
    Correction,
    Corrections,
    LedgerLine,
    LedgerStatement,
    text_digest,
)
from reportedly.datamodel.statements import statement_places

_SUPPORT_OF: Mapping[SourceClass, Support] = {
    "document": "record", "named_person": "named", "named_organisation": "named",
    "press": "press", "unnamed": "unnamed", "vague": "vague",
}  # fmt: skip
"""The support that a source of each class gives, the best first."""

_ALSO: Mapping[Support, tuple[str, ...]] = {"interested": ("named_person", "named_organisation")}
"""Other supports that a source of a class may give."""


def as_corrected(annotated: Annotated, made: Corrections, least: float) -> Annotated:
    """Return `annotated` with its ledger corrected; its `corrections` say in words what was applied and what could not be.

    `least` is the lowest priority of a claim that a worklist lists.
    """
    ours = _matches(annotated, made)
    told: list[str] = []
    ledger = _Ledger({source.id: source for source in annotated.sources})
    names = {line.id: line.label for line in made.lines}
    for correction in made.corrections:
        ids = [ours.get(name) for name in (correction.line, *correction.others)]
        found = [ledger.now(name) for name in ids if name is not None]
        if len(found) < len(ids) or None in found:
            told.append(f"not applied, the ledger has no such line now: {_say(correction, names)}")
            continue
        ledger.apply(correction, [name for name in found if name is not None])
        told.append(_say(correction, names))
    return _follow(replace(annotated, corrections=tuple(told)), ledger, least)


def _say(correction: Correction, names: Mapping[str, str]) -> str:
    name = f"“{names[correction.line]}”"
    match correction.action:
        case "wrong":
            return f"{name} is not a source"
        case "merge":
            return f"{', '.join(f'“{names[other]}”' for other in correction.others)} is {name}"
        case "rename":
            return f"{name} is called “{correction.to}”"
        case "class":
            return f"{name} is of class {correction.to}"


@dataclass(slots=True)
class _Ledger:
    """The lines by id during correction; `moved` maps a line to the one that it was merged into, None if it was removed."""

    lines: dict[str, Source]
    moved: dict[str, str | None]

    def __init__(self, lines: dict[str, Source]) -> None:
        self.lines, self.moved = lines, {}

    def now(self, name: str) -> str | None:
        """Return the id of the line that line `name` was merged into; None if it was removed."""
        at: str | None = name
        while at in self.moved:
            at = self.moved[at]
        return at

    def apply(self, correction: Correction, ids: Sequence[str]) -> None:
        """Apply a correction to the lines `ids`; the first one is kept."""
        first = ids[0]
        source = self.lines[first]
        marks = tuple(dict.fromkeys((*source.corrected, correction.action)))
        match correction.action:
            case "wrong":
                del self.lines[first]
                self.moved[first] = None
                return
            case "merge":
                for other in dict.fromkeys(ids[1:]):
                    if other != first:
                        source = _merged(source, self.lines.pop(other))
                        self.moved[other] = first
            case "rename":
                source = replace(source, label=correction.to)
            case "class":
                source = _classed(source, correction.to)  # type: ignore[arg-type] # checked when it was read
        self.lines[first] = replace(source, corrected=marks)


def _merged(one: Source, other: Source) -> Source:
    """Return two lines merged into one, with the name and class of the first."""
    reason = max((one, other), key=lambda s: ("none", "boilerplate", "specific").index(s.reason))
    unnamed = one.source_class == "unnamed"
    granted = (
        "granted_with_reason"
        if "granted_with_reason" in {one.anonymity, other.anonymity}
        else (one.anonymity or other.anonymity)
    )
    return replace(
        one,
        mentions=tuple(sorted({*one.mentions, *other.mentions})),
        anonymity=granted if unnamed else one.anonymity,
        reason=reason.reason if unnamed else one.reason,
        reason_span=reason.reason_span if unnamed else one.reason_span,
        described=one.described or other.described,
        plural=one.plural or other.plural,
        corroborated=one.corroborated or other.corroborated,
        corroborated_by=tuple(dict.fromkeys((*one.corroborated_by, *other.corroborated_by))),
    )


def _classed(source: Source, source_class: SourceClass) -> Source:
    """Return a line with another class; only unnamed sources have anonymity and a reason for it."""
    if source_class == "unnamed":
        return replace(source, source_class=source_class)
    return replace(
        source, source_class=source_class, anonymity=None, reason="none", reason_span=None
    )


def _matches(annotated: Annotated, made: Corrections) -> dict[str, str]:
    """Return for the ids of corrected lines the ids in the current ledger, each once: the lines that share most statements, or, in another text, have the same name."""
    today = ledger_lines(annotated)
    origin = annotated.document.origin
    if not made.fits(origin.document.text if origin else annotated.text):
        names = {line.label.casefold(): line.id for line in reversed(today)}
        known = {line.id: names.get(line.label.casefold()) for line in made.lines}
        return {line: now for line, now in known.items() if now is not None}
    lines = {line.id: line for line in made.lines}, {line.id: line for line in today}
    ranked = []
    for (one, other), count in _shared(made.lines, today).items():
        pair = lines[0][one], lines[1][other]
        same = len({*pair[0].statements} & {*pair[1].statements})
        if 2 * count >= max(len(line.statements) for line in pair):
            ranked.append((-same, -count, pair[0].label != pair[1].label, one, other))
    ours: dict[str, str] = {}
    taken: set[str] = set()
    for *_, one, other in sorted(ranked):
        if one not in ours and other not in taken:
            ours[one] = other
            taken.add(other)
    return ours


def _shared(lines: Sequence[LedgerLine], others: Sequence[LedgerLine]) -> Counter[tuple[str, str]]:
    """Return how many statements of each of `lines` overlap one of each of `others`."""
    marks = sorted((s.start, s.end, line.id) for line in others for s in line.statements)
    reach = list(accumulate((end for _, end, _ in marks), max))
    found: Counter[tuple[str, str]] = Counter()
    for line in lines:
        for s in line.statements:
            first, last = bisect_right(reach, s.start), bisect_left(marks, (s.end,))
            found.update({(line.id, other) for _, end, other in marks[first:last] if end > s.start})
    return found


def corrections_of(
    annotated: Annotated, article: str, made: Sequence[Correction] = ()
) -> Corrections:
    """Return empty corrections of the ledger of `annotated`, an article read from the file `article`."""
    digest = text_digest(annotated.text)
    return Corrections(article, digest, ledger_lines(annotated), tuple(made))


def ledger_lines(annotated: Annotated) -> tuple[LedgerLine, ...]:
    """Return the lines of a ledger with their statements, as offsets in the text as it was read."""
    statements: dict[str, list[LedgerStatement]] = {}
    for attribution in annotated.attributions:
        if attribution.source_id:
            statements.setdefault(attribution.source_id, []).extend(_placed(annotated, attribution))
    return tuple(
        LedgerLine(s.id, s.label, s.source_class, tuple(dict.fromkeys(statements.get(s.id, ()))))
        for s in annotated.sources
    )


def _placed(annotated: Annotated, attribution: Attribution) -> Iterator[LedgerStatement]:
    """Yield a statement for each sentence in which an attribution has content, or, if it has none, its source or cue."""
    sentences = annotated.segmented.sentences
    origin = annotated.document.origin

    def back(span: Span) -> Span:
        return origin.seen.back(span) if origin else span

    spans = attribution.content or (*attribution.source, *attribution.cue)
    for number in sorted({n for span in spans for n in _sentences(annotated, span)}):
        low, high = sentences[number].start, sentences[number].end
        here = [
            Span(max(s.start, low), min(s.end, high))
            for s in spans
            if s.start < high and low < s.end
        ]
        source, cue = (
            " ".join(s.of(annotated.text) for s in role if low <= s.start < high)
            for role in (attribution.source, attribution.cue)
        )
        place = back(Span(here[0].start, here[-1].end))
        yield LedgerStatement(place.start, place.end, source, cue)


def _sentences(annotated: Annotated, span: Span) -> range:
    """Return the numbers of the sentences that a span overlaps."""
    sentences = annotated.segmented.sentences
    first = bisect_right(sentences, span.start, key=lambda s: s.start) - 1
    last = bisect_right(sentences, max(span.start, span.end - 1), key=lambda s: s.start) - 1
    return range(max(0, first), last + 1)


def _follow(annotated: Annotated, ledger: _Ledger, least: float) -> Annotated:
    """Return `annotated` with everything that depends on the ledger updated."""
    sources = tuple(_corroborated(source, ledger) for source in ledger.lines.values())
    attributions = tuple(
        a
        if a.source_id is None
        else replace(a, source_id=now, source_class=ledger.lines[now].source_class)
        for a in annotated.attributions
        if (now := ledger.now(a.source_id) if a.source_id else "") is not None
    )
    gone = [a for a in annotated.attributions if a.source_id and ledger.now(a.source_id) is None]
    hedges = tuple(_voiced(hedge, gone, attributions) for hedge in annotated.hedges)
    claims = tuple(_claim(claim, ledger, least) for claim in annotated.claims)
    places = statement_places(attributions, annotated.segmented)
    counted = tuple(  # the measured probability is not valid for a corrected line
        replace(s, statements=len(places.get(s.id, ())), chance=None if s.corrected else s.chance)
        for s in sources
    )
    return replace(
        annotated, sources=counted, attributions=attributions, hedges=hedges, claims=claims
    )


def _corroborated(source: Source, ledger: _Ledger) -> Source:
    """Return a line that is corroborated only by existing lines other than itself."""
    by = tuple(
        dict.fromkeys(
            now
            for name in source.corroborated_by
            if (now := ledger.now(name)) not in {None, source.id}
        )
    )
    return replace(
        source,
        corroborated_by=tuple(name for name in by if name),
        corroborated=source.corroborated and bool(by or not source.corroborated_by),
    )


def _voiced(hedge: Hedge, gone: Sequence[Attribution], kept: Sequence[Attribution]) -> Hedge:
    """Return a hedge, in the reporter's voice if the statement around it was removed."""

    def holds(attribution: Attribution) -> bool:
        return any(span.overlaps(hedge.span) for span in attribution.content)

    if hedge.voice == "source" and any(map(holds, gone)) and not any(map(holds, kept)):
        return replace(hedge, voice="reporter")
    return hedge


def _claim(claim: Claim, ledger: _Ledger, least: float) -> Claim:
    """Return a claim with its support taken from the corrected lines."""
    ids = tuple(
        name for name in dict.fromkeys(map(ledger.now, claim.source_ids)) if name is not None
    )
    changed = ids != claim.source_ids or any(ledger.lines[i].corrected for i in ids)
    if not claim.source_ids or not changed or claim.support is None:
        return claim
    support = _support(claim.support, [ledger.lines[i].source_class for i in ids])
    if support == claim.support:
        return replace(claim, source_ids=ids)
    moved = replace(claim, source_ids=ids, support=support)
    if not ids:
        moved = replace(moved, support_at=(), support_words=())
    return _judged(moved, least)


def _support(support: Support, classes: Sequence[SourceClass]) -> Support:
    """Return the support of a claim that rests on sources of these classes: `support` if they can give it."""
    gives = {
        given
        for given in classes
        if _SUPPORT_OF[given] == support or given in _ALSO.get(support, ())
    }
    if gives:
        return support
    return next((kind for given, kind in _SUPPORT_OF.items() if given in classes), "none")


def _judged(claim: Claim, least: float) -> Claim:
    """Return a claim judged by who stands behind it now; a person has decided, so its probabilities are 0 or 1."""
    standing = STANDING_OF.get(claim.support) if claim.support else None
    unsupported = float(standing in {"says_so", "nobody"})
    if claim.worth is None:
        return claim
    urgency = (2 * claim.worth[1] + claim.worth[2]) / 3 * (standing not in {"shown", "reporter"})
    listed = claim.checkworthy and bool(unsupported) and urgency >= least
    return replace(claim, unsupported=unsupported, priority=round(urgency, 4), listed=listed)
