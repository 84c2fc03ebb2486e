"""Assessment -> dict: the payload that every report renders, and functions that read it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reportedly.datamodel.annotation import Annotated, Attribution, Claim, Hedge, Source
from reportedly.datamodel.statements import (
    UnclearStatement,
    sentence_holding,
    statement_places,
    unclear_statements,
)
from reportedly.datamodel.text import Headline, Span
from reportedly.datamodel.worklist import (
    WorklistItem,
    chance_in_words,
    headline_claim,
    low_claims,
    says_fully,
    urgency_of,
    why_empty,
    worklist,
)

if TYPE_CHECKING:
    from reportedly.datamodel.assessment import (
        Assessment,
        Contribution,
        Finding,
        SignalScore,
        SourceWeight,
    )
    from reportedly.datamodel.text import Headline

PAYLOAD_SCHEMA = "reportedly/assessment/1"


def summarise(assessment: Assessment) -> dict[str, Any]:
    """Return `assessment` as plain values, exactly what ``--format json`` prints.

    Spans are ``{start, end, text}``, so that the payload can be checked against the article.
    """
    annotated = assessment.annotated
    text = annotated.text
    return {
        "schema": PAYLOAD_SCHEMA,
        "document": _document(annotated)
        | _said_of(annotated)
        | _notices(assessment)
        | _corrections(annotated),
        **({"risk": _risk(assessment)} if assessment.tells_risk else {}),
        "signals": {signal.name: _signal(signal) for signal in assessment.signals},
        **_who_says_what(assessment),
        "hedges": [_hedge(text, hedge) for hedge in annotated.hedges],
        "sentences": _sentences(annotated),
        "headline_claim": _headline_claim(annotated),
        "worklist": (rows := worklist_rows(annotated, worklist(annotated))),
        "worklist_low": worklist_rows(annotated, low_claims(annotated)),
        "worklist_empty": None if rows else why_empty(annotated),
        "urgency": dict(zip(("all", "listed"), urgency_of(annotated), strict=True)),
        "findings": [
            _finding(text, finding) for signal in assessment.signals for finding in signal.findings
        ],
        **(_contributions(assessment) if assessment.tells_risk else {}),
        "model": dict(assessment.model),
    }


def _who_says_what(assessment: Assessment) -> dict[str, Any]:
    """Return the ledger, how reliable it is, the unclear statements, and every attribution."""
    annotated = assessment.annotated
    text = annotated.text
    unclear = unclear_statements(annotated)
    return {
        "ledger": ledger_account(annotated.sources, unclear),
        "sources": _sources(assessment),
        "unclear": [_unclear(annotated, one) for one in unclear],
        "attributions": [_attribution(text, a) for a in annotated.attributions],
    }


def span_dict(text: str, span: Span) -> dict[str, Any]:
    """Return a span with the words that it covers."""
    return {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def _document(annotated: Annotated) -> dict[str, Any]:
    document, segmented = annotated.document, annotated.segmented
    furniture = [s for s in segmented.sentences if s.furniture]
    return {
        "id": document.id,
        "title": document.title,
        "headline": _headline(document.text, segmented.headline),
        "words": sum(form[0].isalnum() for form in segmented.tokens.forms),
        "sentences": len(segmented.sentences),
        "encoding": document.encoding,
        "furniture": [span_dict(document.text, s.span) for s in furniture],
    }


def _said_of(annotated: Annotated) -> dict[str, str]:
    """Return the article's author and date, if the file gives them."""
    said = {"author": annotated.document.author, "date": annotated.document.date}
    return {name: value for name, value in said.items() if value}


def _headline(text: str, headline: Headline | None) -> dict[str, Any] | None:
    """Return what counted as the headline, whether it was given as a title, and where it is in the text."""
    if headline is None:
        return None
    place = span_dict(text, headline.span) if headline.span else None
    return {"text": headline.text, "given": headline.given, "place": place}


