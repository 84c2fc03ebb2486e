"""Which sentences report somebody's words: attributions of others are left out, and missing ones added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reportedly.annotation.attribution.passages import (
    OneVoicePassage,
    announcer,
    find_passages,
    touched,
)
from reportedly.annotation.attribution.tagging import form_of
from reportedly.datamodel import Attribution, Segmented, Span

if TYPE_CHECKING:
    from collections.abc import Sequence


def reported(
    segmented: Segmented,
    found: Sequence[Attribution],
    likely: Sequence[float],
    quoted: Sequence[int],
    least: float,
) -> tuple[Attribution, ...]:
    """Return the attributions of the sentences that report, and new ones for reporting sentences without any.

    `likely` are the probabilities, one per sentence, that it reports somebody's words; from `least` on it counts as reporting.
    `quoted` is the number of its quoted tokens. Passages of one speaker (see :mod:`reportedly.annotation.attribution.passages`) report whatever the probability.
    """
    sentences = segmented.sentences
    ends = [s.end for s in sentences]
    passages = find_passages(segmented, likely, least)
    given = {n for p in passages for n in range(p.first, p.last) if not sentences[n].furniture}
    opening = {p.opener for p in passages}
    covered: set[int] = set()
    kept = []
    for attribution in found:
        here = touched((*attribution.source, *attribution.cue, *attribution.content), ends)
        if any(likely[number] > least or number in opening for number in here):
            kept.append(attribution)
            covered |= here
    announcing = _announcing(kept, opening, ends) if opening else {}
    for passage in passages:
        place = announcing.pop(passage.opener, None)
        taken = None if place is None else kept[place]
        attribution = _passage(segmented, passage, taken)
        if place is None:
            kept.append(attribution)
        else:
            kept[place] = attribution
    covered |= given
    for number, (sentence, chance) in enumerate(zip(sentences, likely, strict=True)):
        if chance > least and number not in covered and not sentence.furniture:
            form = form_of(quoted[number], sentence.last - sentence.first)
            kept.append(Attribution((), (), (sentence.span,), form, chance))
    return tuple(sorted(kept, key=lambda attribution: attribution.start))


def _announcing(
    kept: Sequence[Attribution], opening: set[int | None], ends: Sequence[int]
) -> dict[int | None, int]:
    """Return, for sentences that announce a passage, the index in `kept` of the attribution whose cue is last in them."""
    last: dict[int | None, int] = {}
    for place, attribution in enumerate(kept):
        here = touched(attribution.cue, ends)
        number = next(iter(here)) if len(here) == 1 else None
        if number is None or number not in opening:
            continue
        before = last.get(number)
        if before is None or attribution.cue[-1].end > kept[before].cue[-1].end:
            last[number] = place
    return last


def _passage(
    segmented: Segmented, passage: OneVoicePassage, announced: Attribution | None
) -> Attribution:
    """Return the attribution of a passage: `announced`, the one that announces it, if any, with the passage added to its content."""
    sentences = segmented.sentences[passage.first : passage.last]
    content = tuple(s.span for s in sentences if not s.furniture)
    if announced is not None:
        return replace(announced, content=(*announced.content, *content))
    if passage.sure:
        source: tuple[Span, ...] = ()
    elif passage.source is not None:
        source = (passage.source,)
    else:
        source = announcer(segmented, passage.opener) if passage.opener is not None else ()
    return Attribution(source, (), content, "direct", _TAKEN_OVER)


_TAKEN_OVER = 0.9
"""Confidence of a passage's attribution: set by hand, not measured, since the form of the passage decides."""
