"""A feature's value as a count that a reader can check in the article: "3 of 13 statements"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

import numpy as np

from reportedly.datamodel import Annotated
from reportedly.risk.signal_features import PRIOR_STATEMENTS
from reportedly.risk.style_features import kept_tokens


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes of an article (words, sentences, statements …) that shares and rates are relative to."""

    words: int
    sentences: int
    statements: int
    attributions: int
    claims: int

    def named(self) -> Mapping[str, int]:
        """Return the numbers by field name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def sizes_of(annotated: Annotated) -> Sizes:
    """Return the sizes of an article, without page furniture."""
    segmented = annotated.segmented
    spoken = zip(segmented.tokens.forms, kept_tokens(segmented).tolist(), strict=True)
    return Sizes(
        words=sum(kept and any(map(str.isalnum, form)) for form, kept in spoken),
        sentences=[s.furniture for s in segmented.sentences].count(False),
        statements=sum(source.statements for source in annotated.sources),
        attributions=len(annotated.attributions),
        claims=sum(claim.support is not None for claim in annotated.claims),
    )


@dataclass(frozen=True, slots=True)
class _Share:
    """A feature that is a share: `of` is the field of :class:`Sizes` in its denominator, `noun` the name of what is counted.

    `added` is what the formula adds to the denominator; `rate` is the factor that turns the feature's value into a
    share. An article's own count is an integer if `whole` is set.
    """

    of: str
    noun: str
    added: float = 0.0
    link: str = "of"
    rate: float = 1.0

    def told(self, value: float, usual: float, sizes: Sizes) -> str:
        """Return the value as a count, and the usual count in an article of this size."""
        whole = sizes.named()[self.of]
        if not whole:
            return f"no {self.noun}"
        own, other = ((x * self.rate * (whole + self.added)) for x in (value, usual))
        return (
            f"{_number(own)} {self.link} {whole} {self.noun}, usually {_about(min(other, whole))}"
        )


@dataclass(frozen=True, slots=True)
class _Measure:
    """A feature in a unit of its own, `noun`; `scale` computes it from the feature's value."""

    noun: str
    scale: Callable[[float], float] = float

    def told(self, value: float, usual: float, sizes: Sizes) -> str:
        """Return the value and the usual one, which do not depend on the article's sizes."""
        del sizes
        return f"{_number(self.scale(value))} {self.noun}, usually {_about(self.scale(usual))}"


def _number(value: float) -> str:
    """Return a count; in tenths if the counted things can weigh less than one."""
    near = round(value)
    return str(near) if abs(value - near) < 0.02 else f"{value + _HALF_UP:.1f}"


_HALF_UP = 1e-6
"""Added before rounding, so that 17.75 from a logarithm rounds alike whatever NumPy's last digit."""


def _about(value: float) -> str:
    """Return the usual value: rounded to integers from two on."""
    return f"{value:.0f}" if value >= 1.95 else f"{value:.1f}"


_STATEMENTS = _Share("statements", "statements", PRIOR_STATEMENTS)
_CLAIMS = _Share("claims", "claims worth checking", PRIOR_STATEMENTS)
_IN_SENTENCES = _Share("sentences", "sentences", link="in")
_OF_SENTENCES = _Share("sentences", "sentences", rate=0.01)
_IN_WORDS = _Share("words", "words", link="in", rate=0.01)
_UNITS: dict[str, _Share | _Measure] = {
    "signal_attributions": _IN_SENTENCES,
    "signal_named_density": _IN_SENTENCES,
    "signal_document_density": _IN_SENTENCES,
    "signal_person_share": _STATEMENTS,
    "signal_organisation_share": _STATEMENTS,
    "signal_document_share": _STATEMENTS,
    "signal_press_share": _STATEMENTS,
    "signal_unnamed_share": _STATEMENTS,
    "signal_vague_share": _STATEMENTS,
    "signal_anonymity": _STATEMENTS,
    "signal_anonymity_unexplained": _STATEMENTS,
    "signal_anonymity_alone": _STATEMENTS,
    "signal_sole_source": _STATEMENTS,
    "signal_direct_share": _Share("attributions", "statements", PRIOR_STATEMENTS),
    "signal_checkworthy": _Share("sentences", "sentences", PRIOR_STATEMENTS),
    "signal_unverified": _CLAIMS,
    "signal_unsupported": _CLAIMS,
    "signal_anonymous_support": _CLAIMS,
    "signal_recorded": _CLAIMS,
    "signal_vouched": _CLAIMS,
    "signal_claims_bare": _Share("sentences", "sentences", PRIOR_STATEMENTS, link="in"),
    "signal_hedged_reporter": _IN_SENTENCES,
    "signal_hedged_source": _IN_SENTENCES,
    "signal_hearsay": _IN_SENTENCES,
    "signal_approximators": _IN_SENTENCES,
    "signal_lead_support": _Measure("of the first 3 claims", lambda v: 3 * v),
    "style_sentence_length": _Measure("words a sentence", np.exp),
    "style_paragraph_length": _Measure("words a paragraph", np.exp),
    "style_sentence_spread": _Measure("(spread of their logarithm)"),
    "style_word_length": _Measure("letters a word"),
    "style_long_words": _IN_WORDS,
    "style_reading_ease": _Measure("on Flesch's scale", lambda v: 10 * v),
    "style_variety": _Measure("different words in 50", lambda v: 50 * v),
    "style_quoted": _Measure("% of the text"),
    "style_headline_loud": _Measure("in the headline"),
    "style_headline_address": _Measure("in the headline"),
    "style_sentence_capital_runs": _OF_SENTENCES,
    "style_sentence_short": _OF_SENTENCES,
    "style_sentence_question": _OF_SENTENCES,
    "style_sentence_exclaim": _OF_SENTENCES,
}
"""The unit of each feature; other features of style are counted in the article's words."""


def recounted(feature: str, value: float, usual: float, sizes: Sizes) -> str:
    """Return the `value` of a feature, and its `usual` one, as counts that a reader can check."""
    if feature == "signal_sources":
        known = np.expm1(value + 0.5 * np.log1p(sizes.sentences / 10))
        return f"{_number(float(known))} in {sizes.sentences} sentences"
    return _UNITS.get(feature, _IN_WORDS).told(value, usual, sizes)
