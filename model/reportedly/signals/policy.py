"""A newsroom's own sourcing rules: which findings count, how gravely, and the limits of a whole article.

A policy is a TOML file::

    schema = "reportedly/policy/1"
    name = "The Harbour Gazette"
    what = "…"                         # optional, like citation
    [levels]                           # rule id -> "off", "note", "warning" or "error"
    "sourcing.bare" = "error"
    [guidance]                         # rule id -> the newsroom's own words
    "sourcing.bare" = "never plain “a source”"
    [limits]
    anonymous_share = 0.5              # of all attributed statements
    unnamed_sources = 3                # distinct unnamed sources of one article
    single_unnamed_source = "error"    # an article that rests on one unnamed source alone

Rules that a policy does not mention keep their default level.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from reportedly.datamodel import ANONYMOUS_CLASSES, Annotated, Finding, Level, Span
from reportedly.errors import InvalidPolicy

POLICY_SCHEMA = "reportedly/policy/1"
PRESETS = ("ap-like", "reuters-like", "nyt-like")

PolicyLevel = Literal["off", "note", "warning", "error"]
_LEVELS: tuple[str, ...] = get_args(PolicyLevel)
_LIMITS = frozenset({"anonymous_share", "unnamed_sources", "single_unnamed_source"})
_KEYS = frozenset({"schema", "name", "what", "citation", "levels", "guidance", "limits"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue: what a finding of it means."""

    id: str
    what: str
    message: str
    level: Level
    credweb: tuple[str, ...]
    guidance: str


@dataclass(frozen=True, slots=True)
class Policy:
    """A newsroom's rules; `levels` and `guidance` are by rule id."""

    name: str
    what: str = ""
    citation: str = ""
    levels: Mapping[str, PolicyLevel] = field(default_factory=dict)
    guidance: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float | str] = field(default_factory=dict)


@cache
def rules() -> dict[str, Rule]:
    """Return the catalogue of sourcing rules by id, read at first use."""
    table = tomllib.loads(
        (files("reportedly.signals") / "policies" / "rules.toml").read_text("utf-8")
    )
    return {
        row["id"]: Rule(
            id=row["id"],
            what=row["what"],
            message=row["message"],
            level=row["level"],
            credweb=tuple(row["credweb"]),
            guidance=row["guidance"],
        )
        for row in table["rule"]
    }


