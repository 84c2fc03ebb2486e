"""Why a source is unnamed, and what supports it: the questions that a standards editor asks.

Is anonymity granted explicitly, and for what reason? Is the source described? Does anyone else
vouch for the same? Is the statement fact, opinion or an attack? They come from the sourcing rules of the
Associated Press, Reuters and the New York Times (see ``policies/rules.toml``).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import accumulate
from typing import Literal

import numpy as np

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.corroboration.backers import corroborations
from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.datamodel import Anonymity, Attribution, Reason, Segmented, Source, Span
from reportedly.datamodel.arrays import Bools
from reportedly.lexicons.loader import load, matcher_of, words_of

Stance = Literal["fact", "opinion", "attack"]


@dataclass(frozen=True, slots=True)
class Grant:
    """One place where the text says that it withholds a source's identity.

    `renamed` is true if the text gives a name that is not the real one.
    """

    sentence: int
    span: Span
    anonymity: Anonymity
    reason: Reason
    reason_span: Span | None
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class _Patterns:
    granted: re.Pattern[str]
    renamed: re.Pattern[str]
    no_grant: re.Pattern[str]
    no_grant_because: re.Pattern[str]
    reason_before: re.Pattern[str]
    reason_next: re.Pattern[str]
    left_out: re.Pattern[str]
    with_reason: re.Pattern[str]
    reason: re.Pattern[str]
    boilerplate: re.Pattern[str]
    no_reason: re.Pattern[str]
    attack: frozenset[str]
    opinion: frozenset[str]
    bare: frozenset[str]
    bare_heads: frozenset[str]


@lru_cache(maxsize=1)
def _patterns() -> _Patterns:
    """Return the anonymity lexicon, compiled on first use."""
    lexicon = load("anonymity")

    def patterns(*kinds: str) -> re.Pattern[str]:
        return re.compile(
            "|".join(f"(?:{e.pattern})" for e in lexicon.entries if e.attributes["kind"] in kinds)
        )

    def words(kind: str, *more: str) -> re.Pattern[str]:
        terms = sorted(lexicon.of_kind(kind), key=len, reverse=True)
        listed = r"\b(?:" + "|".join(map(re.escape, terms)) + r")\b"
        return re.compile("|".join([listed, *(patterns(kind).pattern for kind in more)]))

    terms = partial(words_of, "anonymity")
    heads = terms("bare_head")
    return _Patterns(
        granted=patterns("granted", "left_out", "pseudonym"),
        renamed=patterns("pseudonym"),
        no_grant=patterns("no_grant"),
        no_grant_because=patterns("no_grant_because"),
        reason_before=patterns("reason_before"),
        reason_next=patterns("reason_next"),
        left_out=patterns("left_out"),
        with_reason=patterns("granted_reason"),
        reason=words("reason", "reason_pattern"),
        boilerplate=words("boilerplate"),
        no_reason=words("no_reason"),
        attack=words_of("stance", "attack"),
        opinion=words_of("stance", "opinion"),
        bare=terms("bare_modifier", "bare_head", "bare_plural", "how_said")
        | {f"{head}s" for head in heads},
        bare_heads=heads,
    )


def _are_triggers(forms: Sequence[str]) -> Bools:
    """Tell of each form whether it is a trigger: without any trigger no phrase of the anonymity lexicon matches."""
    triggers = words_of("anonymity", "trigger")
    return np.fromiter(map(triggers.__contains__, forms), np.bool_, len(forms))


_TRIGGERS = WordCache(_are_triggers)


def find_grants(segmented: Segmented, words: TokenIds | None = None) -> tuple[Grant, ...]:
    """Return every place where the text says that it withholds a source's identity.

    `words` are the document's words, if they are already numbered.
    "Declined to comment" is not anonymity: somebody said nothing, rather than spoke without being named.
    """
    found: list[Grant] = []
    number = 0
    words = token_ids(segmented.tokens.forms) if words is None else words
    for i in np.flatnonzero(_TRIGGERS.of(words)).tolist():
        while segmented.sentences[number].last <= i:
            number += 1
        if found and found[-1].sentence == number:
            continue
        grant = _grant(segmented, number)
        if grant is not None:
            found.append(grant)
    return tuple(found)


def _grant(segmented: Segmented, number: int) -> Grant | None:
    """Return the grant of anonymity that one sentence states, with its reason."""
    if segmented.sentences[number].furniture:
        return None
    words, (start, text) = _patterns(), _lowered(segmented, number)
    excuse = words.with_reason.search(text)
    plain = _granted(text)
    if (plain is None and excuse is None) or words.no_grant_because.search(text):
        return None
    first = min((m for m in (plain, excuse) if m is not None), key=lambda m: m.start())
    renamed = words.renamed.search(text) is not None
    span = Span(start + first.start(), start + first.end())
    if excuse is not None:
        end = _clause_end(text, excuse.end())
        reason = Span(start + excuse.start(), start + end)
        return Grant(number, span, "granted_with_reason", "boilerplate", reason, renamed)
    assert plain is not None
    return _reasoned(segmented, Grant(number, span, "granted", "none", None, renamed), plain, text)


def _lowered(segmented: Segmented, number: int) -> tuple[int, str]:
    """Return where a sentence begins, and its text in lower case, of the same length."""
    sentence = segmented.sentences[number]
    words = segmented.text[sentence.start : sentence.end]
    lower = words.lower()  # the lower case of some letters is longer
    return sentence.start, lower if len(lower) == len(words) else words


def _granted(text: str) -> re.Match[str] | None:
    """Return the first words of a sentence that withhold a source's identity; police who do not name a victim do not count."""
    words = _patterns()
    others = [match.span() for match in words.no_grant.finditer(text)]
    for match in words.granted.finditer(text):
        if not any(
            low <= match.start() < high or low < match.end() <= high for low, high in others
        ):
            return match
    return None