def _notices(assessment: Assessment) -> dict[str, list[str]]:
    """Return the notices on a damaged text, or one that hides words from programs, if any."""
    return {"notices": list(assessment.notices)} if assessment.notices else {}


def _corrections(annotated: Annotated) -> dict[str, list[str]]:
    """Return how a person corrected the ledger, if one did."""
    return {"corrections": list(annotated.corrections)} if annotated.corrections else {}


def _risk(assessment: Assessment) -> dict[str, Any]:
    risk = assessment.risk
    return {
        "score": risk.score,
        "band": risk.band,
        "interval": list(risk.interval) if risk.interval else None,
        "abstained": risk.abstained,
        "ordinary": risk.ordinary,
        "reasons": [{"family": r.family, "effect": r.effect} for r in risk.reasons],
        "words": [
            {"text": word.word, "effect": word.effect}
            for contribution in assessment.contributions
            for word in contribution.words
        ],
    }


def _signal(signal: SignalScore) -> dict[str, Any]:
    score = None if math.isnan(signal.score) else signal.score
    beside = {"voices": signal.voices, "shown": signal.shown}
    return {
        "score": score,
        "summary": signal.summary,
        "percentile": signal.percentile,
        "none_like": signal.none_like,
        "counted": signal.counted,
        "found": round(signal.found, 4),
        "whole": round(signal.whole, 4),
        "usual": signal.usual,
    } | {name: round(figure, 4) for name, figure in beside.items() if figure is not None}


def ledger_account(
    sources: Sequence[Source], unclear: Sequence[UnclearStatement]
) -> dict[str, Any]:
    """Return how many statements the ledger has, how many are unclear, and how reliable it is."""
    counted = sum(source.statements for source in sources)
    chances = [source.chance for source in sources if source.chance is not None]
    share = round(sum(chances) / len(chances), 3) if chances else None
    unsure = [s.id for s in sources if s.chance is not None and s.chance < UNSURE_LINE]
    return {
        "statements": counted,
        "unclear": len(unclear),
        "lines": len(sources),
        "share_right": share,
        "unsure": unsure,
        "trust": trust_words(counted, len(unclear), share, unsure),
    }


UNSURE_LINE = 0.65
"""The probability below which a ledger line is unsure (6 of 10 and less): half of such lines were wrong (docs/signals.md)."""


def tenths(chance: float) -> int:
    """Return a probability in tenths, 1 to 9: never 0 or 10, since it was measured on other articles."""
    return min(9, max(1, round(10 * chance)))


def trust_words(
    counted: int, unclear: int, share: float | None, unsure: Sequence[str] = ()
) -> str | None:
    """Return in one line how reliable a ledger is; None if it has no statement.

    The ledger has `counted` statements, and `unclear` ones are not in it; `share` of its lines are right on articles like this;
    `unsure` names the lines that are as likely wrong as right.
    """
    whole = counted + unclear
    if not whole:
        return None
    told = f"{unclear or 'none'} of {whole} statement{'' if whole == 1 else 's'} unclear"
    if share is None:
        return told
    told = f"{told}; on articles like this about {tenths(share)} of 10 ledger lines are right"
    return f"{told}; unsure, look twice: {', '.join(unsure)}" if unsure else told


def _unclear(annotated: Annotated, one: UnclearStatement) -> dict[str, Any]:
    """Return an unclear statement with its sentence."""
    words = None if one.words is None else span_dict(annotated.text, one.words)
    return {**_place(annotated, one.sentence), "words": words, "shown": one.shown}