def load_policy(name: str | Path) -> Policy:
    """Return the preset called `name`, or the policy in the file `name`.

    Raises
    ------
    InvalidPolicy
        When there is neither, or the file breaks the schema above.
    """
    if str(name) in PRESETS:
        source = (files("reportedly.signals") / "policies" / f"{name}.toml").read_text("utf-8")
        return parse_policy(source, str(name))
    path = Path(name)
    try:
        source = path.read_text("utf-8")
    except OSError as error:
        presets = ", ".join(PRESETS)
        raise InvalidPolicy(
            f"no policy {str(name)!r}: {error.strerror}; give a TOML file, or one of {presets}"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidPolicy(f"policy {str(name)!r} is not UTF-8 text") from error
    return parse_policy(source, str(name))


def parse_policy(source: str, name: str) -> Policy:
    """Return the policy written in `source`; `name` serves the error messages.

    Raises
    ------
    InvalidPolicy
        When the text is no TOML or breaks the schema; the message names the key.
    """
    try:
        table = tomllib.loads(source)
    except (ValueError, RecursionError) as error:  # numbers without end, brackets without end
        raise InvalidPolicy(f"policy {name!r} is not TOML: {error}") from error
    if table.get("schema") != POLICY_SCHEMA:
        raise InvalidPolicy(
            f"policy {name!r}: schema is {table.get('schema')!r}, expected {POLICY_SCHEMA!r}"
        )
    unknown = set(table) - _KEYS
    if unknown:
        raise InvalidPolicy(
            f"policy {name!r}: unknown key {min(unknown)!r}; there are {_listed(_KEYS)}"
        )
    for key in ("levels", "guidance", "limits"):
        if not isinstance(table.get(key, {}), dict):
            raise InvalidPolicy(f"policy {name!r}: {key} must be a table")
    _check_rules(table.get("levels", {}), table.get("guidance", {}), name)
    _check_limits(table.get("limits", {}), name)
    return Policy(
        name=str(table.get("name", name)),
        what=str(table.get("what", "")),
        citation=str(table.get("citation", "")),
        levels=table.get("levels", {}),
        guidance=table.get("guidance", {}),
        limits=table.get("limits", {}),
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _check_rules(levels: Mapping[str, Any], guidance: Mapping[str, Any], name: str) -> None:
    """Check that every rule exists and every level is one."""
    known = rules()
    for rule in (*levels, *guidance):
        if rule not in known:
            raise InvalidPolicy(f"policy {name!r}: no rule {rule!r}; there are {', '.join(known)}")
    for rule, level in levels.items():
        if level not in _LEVELS:
            raise InvalidPolicy(
                f"policy {name!r}: {rule} is {level!r}, expected one of {', '.join(_LEVELS)}"
            )
    for rule, words in guidance.items():
        if not isinstance(words, str):
            raise InvalidPolicy(f"policy {name!r}: the guidance of {rule} must be text")


def _check_limits(limits: Mapping[str, Any], name: str) -> None:
    """Check that every limit exists and has a value of its kind."""
    for limit, value in limits.items():
        if limit not in _LIMITS:
            raise InvalidPolicy(
                f"policy {name!r}: no limit {limit!r}; there are {_listed(_LIMITS)}"
            )
        if limit == "single_unnamed_source":
            if value not in _LEVELS:
                raise InvalidPolicy(
                    f"policy {name!r}: {limit} is {value!r}, expected one of {', '.join(_LEVELS)}"
                )
        elif isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise InvalidPolicy(f"policy {name!r}: {limit} is {value!r}, expected a number from 0")


def apply(policy: Policy, findings: Sequence[Finding], annotated: Annotated) -> tuple[Finding, ...]:
    """Return `findings` as `policy` weighs them, and one more for each limit that the article breaks.

    A finding's guidance then names the policy and its words; findings of a rule that is off are dropped.
    """
    weighed = (_weigh(policy, finding) for finding in findings)
    return (*(f for f in weighed if f is not None), *_broken_limits(policy, annotated))


def _weigh(policy: Policy, finding: Finding) -> Finding | None:
    """Return one finding at the level of the policy, or None where the rule is off."""
    level = policy.levels.get(finding.rule)
    if level is None:
        return finding
    if level == "off":
        return None
    words = policy.guidance.get(finding.rule, finding.guidance)
    return replace(finding, level=level, guidance=f"{policy.name}: {words}")


def _broken_limits(policy: Policy, annotated: Annotated) -> list[Finding]:
    """Return a finding for each limit of the policy that the article breaks."""
    limits = policy.limits
    unnamed = [s for s in annotated.sources if s.source_class == "unnamed"]
    statements = sum(s.statements for s in annotated.sources)
    hidden = sum(s.statements for s in annotated.sources if s.source_class in ANONYMOUS_CLASSES)
    found: list[Finding] = []

    def add(rule: str, message: str, level: Level, source_id: str | None = None) -> None:
        found.append(
            Finding(
                rule=rule, signal="anonymous_sourcing", span=Span(0, 0), message=message, level=level,
                credweb=("2c269b10",), guidance=f"{policy.name}: {rule}", source_id=source_id,
            )
        )  # fmt: skip

    most_share = limits.get("anonymous_share")
    if isinstance(most_share, int | float) and statements and hidden / statements > most_share:
        add(
            "policy.anonymous-share",
            f"{hidden} of {statements} statements are anonymous, more than {most_share:.0%}",
            "error",
        )
    most = limits.get("unnamed_sources")
    if isinstance(most, int | float) and len(unnamed) > most:
        add(
            "policy.unnamed-sources",
            f"{len(unnamed)} unnamed sources, more than {most:g}",
            "error",
        )
    level = limits.get("single_unnamed_source", "off")
    if level in ("note", "warning", "error") and len(unnamed) == len(annotated.sources) == 1:
        add(
            "policy.single-unnamed-source",
            f"the article rests on one unnamed source, “{unnamed[0].label}”",
            level,  # type: ignore[arg-type]
            unnamed[0].id,
        )
    return found
