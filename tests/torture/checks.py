"""Properties that hold for any input: each check takes hostile input and raises if a property fails.

The package's own errors are valid results; any other exception, and any AssertionError, is a fault. The quick tests,
the deep ones and the coverage-guided fuzzer share these checks.
"""

from __future__ import annotations

import io
import json
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema

from reportedly.assessment import comparison as comparison_module
from reportedly.assessment.assessor import Assessor
from reportedly.bundle import store
from reportedly.cli import score
from reportedly.datamodel import Annotated, Assessment, Document, Span
from reportedly.errors import InvalidBundle, ReportedlyError
from reportedly.reading import read_bytes, read_text
from reportedly.reading.disguises import unveil
from reportedly.reading.formats.pages import looks_like_html, read_html
from reportedly.reading.formats.tables import open_table
from reportedly.reading.furniture import find_furniture
from reportedly.reading.line_wrapping import rejoined
from reportedly.reading.segmentation import segment
from reportedly.report import changes
from tests.torture.texts import page_from_bytes

SCHEMA = json.loads(
    (Path(score.__file__).parent.parent / "report" / "schema" / "assessment-1.json").read_text(
        encoding="utf-8"
    )
)
FORMS = {1: "csv", 2: "jsonl", 3: "parquet"}
CHARSETS = (None, "utf-8", "utf-16", "latin-1", "shift_jis", "utf-7", "hex", "idna", "no such")
_VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def reading(data: bytes) -> None:
    """Check that bytes become a valid document, or an error in one line."""
    try:
        document = read_bytes(data)
    except ReportedlyError as error:
        one_line(error)
        return
    clean(document)
    again = read_text(document.text)
    assert again.text == document.text, "reading twice changes the text"


def page(data: bytes) -> None:
    """Check that a web page in any encoding becomes a valid document, or an error in one line."""
    first = (data or b"\0")[0]
    content = page_from_bytes(data[1:]) if first >= 64 else data[1:]
    looks_like_html(content)
    try:
        document = read_html(content, charset=CHARSETS[first % len(CHARSETS)])
    except ReportedlyError as error:
        one_line(error)
        return
    clean(document)


def table(data: bytes) -> None:
    """Check that a table of any format gives numbered rows that are articles or errors."""
    form = FORMS[(data or b"\0")[0] % 3 + 1]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table.{form}"
        path.write_bytes(data[1:])
        try:
            rows = [row for batch in open_table(path).batches(3) for row in batch]
        except ReportedlyError as error:
            one_line(error)
            return
    assert [row.index for row in rows] == list(range(len(rows)))
    for row in rows:
        if row.error is None:
            clean(row.document())
        else:
            assert "\n" not in row.error, row.error
        json.dumps([row.id, row.title, row.error]).encode()


def segmentation(text: str) -> None:
    """Check that spans are right and in order, and that every token is in one sentence."""
    document = as_read(text)
    if document is None:
        return
    as_it_looks(document.text)
    parts = segment(document, find_furniture)
    read, tokens = document.text, parts.tokens
    in_order(read, [(p.start, p.end) for p in parts.paragraphs])
    in_order(read, [(s.start, s.end) for s in parts.sentences])
    in_order(read, list(zip(tokens.starts, tokens.ends, strict=True)))
    assert all(read[tokens.starts[i] : tokens.ends[i]] == f for i, f in enumerate(tokens.forms))
    covered = "".join(tokens.forms)
    assert "".join(covered.split()) == "".join(read.split()), "tokens lose characters"
    assert [s.first for s in parts.sentences] == [0, *(s.last for s in parts.sentences[:-1])][
        : len(parts.sentences)
    ]
    for quotation in parts.quotations:
        inside(read, quotation.span)


def as_it_looks(text: str) -> None:
    """Check that each character of the text as it looks stands for a range of the text, in order, and that joining lines keeps offsets."""
    seen = unveil(text)
    spans = [seen.back(Span(at, at + 1)) for at in range(len(seen.text))]
    in_order(text, [(span.start, span.end) for span in spans])
    joined = rejoined(text)
    assert len(joined) == len(text)
    assert all(a == b or (a.isspace() and b == " ") for a, b in zip(text, joined, strict=True))
    assert all("\n" not in notice for notice in seen.notices)
    # White space apart: where lines end is judged by all of them, and joining some leaves others to judge by.
    again = unveil(seen.text).text
    assert again.split() == seen.text.split(), "what a text looks like looks different"


def assessment(text: str, title: str = "") -> Assessment | None:
    """Check every detector, every signal and the risk: spans inside the text, scores in range, a valid payload."""
    try:
        found = assessor().assess(text, title)
    except ReportedlyError as error:
        one_line(error)
        return None
    read = found.annotated.text
    for span in spans_of(found):
        inside(read, span)
    account = found.to_dict()
    _VALIDATOR.validate(account)
    for value in self_checking(account):
        assert read[value["start"] : value["end"]] == value["text"]
    foreign = (found.risk.abstained or "").startswith("not English")
    for signal in found.signals:  # NaN is "not measured", which only foreign texts are
        assert math.isnan(signal.score) if foreign else 0 <= signal.score <= 100
    assert found.risk.score is None or 0 <= found.risk.score <= 100
    json.dumps(account, allow_nan=False).encode()
    return found