def _reasoned(segmented: Segmented, grant: Grant, plain: re.Match[str], text: str) -> Grant:
    """Return a grant with its reason: after it, before it, or at the start of the next sentence."""
    words, start = _patterns(), segmented.sentences[grant.sentence].start
    after = plain.end(), plain.end() + _REASON_WITHIN
    by_reporter = words.left_out.fullmatch(plain.group())  # what follows is not its reason
    if by_reporter or words.no_reason.search(text, *after):
        return grant
    given = words.reason.search(text, *after)
    if given is not None:
        return _with_reason(grant, text, start, given.start(), _clause_end(text, given.end()))
    given = words.reason_before.match(text, 0, plain.start())
    if given is not None:
        return _with_reason(grant, text, start, given.start(), given.end() - 1)
    if grant.sentence + 1 == len(segmented.sentences):
        return grant
    start, text = _lowered(segmented, grant.sentence + 1)
    given = words.reason_next.match(text)
    if given is None:
        return grant
    return _with_reason(grant, text, start, given.start(), _clause_end(text, given.end()))


_REASON_WITHIN = 60
"""A reason begins within this many characters after a grant."""


def _with_reason(grant: Grant, text: str, start: int, first: int, end: int) -> Grant:
    """Return a grant with the reason at ``text[first:end]``; `start` is the offset of `text`."""
    stock = _patterns().boilerplate.search(text, first, end)
    return replace(
        grant,
        anonymity="granted_with_reason",
        reason="boilerplate" if stock else "specific",
        reason_span=Span(start + first, start + end),
    )


def _clause_end(text: str, start: int) -> int:
    """Return the end of the clause at `start`: a comma, a quotation or the sentence's end."""
    match = _CLAUSE_END.search(text, start)
    return match.start() if match else len(text.rstrip())


_CLAUSE_END = re.compile(r"[,;:“”\"]|[.!?](?:\s|$)|\s[–—-]\s")


def describe_sources(
    segmented: Segmented,
    attributions: Sequence[Attribution],
    sources: Sequence[Source],
    readings: Sequence[Sequence[Mention]],
    grants: Sequence[Grant],
    bearers: Mapping[int, Span],
) -> tuple[Source, ...]:
    """Return the ledger with anonymity, description, corroboration and stance filled in.

    `readings` has, for each line of the ledger, its mentions as read; `grants` are those of the
    document, and `bearers` gives by sentence the words for the bearer of a grant.
    """
    hidden = [n for n, s in enumerate(sources) if s.source_class in ("unnamed", "vague")]
    lines = list(sources)
    statements: dict[str, list[Attribution]] = {}
    for attribution in attributions:
        if attribution.source_id is not None:
            statements.setdefault(attribution.source_id, []).append(attribution)
    backers = corroborations(segmented, attributions, sources)
    for n in hidden:
        line = lines[n]
        if line.source_class == "vague":
            by = backers.get(line.id, ())
            lines[n] = replace(line, described=False, corroborated=bool(by), corroborated_by=by)
            continue
        own = statements[line.id]
        by = backers.get(line.id, ())
        lines[n] = replace(
            line,
            described=any(is_described(mention) for mention in readings[n]),
            corroborated=bool(by),
            corroborated_by=by,
            stance=stance_of(segmented.text, own),
        )
    _hand_out(segmented, lines, readings, grants, bearers)
    return tuple(lines)


