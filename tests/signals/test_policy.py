"""Newsroom policies: what is read, what is refused, what is applied."""

import pytest

from reportedly.datamodel import Annotated, Document, Finding, Source, Span
from reportedly.errors import InvalidPolicy
from reportedly.reading.segmentation import segment
from reportedly.signals import SIGNALS
from reportedly.signals.policy import (
    DEFAULTS,
    PRESETS,
    apply,
    load_policy,
    parse_policy,
    rules,
    write_policy,
)

HEAD = 'schema = "reportedly/policy/1"\n'


def test_the_catalogue_and_the_code_know_the_same_rules():
    """Every rule has a wording and every wording a rule; besides the signals' rules there are only limits."""
    found = tuple(rule for signal in SIGNALS for rule in signal.rules)
    assert sorted(rule.id for rule in rules().values() if not rule.limit) == sorted(found)
    assert all(rule.what and rule.guidance and rule.message for rule in rules().values())


@pytest.mark.parametrize("name", [DEFAULTS, *PRESETS])
def test_a_policy_that_is_shown_is_whole_and_the_same(name):
    """The printed policy has every rule and limit, and reading it gives the same policy."""
    policy = load_policy(name)
    shown = write_policy(policy)
    again = parse_policy(shown, "shown")
    for rule in rules().values():
        assert again.level_of(rule.id) == policy.level_of(rule.id)
        assert (rule.limit or rule.id) in shown
    assert (again.limits, again.guidance, again.messages) == (
        policy.limits,
        policy.guidance,
        policy.messages,
    )
    whole = "\n".join(
        line.removeprefix("# ") if " = " in line else line for line in shown.splitlines()
    )
    everything = parse_policy(whole, "uncommented")
    assert set(everything.limits) == {rule.limit for rule in rules().values() if rule.limit}
    assert set(everything.guidance) == set(everything.messages) == set(rules())


def test_rules_of_every_signal_are_weighed_by_name_or_by_beginning():
    """A full rule name overrides a prefix; messages are the newsroom's, with the article's words filled in."""
    policy = parse_policy(
        HEAD + 'name = "House"\n[levels]\nhedging = "off"\n"hedging.hearsay" = "error"\n'
        '[guidance]\n"claims.none" = "Ring somebody."\n[messages]\n"hedging.hearsay" = "“{words}”: who says?"\n',
        "house.toml",
    )
    annotated = Annotated(segment(Document("Reportedly, it may sail.")), (), (), (), ())
    found = [
        Finding("hedging.hearsay", "hedging", Span(0, 10), "m"),
        Finding("hedging.epistemic", "hedging", Span(15, 18), "m"),
        Finding("claims.none", "unverified_claims", Span(0, 24), "m"),
    ]
    weighed = apply(policy, found, annotated)
    assert [(f.rule, f.level, f.message, f.guidance) for f in weighed] == [
        ("hedging.hearsay", "error", "“Reportedly”: who says?", "House"),
        ("claims.none", "note", "m", "House: Ring somebody."),
    ]


def test_shares_of_hedges_and_claims_have_limits_too():
    """The limits are on the signals' scores; a level sets how serious breaking one is."""
    policy = parse_policy(
        HEAD + 'name = "House"\n[levels]\n"policy.hedged-share" = "note"\n[limits]\nhedged_share = 0.2\n'
        "unverified_share = 0.5\nunverified_claims = 3\n", "house.toml",
    )  # fmt: skip
    annotated = Annotated(segment(Document("x")), (), (), (), ())
    scores = {"hedging": 25.0, "unverified_claims": 40.0}
    assert [(f.rule, f.level) for f in apply(policy, [], annotated, scores)] == [
        ("policy.hedged-share", "note")
    ]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = ", "not TOML"),
        ("", "schema is None"),
        (HEAD + "colour = 1", "unknown key 'colour'"),
        (HEAD + "levels = 3", "levels must be a table"),
        (HEAD + '[levels]\n"sourcing.nope" = "note"', "no rule 'sourcing.nope'"),
        (HEAD + '[levels]\n"sourcing.bare" = "fatal"', "expected one of off, note"),
        (HEAD + '[guidance]\n"sourcing.bare" = 3', "must be text"),
        (HEAD + "[limits]\nnope = 1", "no limit 'nope'"),
        (HEAD + '[levels]\n"sourcing.bear" = "note"', "did you mean 'sourcing.bare'"),
        (HEAD + '[messages]\n"sourcing.bare" = 3', "must be text"),
        (HEAD + "[limits]\nanonymous_share = 50", "from 0 to 1"),
        (HEAD + "[limits]\nunnamed_sources = -1", "a number of distinct"),
        (HEAD + "[limits]\nsingle_unnamed_source = 1", "expected one of"),
    ],
)
def test_a_broken_policy_is_refused_with_its_fault(source, message):
    """The message names the policy and the key."""
    with pytest.raises(InvalidPolicy, match=message):
        parse_policy(source, "house.toml")


def test_a_missing_file_is_refused_with_the_presets():
    """If the name is neither a file nor a preset, the message names the presets."""
    with pytest.raises(InvalidPolicy, match="ap-like, reuters-like, nyt-like"):
        load_policy("no-such-house.toml")


def test_levels_and_limits_are_applied():
    """Off drops a finding, a level replaces its level, other rules are unchanged, and a broken limit is a finding."""
    policy = parse_policy(
        HEAD + 'name = "House"\n[levels]\n"sourcing.bare" = "off"\n"sourcing.sole" = "error"\n'
        '[limits]\nanonymous_share = 0.5\nunnamed_sources = 0\nsingle_unnamed_source = "warning"\n',
        "house.toml",
    )
    annotated = Annotated(
        segment(Document("x")), (), (Source("s1", "a source", "unnamed", 2),), (), ()
    )
    found = [
        Finding(rule, "anonymous_sourcing", Span(0, 1), "m")
        for rule in ("sourcing.bare", "sourcing.sole", "sourcing.vague")
    ]
    weighed = {f.rule: f.level for f in apply(policy, found, annotated)}
    assert weighed == {
        "sourcing.sole": "error",
        "sourcing.vague": "note",
        "policy.anonymous-share": "error",
        "policy.unnamed-sources": "error",
        "policy.single-unnamed-source": "warning",
    }