def _sources(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the ledger, each line with its weights in the signal of anonymous sourcing; None if that was not measured."""
    annotated = assessment.annotated
    weights = {w.source_id: w for signal in assessment.signals for w in signal.sources}
    places = statement_places(annotated.attributions, annotated.segmented)
    return [
        _source(annotated.text, s, places.get(s.id, ()), weights.get(s.id))
        for s in annotated.sources
    ]


def _source(
    text: str, source: Source, sentences: Sequence[int], weight: SourceWeight | None
) -> dict[str, Any]:
    corrected = {"corrected": list(source.corrected)} if source.corrected else {}
    return {
        "id": source.id,
        "label": source.label,
        "class": source.source_class,
        "anonymity": source.anonymity,
        "reason": source.reason,
        "described": source.described,
        "corroborated": source.corroborated,
        "corroborated_by": list(source.corroborated_by),
        "statements": source.statements,
        "sentences": list(sentences),
        "chance": None if source.chance is None else round(source.chance, 2),
        "weight": None if weight is None else weight.weight,
        "anonymity_weight": None if weight is None else weight.anonymity,
        "mentions": [span_dict(text, span) for span in source.mentions],
    } | corrected


def _attribution(text: str, attribution: Attribution) -> dict[str, Any]:
    return {
        "source": [span_dict(text, span) for span in attribution.source],
        "cue": [span_dict(text, span) for span in attribution.cue],
        "content": [span_dict(text, span) for span in attribution.content],
        "form": attribution.form,
        "class": attribution.source_class,
        "source_id": attribution.source_id,
        "unclear": attribution.unclear,
        "confidence": round(attribution.confidence, 3),
    }


def _hedge(text: str, hedge: Hedge) -> dict[str, Any]:
    scope = span_dict(text, hedge.scope) if hedge.scope else None
    return {**span_dict(text, hedge.span), "kind": hedge.kind, "voice": hedge.voice, "scope": scope}


def _sentences(annotated: Annotated) -> list[dict[str, Any]]:
    """Return one row per sentence: who is quoted in it, whether it is hedged, what supports it."""
    sentences = annotated.segmented.sentences
    classes = attribution_classes(annotated)
    known = {source.id for source in annotated.sources}
    hedged = {sentence_holding(hedge.start, sentences) for hedge in annotated.hedges}
    rows = []
    for number, (sentence, claim) in enumerate(zip(sentences, annotated.claims, strict=True)):
        rows.append(
            {
                "start": sentence.start,
                "end": sentence.end,
                "furniture": sentence.furniture,
                "attribution_classes": sorted(classes.get(number, ())),
                "hedged": number in hedged and not sentence.furniture,
                "checkworthiness": round(claim.checkworthiness, 4),
                "worth": claim.expected_worth,
                "priority": claim.priority,
                "support": claim.support,
                "standing": claim.standing,
                "support_at": list(claim.support_at),
                "source_ids": [i for i in claim.source_ids if i in known],
                "unclear": claim.says_unclear,
                "unverified": claim.unverified,
            }
        )
    return rows


def attribution_classes(annotated: Annotated) -> dict[int, set[str]]:
    """Return the classes of the sources attributed in each sentence, by the sentence's index.

    An attribution counts in every sentence that its cue, source or content overlaps, except furniture.
    """
    classes: dict[int, set[str]] = {}
    sentences = annotated.segmented.sentences
    for attribution in annotated.attributions:
        if attribution.source_class is None:
            continue
        for span in (*attribution.source, *attribution.cue, *attribution.content):
            first = sentence_holding(span.start, sentences)
            last = sentence_holding(max(span.start, span.end - 1), sentences)
            for number in range(first, last + 1):
                if not sentences[number].furniture:
                    classes.setdefault(number, set()).add(attribution.source_class)
    return classes


def worklist_rows(annotated: Annotated, items: Sequence[WorklistItem]) -> list[dict[str, Any]]:
    """Return the items of a worklist as plain values."""
    lines = _lines(annotated)
    return [
        _claim(annotated, item.claim, lines)
        | {"repeats": [_place(annotated, claim.sentence) for claim in item.repeats]}
        for item in items
    ]


def _headline_claim(annotated: Annotated) -> dict[str, Any] | None:
    """Return the claim of the text that the headline makes, who stands behind it, and whether it says all that the headline says; None if there is none."""
    claim, headline = headline_claim(annotated), annotated.segmented.headline
    if claim is None or headline is None:
        return None
    sentence = annotated.segmented.sentences[claim.sentence].span.of(annotated.text)
    fully = says_fully(headline.text, sentence, claim.sentence)
    return _claim(annotated, claim, _lines(annotated)) | {"says_headline": fully}


def _lines(annotated: Annotated) -> dict[str, Source]:
    """Return each source by its id."""
    return {source.id: source for source in annotated.sources}


def _place(annotated: Annotated, sentence: int) -> dict[str, Any]:
    """Return a sentence with its number."""
    span = annotated.segmented.sentences[sentence].span
    return {**span_dict(annotated.text, span), "sentence": sentence}


def _claim(annotated: Annotated, claim: Claim, lines: dict[str, Source]) -> dict[str, Any]:
    return {
        **_place(annotated, claim.sentence),
        "checkworthiness": round(claim.checkworthiness, 4),
        "support": claim.support,
        "standing": claim.standing,
        "support_at": list(claim.support_at),
        "support_words": [span_dict(annotated.text, span) for span in claim.support_words],
        "worth": None if claim.worth is None else list(claim.worth),
        "unsupported": claim.unsupported,
        "chance": chance_in_words(claim),
        "priority": claim.priority,
        "behind": [lines[i].label for i in claim.source_ids if i in lines],
        "source_ids": [i for i in claim.source_ids if i in lines],
        "relayed": claim.is_relayed(lines),
        "unclear": claim.says_unclear,
    }


def _finding(text: str, finding: Finding) -> dict[str, Any]:
    return {
        **span_dict(text, finding.span),
        "rule": finding.rule,
        "signal": finding.signal,
        "level": finding.level,
        "message": finding.message,
        "credweb": list(finding.credweb),
        "guidance": finding.guidance,
        "source_id": finding.source_id,
    }


def _contributions(assessment: Assessment) -> dict[str, list[dict[str, Any]]]:
    text = assessment.annotated.text
    return {"contributions": [_contribution(text, c) for c in assessment.contributions]}


def _contribution(text: str, contribution: Contribution) -> dict[str, Any]:
    return {
        "feature": contribution.feature,
        "value": round(contribution.value, 4),
        "effect": round(contribution.effect, 2),
        "family": contribution.family,
        "counted": contribution.counted,
        "findings": [span_dict(text, span) for span in contribution.findings],
    }


def unlisted(account: dict[str, Any]) -> int:
    """Return how many unverified claims of a payload are neither in its worklist nor shown below it."""
    shown = (*account["worklist"], *account["worklist_low"])
    listed = {p["sentence"] for row in shown for p in (row, *row["repeats"])}
    rows = enumerate(account["sentences"])
    return sum(row["unverified"] and number not in listed for number, row in rows)


_GIST = 150
"""The most characters of a claim in a summary line."""


def headline(account: dict[str, Any], text: str) -> str:
    """Return the article's title; without one, the first line of the text, cut if it is long."""
    document = account["document"]
    opening = gist(text.lstrip()[:1000].partition("\n")[0])
    return str(document["title"] or opening or document["id"] or "Article")


def gist(text: str) -> str:
    """Return a claim in one line, cut between words if it is long."""
    line = " ".join(visible(text).split())
    return line if len(line) <= _GIST else line[:_GIST].rsplit(" ", 1)[0] + " …"


def visible(text: str) -> str:
    """Return `text` with control and invisible format characters made visible.

    White space is kept, and so is the joiner inside an emoji, which hides nothing.
    """
    if text.isprintable():
        return text
    return "".join(
        c if _harmless(c, text[max(0, i - 1) : i + 2]) else f"‹U+{ord(c):04X}›"
        for i, c in enumerate(text)
    )


def _harmless(c: str, around: str) -> bool:
    if c.isprintable() or c in "\n\t" or unicodedata.category(c) == "Zs":
        return True
    return c == "\u200d" and any(unicodedata.category(n) in {"So", "Sk"} for n in around)
