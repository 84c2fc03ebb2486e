"""What a case asserts about an assessment; a failed check says what it expected and got."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from reportedly.datamodel import Assessment, Source

Check = Callable[[Assessment], str]
"""A function that returns what is wrong, or an empty string."""


def _classes(found: Assessment) -> str:
    return ", ".join(
        f"{s.label!r} {s.source_class} x{s.statements}" for s in found.annotated.sources
    )


def source_class(wanted: str) -> Check:
    """Check that the ledger has a source of this class."""

    def check(found: Assessment) -> str:
        ok = any(s.source_class == wanted for s in found.annotated.sources)
        return "" if ok else f"wanted a source of class {wanted}, got {_classes(found) or 'none'}"

    return check


def only_class(wanted: str) -> Check:
    """Check that the ledger has sources of this class and no other."""

    def check(found: Assessment) -> str:
        ok = {s.source_class for s in found.annotated.sources} == {wanted}
        return "" if ok else f"wanted only {wanted}, got {_classes(found) or 'none'}"

    return check


def no_attribution(found: Assessment) -> str:
    """Check that nothing is attributed."""
    return "" if not found.annotated.attributions else f"wanted none, got {_classes(found)}"


def sources(number: int) -> Check:
    """Check how many distinct sources the ledger has."""

    def check(found: Assessment) -> str:
        ok = len(found.annotated.sources) == number
        return "" if ok else f"wanted {number} sources, got {_classes(found) or 'none'}"

    return check


def _anonymous(found: Assessment) -> Iterable[Source]:
    return (s for s in found.annotated.sources if s.source_class == "unnamed")


def anonymity(wanted: str | None) -> Check:
    """Check that an unnamed source is granted this kind of anonymity; with None, that no source is granted any."""

    def check(found: Assessment) -> str:
        got = {s.anonymity for s in found.annotated.sources} - {None}
        ok = got == ({wanted} if wanted else set())
        return "" if ok else f"wanted anonymity {wanted}, got {got or None}; {_classes(found)}"

    return check


def reason(wanted: str) -> Check:
    """Check how the stated reason for anonymity is rated."""

    def check(found: Assessment) -> str:
        got = [s.reason for s in _anonymous(found)]
        return "" if wanted in got else f"wanted reason {wanted}, got {got}"

    return check


def described(wanted: bool) -> Check:
    """Check whether the unnamed source is described."""

    def check(found: Assessment) -> str:
        got = [s.described for s in _anonymous(found)]
        return "" if got and all(g is wanted for g in got) else f"wanted {wanted}, got {got}"

    return check


def corroborated(wanted: bool) -> Check:
    """Check whether another source corroborates the unnamed one."""

    def check(found: Assessment) -> str:
        got = [s.corroborated for s in _anonymous(found)]
        return "" if got and any(got) is wanted else f"wanted {wanted}, got {got}"

    return check


def hedge(words: str, kind: str, voice: str = "") -> Check:
    """Check that `words` are found as a hedge of this kind, and in this voice if one is given."""

    def check(found: Assessment) -> str:
        hedges = [
            (h.span.of(found.annotated.text).lower(), h.kind, h.voice)
            for h in found.annotated.hedges
        ]
        ok = any(words in cue and kind == k and voice in {"", v} for cue, k, v in hedges)
        return "" if ok else f"wanted {words!r} {kind} {voice}, got {hedges}"

    return check


def no_hedge(found: Assessment) -> str:
    """Check that nothing is hedged."""
    hedges = [h.span.of(found.annotated.text) for h in found.annotated.hedges]
    return f"wanted none, got {hedges}" if hedges else ""


def claim(support: str, sentence: int = 0) -> Check:
    """Check that a sentence makes a check-worthy claim with this support."""

    def check(found: Assessment) -> str:
        got = found.annotated.claims[sentence]
        ok = got.checkworthy and got.support == support
        return "" if ok else f"wanted {support}, got {got}"

    return check


def unverified(wanted: bool, sentence: int = 0) -> Check:
    """Check that a sentence makes a check-worthy claim, verified or unverified."""

    def check(found: Assessment) -> str:
        got = found.annotated.claims[sentence]
        ok = got.checkworthy and got.unverified is wanted
        return "" if ok else f"wanted check-worthy, unverified {wanted}, got {got}"

    return check


def no_claim(found: Assessment) -> str:
    """Check that no sentence is check-worthy."""
    got = [c for c in found.annotated.claims if c.checkworthy]
    return f"wanted none, got {got}" if got else ""


def silent(*words: str) -> Check:
    """Check that no risk is given, for a reason that contains one of `words`."""

    def check(found: Assessment) -> str:
        why = found.risk.abstained
        ok = why is not None and any(word in why for word in words)
        return "" if ok else f"wanted silence ({' or '.join(words)}), got {found.risk}"

    return check


def band(*wanted: str) -> Check:
    """Check that the risk falls into one of these bands."""

    def check(found: Assessment) -> str:
        return "" if found.risk.band in wanted else f"wanted {wanted}, got {found.risk}"

    return check


def furniture(number: int) -> Check:
    """Check how many sentences are page furniture."""

    def check(found: Assessment) -> str:
        marked = [
            s.span.of(found.annotated.text)
            for s in found.annotated.segmented.sentences
            if s.furniture
        ]
        return "" if len(marked) == number else f"wanted {number} lines, got {marked}"

    return check


def sound(found: Assessment) -> str:
    """Check that every span lies in the text and every score between 0 and 100."""
    length = len(found.annotated.text)
    spans = [s for a in found.annotated.attributions for s in (*a.source, *a.cue, *a.content)]
    spans += [h.span for h in found.annotated.hedges]
    spans += [f.span for signal in found.signals for f in signal.findings]
    outside = [s for s in spans if not 0 <= s.start < s.end <= length]
    scores = [signal.score for signal in found.signals]
    ok = not outside and all(0 <= score <= 100 for score in scores)
    return "" if ok else f"spans outside: {outside}; scores {scores}"
