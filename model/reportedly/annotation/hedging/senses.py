"""Other senses of words that can hedge: *may* of permission, *May* the name, *might* meaning strength, *possible* of a most, *possibly* of emphasis.

*Could* is none where it is limited or shut out ("could only", "nobody could"), *certain* where it is of a kind or of what is sure.

Their patterns are data, in ``lexicons/hedge_senses.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from reportedly.lexicons.loader import load, words_of

_NEAR = 6
"""The subject of "may" is within this many words before it."""
_STRESSED = 4
"""The verb that "possibly" stresses is within this many words before it."""
_DENIED = 4
"""The word that denies "certain" is within this many words before it."""
_LIMITED = 4
"""The "only" that limits "could" is within fewer words behind it."""
_NOBODY = 2
"""The "nobody" that is the subject of "could" is within this many words before it."""
_SOLE = frozenset(["the", "be", "have", "his", "her", "its", "their", "if"])
"""Words before "only" that make it a part of what could be: "could be the only one"."""
_DOUBTS = frozenset(["not", "never", "no", "hardly", "far", "less"])
_SHUT_OUT = frozenset(["only", "no", "nobody", "neither", "each", "every", "any"])
_BETWEEN = frozenset(
    ["not", "also", "now", "still", "then", "again", "only", "no", "longer", "never"]
)


def is_other_sense(forms: Sequence[str], first: int, last: int, sentence: tuple[int, int]) -> bool:
    """Tell whether the cue at tokens ``[first, last)`` of a sentence, itself tokens ``[low, high)``, is not a hedge, by its sense."""
    word = forms[first]
    if word == "May" or (word == "Might" and first > sentence[0]):
        return True
    if forms[last - 1].lower() == "possibly":
        return _stresses(forms, last - 1, sentence)
    if last - first != 1:
        return False
    tells = _SENSES.get(word.lower())
    return tells is not None and tells(forms, first, sentence)


def _stresses(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "possibly" at a token stresses what somebody is asked or unable to do: "how could she possibly", "cannot possibly"."""
    low, high = sentence
    before = [form.lower().replace("’", "'") for form in forms[max(low, at - _STRESSED) : at]]
    denied = words_of("hedge_senses", "unable")
    able = [n for n, form in enumerate(before) if form in words_of("hedge_senses", "able") | denied]
    if not able:
        return False
    asks = "?" in forms[at:high] and forms[low].lower().strip("“\"‘'") in words_of(
        "hedge_senses", "asking"
    )
    return asks or before[able[-1]] in denied or not {"not", "n't"}.isdisjoint(before[able[-1] :])


def _is_most(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "possible" at a token is of the most that there can be: "34 of a possible 122 days", "as soon as possible"."""
    after = forms[at + 1].lower() if at + 1 < sentence[1] else "."
    counted = after[0].isdigit() or after in words_of("hedge_senses", "number")
    before = [form.lower() for form in forms[max(sentence[0], at - 1) : at]]
    return before == ["as"] or (counted and before in (["a"], ["maximum"]))


def _is_sure(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "certain" at a token names a kind or what is sure, since nothing before it denies it ("it is not at all certain")."""
    before = [form.lower() for form in forms[max(sentence[0], at - _DENIED) : at]]
    return not any(form in _DOUBTS or form.endswith(("n't", "n’t")) for form in before)


def _is_shut_out(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "could" at a token is of what is limited or what nobody is able to do: "could be used only for", "nobody could"."""
    low, high = sentence
    after = [form.lower() for form in forms[at + 1 : min(high, at + _LIMITED)]]
    before = [form.lower() for form in forms[max(low, at - _NOBODY) : at]]
    limited = "only" in after and _SOLE.isdisjoint(after[: after.index("only")][-1:])
    return limited or not words_of("hedge_senses", "nobody").isdisjoint(before)


def _permits(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "may" at a token is of permission: by its subject, its verb, and a rule or limit beside them."""
    low, high = sentence
    verb = at + 1
    while verb < high and forms[verb].lower() in _BETWEEN:
        verb += 1
    if verb >= high or forms[verb] not in words_of("hedge_senses", "permitted_deed"):
        return False
    before = [form.lower() for form in forms[max(low, at - _NEAR) : at]]
    subject = words_of("hedge_senses", "permitted")
    if subject.isdisjoint(before):
        return False
    denied = verb > at + 1 and forms[at + 1].lower() in ("not", "no", "only")
    if denied or not _SHUT_OUT.isdisjoint(before):
        return True
    words = " ".join(forms[low:high])
    return any(pattern.search(words) is not None for pattern in _contexts())


@cache
def _contexts() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of rules and limits."""
    entries = load("hedge_senses").entries
    return tuple(e.matcher() for e in entries if e.attributes["kind"] in ("rule", "bound"))


def _is_strength(forms: Sequence[str], at: int, sentence: tuple[int, int]) -> bool:
    """Tell whether "might" at a token is a noun."""
    if at == sentence[0] or forms[at - 1].lower() not in words_of("hedge_senses", "of_power"):
        return False
    after = forms[at + 1].lower() if at + 1 < sentence[1] else "."
    inflected = after.endswith(("ed", "s")) and after not in words_of("hedge_senses", "base_form")
    return inflected or after in words_of("hedge_senses", "behind_might")


_SENSES = {
    "possible": _is_most, "certain": _is_sure, "could": _is_shut_out, "may": _permits, "might": _is_strength,
}  # fmt: skip
"""What tells the other senses of a word."""