def _hand_out(
    segmented: Segmented,
    lines: list[Source],
    readings: Sequence[Sequence[Mention]],
    grants: Sequence[Grant],
    bearers: Mapping[int, Span],
) -> None:
    """Assign each grant to the line of its bearer: the source with these words, else the nearest unnamed source."""
    if not grants:
        return
    spans = sorted((span.start, span.end, n) for n, s in enumerate(lines) for span in s.mentions)
    reached = list(accumulate((end for _, end, _ in spans), max))
    hidden = [span for span in spans if _hides(lines[span[2]], readings[span[2]])]
    for grant in grants:
        own = bearers.get(grant.sentence)
        owner = _owner(segmented, grant, hidden) if own is None else _holder(own, spans, reached)
        if owner is not None and lines[owner].anonymity != "granted_with_reason":
            lines[owner] = replace(
                lines[owner],
                anonymity=grant.anonymity,
                reason=grant.reason,
                reason_span=grant.reason_span,
            )


def _hides(line: Source, readings: Sequence[Mention]) -> bool:
    """Tell whether a line's source has no name: an unnamed source, or an organisation's spokesperson."""
    return line.source_class == "unnamed" or (
        line.source_class == "named_organisation" and any(map(_nameless, readings))
    )


def _holder(own: Span, spans: Sequence[tuple[int, int, int]], reached: Sequence[int]) -> int | None:
    """Return the line of the first mention that overlaps a bearer's words; None if the bearer has no statement.

    `spans` are in order; `reached` holds for each the greatest end so far.
    """
    at = bisect_right(reached, own.start)
    return spans[at][2] if at < len(spans) and spans[at][0] < own.end else None


def _nameless(mention: Mention) -> bool:
    """Tell whether a mention is a spokesperson without a name."""
    return mention.spokes and mention.kind == "nominal" and not mention.name


def is_described(mention: Mention) -> bool:
    """Tell whether a mention says more about an unnamed source than that it exists.

    A role ("a nurse"), an agency ("a harbour official") or how they know ("familiar with the talks")
    is a description; "a source", "officials" or "a former aide" is not.
    """
    if mention.kind in {"pronoun", "elided"}:
        return False
    words = _patterns()
    if mention.kind == "nominal" and mention.head not in words.bare_heads:
        return bool(mention.flags)
    return not mention.words <= words.bare


def _owner(segmented: Segmented, grant: Grant, spans: Sequence[tuple[int, int, int]]) -> int | None:
    """Return the ledger line that a grant belongs to: the nearest unnamed source.

    `spans` are the mentions of unnamed sources, ``(start, end, line)``, in order.
    """
    sentence = segmented.sentences[grant.sentence]
    best, best_distance = None, _FARTHEST
    low = bisect_left(spans, (sentence.start - int(_FARTHEST), 0, 0))
    high = bisect_left(spans, (sentence.end + int(_FARTHEST), 0, 0))
    for start, end, line in spans[low:high]:
        if sentence.start <= start < sentence.end:
            inside = start <= grant.span.start < end
            distance = (
                0.0
                if inside
                else abs(grant.span.start - end) + (0 if start < grant.span.start else 40)
            )
        elif start < sentence.start:
            distance = 1000.0 + sentence.start - start
        else:
            distance = 3000.0 + start - sentence.end
        if distance < best_distance or (
            best is not None and distance == best_distance and line < best
        ):
            best, best_distance = line, distance
    return best


_FARTHEST = 3600.0


def declines(text: str, attribution: Attribution) -> bool:
    """Tell whether an attribution says only that its source would not speak."""
    words = " ".join(span.of(text) for span in (*attribution.cue, *attribution.content))
    return matcher_of("anonymity", "declined_comment").match(words) is not None


def stance_of(text: str, attributions: Sequence[Attribution]) -> Stance:
    """Return the kind of an unnamed source's statements: attack if any is one, opinion if at least half are, else fact."""
    words = _patterns()
    opinions = 0
    for attribution in attributions:
        said = set()
        for span in attribution.content:
            said.update(re.findall(r"[a-z'’-]+", span.of(text).lower()))
        if said & words.attack:
            return "attack"
        opinions += bool(said & words.opinion)
    return "opinion" if opinions * 2 >= len(attributions) > 0 and opinions else "fact"
