"""Changes in what sentences do for an article: cite records, give answers, reasons and notes, report figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from reportedly.assessment.versions.change import Change
from reportedly.assessment.versions.pair import Pair, has_record, mid_sentence
from reportedly.assessment.versions.version import Version
from reportedly.assessment.versions.wording import Word
from reportedly.datamodel import ANONYMOUS_CLASSES, IDENTIFIED_CLASSES
from reportedly.datamodel.payload import gist
from reportedly.lexicons.loader import words_of

Has = Callable[[Version, Sequence[int]], bool]


def _duty(kind: str) -> Has:
    return lambda version, numbers: kind in version.duties(numbers)


def _reasoned(version: Version, numbers: Sequence[int]) -> bool:
    return any(n in version.reasons for n in numbers)


_DUTIES: tuple[tuple[str, Has, str, str], ...] = (
    ("record", has_record, "a document is no longer cited", "a document was added"),
    ("response", _duty("response"), "an answer to what is charged is gone", "an answer to what is charged was added"),
    ("reason", _reasoned, "the reason why {who} unnamed is gone", "the reason why a source is unnamed was added"),
    ("no_answer", _duty("no_answer"), "the note that somebody was asked is gone", "a note that somebody was asked was added"),
    ("disclosure", _duty("disclosure"), "the note on who paid, or has an interest, is gone", "a note on who paid, or has an interest, was added"),
)  # fmt: skip


def duty_changes(old: Version, new: Version, pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield the duties that passages lost or gained, if the whole version has fewer or more of them."""
    for kind, has, lost, won in _DUTIES:
        balance = _count(new, has) - _count(old, has)
        for pair in pairs:
            a, b = pair.passage.old, pair.passage.new
            if not pair.edits or has(old, a) == has(new, b):
                continue
            if has(old, a) and balance < 0:
                message = f"{lost.format(who=_who(old))}: “{_first(old, a, has)}”"
                yield Change(f"{kind}_cut", message, _first(old, a, has), "", a, b)
            elif has(new, b) and balance > 0:
                message = f"{won}: “{_first(new, b, has)}”"
                yield Change(f"{kind}_added", message, "", _first(new, b, has), a, b)


def _count(version: Version, has: Has) -> int:
    return sum(has(version, [n]) for n in version.lines)


def _first(version: Version, numbers: Iterable[int], has: Has) -> str:
    """Return the first sentence that fulfils a duty, cut if it is long."""
    return gist(version.quote([next(n for n in numbers if has(version, [n]))]))


def _who(version: Version) -> str:
    """Return the unnamed source, with the verb: *a source is*."""
    hidden = [s for s in version.annotated.sources if s.source_class == "unnamed"]
    reasoned = [s for s in hidden if s.reason != "none"] or hidden
    if not reasoned:
        return "a source is"
    return f"{mid_sentence(reasoned[0].label)} {'are' if reasoned[0].plural else 'is'}"


def notes(old: Version, new: Version) -> Iterator[Change]:
    """Yield the correction notes that only one version has."""
    before, after = ([_note(v, line.start, line.end) for line in v.notes] for v in (old, new))
    added, cut = [t for t in after if t not in before], [t for t in before if t not in after]
    if added:
        yield Change(
            "correction_added",
            f"a correction note was added: “{gist(' '.join(added))}”",
            "",
            added[0],
        )
    elif cut:
        yield Change(
            "correction_cut", f"a correction note is gone: “{gist(' '.join(cut))}”", cut[0]
        )


def _note(version: Version, start: int, end: int) -> str:
    return " ".join(version.text[start:end].split())


def figure_changes(
    old: Version, new: Version, pairs: Sequence[Pair], replaced: set[str]
) -> Iterator[Change]:
    """Yield the figures that only one version has; `replaced` are those reported as changed."""
    before, after = _figures(old), _figures(new)
    for pair in pairs:
        a, b = pair.passage.old, pair.passage.new
        cut = [w for w in _data(pair.old_words) if w.key not in after and w.key not in replaced]
        if cut:
            yield Change(
                "figures_cut", f"figures are gone: “{pair.quote_old()}”", pair.quote_old(), "", a, b
            )
        added = [w for w in _data(pair.new_words) if w.key not in before]
        if len(added) > 1 and _sourced(new, b):
            yield Change(
                "figures_added",
                f"figures were added: “{pair.quote_new()}”",
                "",
                pair.quote_new(),
                a,
                b,
            )


def _figures(version: Version) -> set[str]:
    headline = version.annotated.segmented.headline
    lines = [*version.lines.values(), *version.notes]
    title = [] if headline is None else headline.text.split()
    return {w.key for line in lines for w in line.words if w.figure} | {f"#{t}" for t in title}


def _data(words: Sequence[Word]) -> list[Word]:
    """Return the figures in digits that are neither dates nor years."""
    days = words_of("revisions", "day") | {"march", "may"}
    near = [
        {words[j].key for j in (i - 1, i + 1) if 0 <= j < len(words)} for i in range(len(words))
    ]
    return [
        w
        for w, beside in zip(words, near, strict=True)
        if w.digits and not beside & days and not _year(w.key)
    ]


def _year(key: str) -> bool:
    return len(key) == 5 and key[1:3] in {"17", "18", "19", "20"} and key[1:].isdigit()


def _sourced(version: Version, numbers: Sequence[int]) -> bool:
    named = any(s.source_class in IDENTIFIED_CLASSES for s in version.sources(numbers))
    return named or has_record(version, numbers)


def claims_come_and_gone(pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield the sentences of only one version that rest on nobody identifiable, or on nothing."""
    for pair in pairs:
        a, b = pair.passage.old, pair.passage.new
        if b and not a:
            yield from _new_sentence(pair.new, b[0])
        elif a and not b:
            yield _cut_sentence(pair.old, a)


def _cut_sentence(old: Version, numbers: tuple[int, ...]) -> Change:
    """Return the loss of sentences by what stood behind the first: a record that it names itself, nobody identifiable, or no claim."""
    said, claim = old.quote(numbers), old.annotated.claims[numbers[0]]
    if claim.standing == "shown" and numbers[0] in claim.support_at:
        message = f"a claim that a record shows is gone: “{gist(said)}”"
        return Change("shown_cut", message, gist(said), "", numbers)
    return Change(
        "claim_gone" if claim.unverified else "sentence_cut", gist(said), gist(said), "", numbers
    )


def _new_sentence(new: Version, number: int) -> Iterator[Change]:
    said = gist(new.quote([number]))
    serves = new.duties([number]) or number in new.reasons or _sourced(new, [number])
    if new.annotated.claims[number].unverified and not serves:
        hidden = [s.label for s in new.sources([number]) if s.source_class in ANONYMOUS_CLASSES]
        behind = hidden[0] if hidden else "nobody"
        message = f"a new claim with {behind} behind it: “{said}”"
        yield Change("claim_added", message, "", said, (), (number,))
    else:
        yield Change("sentence_added", said, "", said, (), (number,))