def reports(text: str, title: str = "") -> None:
    """Check that every format is written in UTF-8 and has as many lines as it should."""
    found = assessment(text, title)
    if found is None:
        return
    for form in score.FORMATS:
        tally = score.Tally()
        written = "".join(
            score.render_assessments(iter([found]), form, tally, many=False, colour=False)
        )
        written.encode("utf-8")
        check = _FORMS.get(form)
        if check is not None:
            check(written)
    comparison = comparison_module.compare(found, found)
    changes.changes_in_lines(comparison)
    changes.render_changes(comparison)


def same(ours: Assessment | Annotated, theirs: Assessment | Annotated) -> None:
    """Tell whether two results are equal; confidences may differ by rounding."""
    plain = []
    for answer in (ours, theirs):
        annotated = answer if isinstance(answer, Annotated) else answer.annotated
        known = [a.confidence for a in (*annotated.attributions, *annotated.hedges)]
        known += [claim.checkworthiness for claim in annotated.claims]
        known += [source.chance or 0.0 for source in annotated.sources]
        known += [
            chance
            for claim in annotated.claims
            for chance in (*(claim.worth or ()), claim.unsupported, claim.priority)
            if chance is not None
        ]
        annotated = replace(
            annotated,
            attributions=tuple(replace(a, confidence=0.0) for a in annotated.attributions),
            sources=tuple(replace(s, chance=None) for s in annotated.sources),
            hedges=tuple(replace(h, confidence=0.0) for h in annotated.hedges),
            claims=tuple(
                replace(c, checkworthiness=0.0, worth=None, unsupported=None, priority=None)
                for c in annotated.claims
            ),
        )
        whole = annotated if isinstance(answer, Annotated) else replace(answer, annotated=annotated)
        plain.append((whole, known))
    assert plain[0][0] == plain[1][0]
    both = zip(plain[0][1], plain[1][1], strict=True)
    assert all(abs(one - other) <= 1.1e-4 for one, other in both)


def stored_arrays(data: bytes) -> None:
    """Check that bytes in place of a part's archive are read or refused, and nothing else happens."""
    part = sorted(store.PARTS)[(data or b"\0")[0] % len(store.PARTS)]
    try:
        store._build(part, data[1:])
    except InvalidBundle as error:
        one_line(error)


def manifest(data: bytes) -> None:
    """Check that bytes in place of the manifest are refused in one line."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / store.MANIFEST).write_bytes(data)
        try:
            store.load_bundle(folder)
        except InvalidBundle as error:
            one_line(error)
        else:
            raise AssertionError("a bundle without parts was loaded")


def bundles(data: bytes) -> None:
    """Check a part's archive, or a manifest."""
    (manifest if data[:1] == b"{" else stored_arrays)(data)


def assessor(made: list[Assessor] = []) -> Assessor:  # noqa: B006 - one for the process
    """Return the assessor with the bundle that ships."""
    if not made:
        made.append(Assessor())
    return made[0]


def as_read(text: str) -> Document | None:
    """Return `text` as the program reads it, or None if it is refused."""
    try:
        return read_text(text)
    except ReportedlyError as error:
        one_line(error)
        return None


def clean(document: Document) -> None:
    """Assert that a document satisfies the data model."""
    assert document.text.strip()
    assert "\r" not in document.text
    (document.text + document.title + document.id).encode("utf-8")


def one_line(error: BaseException) -> None:
    """Assert that a message is one line without control characters."""
    message = str(error)
    assert message.strip(), "an error without a message"
    assert "\n" not in message, f"more than one line: {message!r}"
    assert len(message) < 2_000, f"a message of {len(message)} characters"


def inside(text: str, span: Span) -> None:
    """Assert that a span is a non-empty range of the text."""
    assert 0 <= span.start < span.end <= len(text), span


def in_order(text: str, ranges: list[tuple[int, int]]) -> None:
    """Assert that ranges follow each other inside the text."""
    at = 0
    for start, end in ranges:
        assert at <= start < end <= len(text), (at, start, end)
        at = end


def spans_of(found: Assessment) -> Iterator[Span]:
    """Yield every span of an assessment."""
    annotated = found.annotated
    for attribution in annotated.attributions:
        yield from (*attribution.source, *attribution.cue, *attribution.content)
    for source in annotated.sources:
        yield from source.mentions
        yield from (source.reason_span,) if source.reason_span else ()
    for hedge in annotated.hedges:
        yield hedge.span
        yield from (hedge.scope,) if hedge.scope else ()
    for signal in found.signals:
        yield from (finding.span for finding in signal.findings)
    for contribution in found.contributions:
        yield from contribution.findings


def self_checking(value: object) -> Iterator[dict[str, Any]]:
    """Yield every ``{start, end, text}`` in a payload."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for inner in value.values():
            yield from self_checking(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from self_checking(inner)


def _lines_of_json(written: str) -> None:
    assert written.count("\n") == 1
    json.loads(written)


def _workflow_commands(written: str) -> None:
    """Assert that all lines that begin with ::, which GitHub takes for commands, are this program's own."""
    for line in io.StringIO(written, newline="\n"):
        assert line.startswith(("::notice ", "::warning ", "::error ")), line


def _no_controls(written: str) -> None:
    """Assert that no escape sequence of the article reaches the terminal."""
    bad = [c for c in written if (c < " " and c not in "\n\t") or "\x7f" <= c <= "\x9f"]
    assert not bad, f"control characters reach the terminal: {bad[:5]!r}"


_FORMS: dict[str, Callable[[str], Any]] = {
    "jsonl": _lines_of_json,
    "json": json.loads,
    "sarif": json.loads,
    "github": _workflow_commands,
    "terminal": _no_controls,
}
