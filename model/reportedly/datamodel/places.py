"""Map what was found in a text as it looks back to offsets in the text as it was read.

Every value that holds a :class:`Span`, or has a `start` and an `end`, is moved by the same rule, whatever its fields:
a new kind of finding needs no code here.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from reportedly.datamodel.assessment import Assessment
from reportedly.datamodel.text import Document, Headline, Origin, Span, Tokens


def as_read(assessment: Assessment) -> Assessment:
    """Return `assessment` with offsets into the document as it was read, and also `notices` of what was undone."""
    annotated = assessment.annotated
    origin = annotated.segmented.document.origin
    if origin is None:
        return assessment
    if origin.seen.starts:
        moved: Assessment = taken_back(assessment, origin)
    else:  # the offsets are the same: nearly always only white space differs
        segmented = taken_back(annotated.segmented, origin)
        moved = replace(assessment, annotated=replace(annotated, segmented=segmented))
    return replace(moved, notices=(*origin.seen.notices, *moved.notices))


def taken_back(value: Any, origin: Origin) -> Any:  # noqa: ANN401 - a value of any type, and one of the same
    """Return a value with every span in it, at any depth, mapped back to the document as it was read."""
    match value:
        case tuple():
            return tuple([taken_back(item, origin) for item in value])
        case Span():
            return origin.seen.back(value)
        case Document():
            return origin.document
        case Tokens():
            return _tokens(value, origin)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes = {f.name: taken_back(getattr(value, f.name), origin) for f in fields(value)}
    if changes.keys() >= {"start", "end"}:
        place = origin.seen.back(Span(changes["start"], changes["end"]))
        changes |= {"start": place.start, "end": place.end}
    if isinstance(value, Headline):
        changes |= _headline(changes["text"], changes["span"], origin)
    return replace(value, **changes)


def _headline(text: str, span: Span | None, origin: Origin) -> dict[str, Any]:
    """Return the words of a headline as written, and whether they were the title."""
    if origin.headline is not None:
        return {"text": origin.headline, "given": True}
    words = " ".join(span.of(origin.document.text).split()) if span else text
    return {"text": words, "given": False}


def _tokens(tokens: Tokens, origin: Origin) -> Tokens:
    """Return tokens with the offsets and the words of the text as it was read."""
    seen, text = origin.seen, origin.document.text
    starts, ends = tokens.starts, tokens.ends
    if seen.starts:
        starts = tuple(map(seen.starts.__getitem__, starts))
        ends = tuple([seen.ends[end - 1] for end in ends])
    forms = tuple([text[start:end] for start, end in zip(starts, ends, strict=True)])
    return Tokens(forms, starts, ends)
