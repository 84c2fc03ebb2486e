"""A newsroom's own rules: which findings count, at which level, with which words, and the limits of a whole article.

A policy is a TOML file::

    schema = "reportedly/policy/1"
    name = "The Harbour Gazette"
    what = "…"                         # optional, like citation
    [levels]                           # rule, or the beginning of several -> "off", "note", "warning" or "error"
    "sourcing.bare" = "error"
    hedging = "off"
    [guidance]                         # rule -> the newsroom's own advice
    "sourcing.bare" = "never plain “a source”"
    [messages]                         # rule -> the newsroom's own words for what was found; {words} are the article's
    "sourcing.bare" = "“{words}” could be anybody"
    [limits]
    anonymous_share = 0.5              # of all attributed statements
    single_unnamed_source = "error"    # an article that rests on one unnamed source alone

Rules that a policy does not mention keep their default level. ``reportedly policy show`` prints a policy with every key.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from textwrap import fill
from typing import Any, Literal, get_args

from reportedly.datamodel import ANONYMOUS_CLASSES, Annotated, Finding, Level, Span
from reportedly.errors import InvalidPolicy, did_you_mean

POLICY_SCHEMA = "reportedly/policy/1"
PRESETS = ("ap-like", "reuters-like", "nyt-like")
DEFAULTS = "defaults"
"""The name of the policy that changes nothing."""

PolicyLevel = Literal["off", "note", "warning", "error"]
_LEVELS: tuple[str, ...] = get_args(PolicyLevel)
_TABLES = ("levels", "guidance", "messages", "limits")
_KEYS = frozenset({"schema", "name", "what", "citation", *_TABLES})
_SHARES = frozenset({"anonymous_share", "hedged_share", "unverified_share"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue: what its findings mean.

    A rule on the whole article has the name of its `limit` in a policy, and the values that it `takes`.
    """

    id: str
    what: str
    message: str
    level: Level
    credweb: tuple[str, ...]
    guidance: str
    limit: str = ""
    takes: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """A newsroom's rules; `levels`, `guidance` and `messages` are by rule id, `levels` also by its beginning."""

    name: str
    what: str = ""
    citation: str = ""
    levels: Mapping[str, PolicyLevel] = field(default_factory=dict)
    guidance: Mapping[str, str] = field(default_factory=dict)
    messages: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, float | str] = field(default_factory=dict)

    def level_of(self, rule: str) -> PolicyLevel | None:
        """Return the level of a rule, by its whole name or its beginning; None if the policy does not set it."""
        for name in (rule, rule.partition(".")[0], "all"):
            if name in self.levels:
                return self.levels[name]
        return None


@cache
def rules() -> dict[str, Rule]:
    """Return the rules of all signals and of the limits by id; read on first use."""
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
            limit=row.get("limit", ""),
            takes=row.get("takes", ""),
        )
        for row in table["rule"]
    }


