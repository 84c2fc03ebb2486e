"""``reportedly policy``: write, check and list newsroom policies."""

from __future__ import annotations

from collections import Counter

import click

from reportedly.cli.output import write
from reportedly.signals.policy import (
    DEFAULTS,
    PRESETS,
    Policy,
    Rule,
    load_policy,
    rules,
    write_policy,
)


@click.group("policy", subcommand_metavar="COMMAND [ARGS]...")
def policy_command() -> None:
    """Write, check and list newsroom policies: which findings count, at which level, with which advice, and within which limits."""


@policy_command.command("list")
def list_policies() -> int:
    """List the policies that ship, with a description of each."""
    for name in (DEFAULTS, *PRESETS):
        click.echo(f"{name}: {load_policy(name).what}")
    return 0


@policy_command.command("show")
@click.argument("name", default=DEFAULTS, metavar="[NAME|FILE]")
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
def show_policy(name: str, output: str | None) -> int:
    """Print a policy with all keys, those that it does not set commented out: a template for your own."""
    write([write_policy(load_policy(name))], output)
    return 0


@policy_command.command("check")
@click.argument("file", metavar="FILE")
def check_policy(file: str) -> int:
    """Check a policy: print in one line what is wrong with it, or what it sets and which rules fail."""
    policy = load_policy(file)
    click.echo(f"{file}: {describe_policy(policy)}")
    click.echo(f"fails on: {', '.join(rules_that_fail(policy)) or 'nothing'}")
    return 0


def rules_that_fail(policy: Policy) -> list[str]:
    """Return the rules of which one finding fails a check by this policy: its errors, and of its limits those that are set."""
    known = [rule for rule in rules().values() if not rule.limit or rule.limit in policy.limits]
    return [rule.id for rule in known if _level_of(policy, rule) == "error"]


def _level_of(policy: Policy, rule: Rule) -> str:
    """Return the level of a rule by this policy; the limit on a single unnamed source is a level itself."""
    single = policy.limits[rule.limit] if rule.limit == "single_unnamed_source" else rule.level
    return str(policy.level_of(rule.id) or single)


def describe_policy(policy: Policy) -> str:
    """Return in one line how many rules a policy sets to which level, and its limits."""
    counts = Counter(policy.level_of(r.id) or r.level for r in rules().values() if not r.limit)
    levels = ", ".join(
        f"{counts[name]} {name}" for name in ("error", "warning", "note", "off") if counts[name]
    )
    limits = ", ".join(f"{name} {value}" for name, value in policy.limits.items())
    return f"{policy.name}: rules {levels}; limits {limits or 'none'}"
