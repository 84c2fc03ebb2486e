"""Newsroom policies: what is read, what is refused, what is applied."""

import pytest

from reportedly.datamodel import Annotated, Document, Finding, Source, Span
from reportedly.errors import InvalidPolicy
from reportedly.reading.segmentation import segment
from reportedly.signals.policy import apply, load_policy, parse_policy, rules
from reportedly.signals.sourcing_rules import RULES

HEAD = 'schema = "reportedly/policy/1"\n'


def test_the_catalogue_and_the_code_know_the_same_rules():
    """No rule without wording, no wording without rule."""
    assert tuple(rules()) == RULES


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
        (HEAD + "[limits]\nunnamed_sources = -1", "a number from 0"),
        (HEAD + "[limits]\nsingle_unnamed_source = 1", "expected one of"),
    ],
)
def test_a_broken_policy_is_refused_with_its_fault(source, message):
    """The message names the policy and the key."""
    with pytest.raises(InvalidPolicy, match=message):
        parse_policy(source, "house.toml")


def test_a_missing_file_is_refused_with_the_presets():
    """Neither file nor preset: the presets are named."""
    with pytest.raises(InvalidPolicy, match="ap-like, reuters-like, nyt-like"):
        load_policy("no-such-house.toml")


def test_levels_and_limits_are_applied():
    """Off drops, a level replaces, unmentioned stays, a broken limit is a finding of its own."""
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