def load_policy(name: str | Path) -> Policy:
    """Return the preset called `name`, the ``defaults``, or the policy in the file `name`.

    Raises
    ------
    InvalidPolicy
        When there is neither, or the file breaks the schema above.
    """
    if str(name) in PRESETS:
        source = (files("reportedly.signals") / "policies" / f"{name}.toml").read_text("utf-8")
        return parse_policy(source, str(name))
    path = Path(name)
    if str(name) == DEFAULTS and not path.exists():
        return Policy("Defaults", "Every rule at its own level, no limits.")
    try:
        source = path.read_text("utf-8")
    except OSError as error:
        presets = ", ".join((*PRESETS, DEFAULTS))
        raise InvalidPolicy(
            f"no policy {str(name)!r}: {error.strerror}; give a TOML file, or one of {presets}{did_you_mean(str(name), PRESETS)}"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidPolicy(f"policy {str(name)!r} is not UTF-8 text") from error
    return parse_policy(source, str(name))


def parse_policy(source: str, name: str) -> Policy:
    """Return the policy written in `source`; `name` is used in error messages.

    Raises
    ------
    InvalidPolicy
        When the text is not TOML or breaks the schema; the message names the key.
    """
    try:
        table = tomllib.loads(source)
    except (ValueError, RecursionError) as error:  # numbers without end, too many nested brackets
        raise InvalidPolicy(f"policy {name!r} is not TOML: {error}") from error
    if table.get("schema") != POLICY_SCHEMA:
        raise InvalidPolicy(
            f"policy {name!r}: schema is {table.get('schema')!r}, expected {POLICY_SCHEMA!r}"
        )
    unknown = set(table) - _KEYS
    if unknown:
        raise InvalidPolicy(
            f"policy {name!r}: unknown key {min(unknown)!r}; there are {_listed(_KEYS)}{did_you_mean(min(unknown), _KEYS)}"
        )
    for key in _TABLES:
        if not isinstance(table.get(key, {}), dict):
            raise InvalidPolicy(f"policy {name!r}: {key} must be a table")
    _check_levels(table.get("levels", {}), name)
    for key in ("guidance", "messages"):
        _check_words(table.get(key, {}), key, name)
    _check_limits(table.get("limits", {}), name)
    return Policy(
        name=str(table.get("name", name)),
        what=str(table.get("what", "")),
        citation=str(table.get("citation", "")),
        levels=table.get("levels", {}),
        guidance=table.get("guidance", {}),
        messages=table.get("messages", {}),
        limits=table.get("limits", {}),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _families() -> tuple[str, ...]:
    """Return the beginnings of rules: ``sourcing`` and the like."""
    return tuple(dict.fromkeys(rule.partition(".")[0] for rule in rules()))


def _check_levels(levels: Mapping[str, Any], name: str) -> None:
    """Check that every rule, or beginning of rules, exists and that every level is valid."""
    known = (*rules(), *_families(), "all")
    for rule, level in levels.items():
        _check_known(rule, known, name)
        if level not in _LEVELS:
            raise InvalidPolicy(
                f"policy {name!r}: {rule} is {level!r}, expected one of {', '.join(_LEVELS)}"
            )


def _check_words(words: Mapping[str, Any], table: str, name: str) -> None:
    """Check that every rule exists and has words."""
    for rule, said in words.items():
        _check_known(rule, tuple(rules()), name)
        if not isinstance(said, str):
            raise InvalidPolicy(f"policy {name!r}: the {table} of {rule} must be text")


def _check_known(rule: str, known: Sequence[str], name: str) -> None:
    if rule not in known:
        near = did_you_mean(rule, known)
        raise InvalidPolicy(
            f"policy {name!r}: no rule {rule!r}; there are {', '.join(known)}{near}"
        )


def _check_limits(limits: Mapping[str, Any], name: str) -> None:
    """Check that every limit exists and has a value of its kind."""
    known = {rule.limit: rule.takes for rule in rules().values() if rule.limit}
    for limit, value in limits.items():
        if limit not in known:
            raise InvalidPolicy(
                f"policy {name!r}: no limit {limit!r}; there are {_listed(known)}{did_you_mean(limit, known)}"
            )
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if limit == "single_unnamed_source":
            if value not in _LEVELS:
                raise InvalidPolicy(
                    f"policy {name!r}: {limit} is {value!r}, expected one of {', '.join(_LEVELS)}"
                )
        elif not number or value < 0 or (limit in _SHARES and value > 1):
            raise InvalidPolicy(f"policy {name!r}: {limit} is {value!r}, expected {known[limit]}")


def apply(
    policy: Policy,
    findings: Sequence[Finding],
    annotated: Annotated,
    scores: Mapping[str, float] | None = None,
) -> tuple[Finding, ...]:
    """Return `findings` at the levels of `policy`, and one more for each limit that the article breaks.

    The guidance of a finding then names the policy and has its words; findings of a rule that is off are dropped. `scores` are
    those of the signals by name, for limits on shares.
    """
    weighed = (weigh(policy, finding, annotated.text) for finding in findings)
    return (
        *(f for f in weighed if f is not None),
        *broken_limits(policy, annotated, scores or {}),
    )


def weigh(policy: Policy, finding: Finding, text: str = "") -> Finding | None:
    """Return one finding in `text` at the level of the policy and in its words; None if the rule is off."""
    level, rule = policy.level_of(finding.rule), finding.rule
    if level == "off":
        return None
    if level is None and rule not in policy.guidance and rule not in policy.messages:
        return finding
    advice = policy.guidance.get(rule, finding.guidance)
    words = " ".join(finding.span.of(text).split())
    return replace(
        finding,
        level=level or finding.level,
        message=policy.messages.get(rule, finding.message).replace("{words}", words),
        guidance=f"{policy.name}: {advice}" if advice else policy.name,
    )


def broken_limits(
    policy: Policy, annotated: Annotated, scores: Mapping[str, float]
) -> tuple[Finding, ...]:
    """Return a finding for each limit of the policy that the article breaks, at the policy's level.

    A limit's guidance names the policy; `scores` are those of the signals by name, 0 to 100.
    """
    found = []
    for rule_id, message, signal, source_id in _broken(policy.limits, annotated, scores):
        rule = rules()[rule_id]
        level = policy.limits.get("single_unnamed_source") if source_id else rule.level
        own = Finding(
            rule_id, signal, Span(0, 0), message, level, rule.credweb, rule.guidance, source_id  # type: ignore[arg-type]
        )  # fmt: skip
        weighed = weigh(policy, own)
        if weighed is own:
            weighed = replace(own, guidance=f"{policy.name}: {rule.guidance}")
        if weighed is not None:
            found.append(weighed)
    return tuple(found)


def _broken(
    limits: Mapping[str, float | str], annotated: Annotated, scores: Mapping[str, float]
) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield rule, message and signal of each limit that is broken, and the source if the limit is about a single one."""
    unnamed = [s for s in annotated.sources if s.source_class == "unnamed"]
    statements = sum(s.statements for s in annotated.sources)
    hidden = sum(s.statements for s in annotated.sources if s.source_class in ANONYMOUS_CLASSES)
    unverified = sum(claim.unverified for claim in annotated.claims)

    def over(limit: str, value: float) -> bool:
        most = limits.get(limit)
        return isinstance(most, int | float) and value > most

    if statements and over("anonymous_share", hidden / statements):
        yield (
            "policy.anonymous-share",
            f"{hidden} of {statements} statements are anonymous, more than {limits['anonymous_share']:.0%}",
            "anonymous_sourcing",
            None,
        )
    if over("unnamed_sources", len(unnamed)):
        yield (
            "policy.unnamed-sources",
            f"{len(unnamed)} unnamed sources, more than {limits['unnamed_sources']:g}",
            "anonymous_sourcing",
            None,
        )
    single = limits.get("single_unnamed_source", "off")
    if single != "off" and len(unnamed) == len(annotated.sources) == 1:
        yield (
            "policy.single-unnamed-source",
            f"the article rests on one unnamed source, “{unnamed[0].label}”",
            "anonymous_sourcing",
            unnamed[0].id,
        )
    for limit, signal, what in (
        ("hedged_share", "hedging", "sentences are hedged"),
        ("unverified_share", "unverified_claims", "check-worthy claims are unverified"),
    ):
        value = scores.get(signal, 0.0) / 100
        if over(limit, value):
            yield (
                f"policy.{limit.replace('_', '-')}",
                f"{value:.0%} of the {what}, more than {limits[limit]:.0%}",
                signal,
                None,
            )
    if over("unverified_claims", unverified):
        yield (
            "policy.unverified-claims",
            f"{unverified} unverified claims, more than {limits['unverified_claims']:g}",
            "unverified_claims",
            None,
        )


def write_policy(policy: Policy) -> str:
    """Return a policy as TOML with every key and what it does, as a template.

    Keys that the policy does not set are commented out, with their default.
    """
    head = {
        "schema": POLICY_SCHEMA,
        "name": policy.name,
        "what": policy.what,
        "citation": policy.citation,
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in head.items()]
    lines += ["", "# A line that is commented out shows the default.", ""]
    lines += _levels_section(policy)
    lines += _limits_section(policy)
    lines += ["[guidance]  # your own advice, by rule"]
    lines += [_line(r.id, policy.guidance.get(r.id), r.guidance) for r in rules().values()]
    lines += ["", "[messages]  # your own words for what was found; {words} are the article's"]
    lines += [_line(r.id, policy.messages.get(r.id), _own_words(r)) for r in rules().values()]
    return "\n".join(lines) + "\n"


def _levels_section(policy: Policy) -> Iterator[str]:
    """Yield the lines of the table of levels."""
    yield "[levels]  # off, note, warning or error; sourcing, hedging, claims and all set every rule below them"
    for rule in rules().values():
        if rule.limit != "single_unnamed_source":  # the value of the limit is its level
            yield from _comment(rule.what)
            yield _line(rule.id, policy.level_of(rule.id), rule.level)
    yield ""


def _limits_section(policy: Policy) -> Iterator[str]:
    """Yield the lines of the table of limits; one that is commented out is not applied."""
    yield "[limits]  # of a whole article; a limit without a line is not applied"
    for rule in rules().values():
        if rule.limit:
            yield from _comment(f"{rule.what} Takes {rule.takes}.")
            example = "error" if rule.limit == "single_unnamed_source" else 3
            default = 0.5 if rule.limit in _SHARES else example
            yield _line(rule.limit, policy.limits.get(rule.limit), default)
    yield ""


def _line(key: str, own: object, default: object) -> str:
    """Return a key with the policy's own value, or commented out with the default."""
    shown = key if key.isidentifier() else _quoted(key)
    return f"# {shown} = {_quoted(default)}" if own is None else f"{shown} = {_quoted(own)}"


def _own_words(rule: Rule) -> str:
    """Return a rule's message as a policy may reword it: only the article's words are filled in."""
    return rule.message.replace("{label}", "{words}").partition(" and carries {")[0]


def _comment(text: str) -> list[str]:
    return fill(text, 96, initial_indent="# ", subsequent_indent="# ").split("\n")


def _quoted(value: object) -> str:
    """Return a value as TOML writes it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
