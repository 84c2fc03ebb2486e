"""Reports do not contradict themselves: numbers in sentences are counts of what is shown, in every format."""

from __future__ import annotations

import html as escaping
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from reportedly import Assessor
from reportedly.cli.score import terminal
from reportedly.datamodel import Assessment, Risk
from reportedly.datamodel.columns import article_columns
from reportedly.report.html import render_html
from reportedly.signals import SIGNALS
from tests.annotations import annotated
from tests.behaviour.articles import TEMPLATES

ROOT = Path(__file__).parent.parent
KINDS = ("epistemic", "hearsay", "approximator", "conditional")
HIDDEN = {"unnamed", "vague"}


def numbers(words: str) -> list[int]:
    """Return the numbers in a sentence, without those in quoted words."""
    return [int(n) for n in re.findall(r"\d+", re.sub(r"“.*?”", "", words, flags=re.DOTALL))]


def anonymity_counts(account: dict[str, Any]) -> list[int]:
    """Return the numbers that the summary of anonymous sourcing must give, counted in the ledger."""
    whole, unclear = account["ledger"]["statements"], len(account["unclear"])
    by_class = {
        name: [s["statements"] for s in account["sources"] if s["class"] == name] for name in HIDDEN
    }
    unnamed, vague = by_class["unnamed"], by_class["vague"]
    told = [sum(unnamed), whole, len(unnamed)] if unnamed else []
    told += [max(unnamed)] if len(unnamed) > 1 else []
    if vague:
        told += [sum(vague)] if unnamed else [sum(vague), whole]
    if not unnamed and not vague and whole > 1:
        kinds = (("named_person", "named_organisation"), ("document",), ("press",))
        of = [sum(s["statements"] for s in account["sources"] if s["class"] in k) for k in kinds]
        told = [whole, *(filter(None, of) if sum(map(bool, of)) > 1 else ())]
    return told + ([unclear] if unclear else [])


def split_summary(words: str) -> tuple[str, str]:
    """Return what a summary says about statements, and what about the claims that rest on them."""
    last = re.search(r" (?:The headline's claim and )?\d+[^.“]* rests? on such sources\.", words)
    return (words.replace(last[0], ""), last[0]) if last else (words, "")


def hedging_counts(account: dict[str, Any]) -> list[int]:
    """Return the numbers that the summary of hedges must give."""
    rows = [s for s in account["sentences"] if not s["furniture"]]
    hedged = [s for s in rows if s["hedged"]]
    if not hedged:
        return [len(rows)]
    own = [h for h in account["hedges"] if any(s["start"] <= h["start"] < s["end"] for s in hedged)]
    kinds = Counter(h["kind"] for h in own)
    voices = Counter(h["voice"] for h in own)
    return [
        len(hedged), len(rows), len(own), *(kinds[k] for k in KINDS if kinds[k]),
        voices["reporter"], voices["source"],
    ]  # fmt: skip


def assert_claims_counted(account: dict[str, Any]) -> None:
    """Check the summary of claims against the payload's sentences."""
    claims = [s for s in account["sentences"] if s["support"] is not None]
    unverified = [s for s in claims if s["unverified"]]
    told = numbers(account["signals"]["unverified_claims"]["summary"])
    if not claims:
        assert told == []
        return
    first = [len(unverified), len(claims)] if unverified else [len(claims)]
    assert told[: len(first)] == first
    kinds = Counter("unclear" if s["unclear"] else s["support"] for s in (unverified or claims))
    assert sorted(told[len(first) :]) == sorted(kinds.values())


def assert_agrees(account: dict[str, Any]) -> None:
    """Check that every number in a payload's summaries is a count of what it lists."""
    ledger, sources = account["ledger"], account["sources"]
    assert ledger["statements"] == sum(s["statements"] for s in sources)
    assert all(s["statements"] == len(set(s["sentences"])) > 0 for s in sources)
    assert ledger["lines"] == len(sources)
    assert ledger["unclear"] == len(account["unclear"])
    if ledger["trust"]:
        told = [ledger["unclear"]] * (ledger["unclear"] > 0)
        told.append(ledger["statements"] + ledger["unclear"])
        assert numbers(ledger["trust"])[: len(told)] == told
    signals = account["signals"]
    told_of, resting = split_summary(signals["anonymous_sourcing"]["summary"])
    assert numbers(told_of) == anonymity_counts(account)
    assert numbers(resting) == sorted(numbers(resting))  # so many of so many
    assert numbers(signals["hedging"]["summary"]) == hedging_counts(account)
    assert_claims_counted(account)


def in_terminal(words: str) -> dict[str, int]:
    """Return the number of statements of each line of a printed ledger by id; unclear ones are under ``?``."""
    table = words.split("── Ledger")[1].split("── Worklist", maxsplit=1)[0]
    found: Counter[str] = Counter()
    for key, count in re.findall(r"^  (s\d+|\?) .*?  +(\d+)  ", table, flags=re.MULTILINE):
        found[key] += int(count)
    return dict(found)


def in_page(page: str) -> dict[str, int]:
    """Return the same from a page."""
    table = page.split('id="h-ledger"')[1].split('id="h-worklist"', maxsplit=1)[0]
    found: Counter[str] = Counter()
    rows = re.findall(r'class="code">(s\d+|\?)<.*?class="num">(\d+)<', table, flags=re.DOTALL)
    for key, count in rows:
        found[key] += int(count)
    return dict(found)


def assert_formats_agree(assessment: Assessment) -> None:
    """Check terminal, page and table against the payload."""
    account = assessment.to_dict()
    wanted = {s["id"]: s["statements"] for s in account["sources"]}
    wanted |= {"?": len(account["unclear"])} if account["unclear"] else {}
    printed, page = terminal(assessment), render_html(assessment)
    assert in_terminal(printed) == in_page(page) == wanted
    for one in account["unclear"]:
        assert one["shown"].endswith((", unclear who", ", unclear whose words"))
        assert " ".join(one["shown"].split()) in " ".join(escaping.unescape(page).split())
    if account["ledger"]["trust"]:
        assert account["ledger"]["trust"] in " ".join(printed.split())
        assert account["ledger"]["trust"][1:] in page
    row = article_columns(assessment)
    assert row["statements"] == account["ledger"]["statements"]
    assert row["statements_unclear"] == len(account["unclear"])
    assert row["claims_unverified"] == sum(s["unverified"] for s in account["sentences"])
    text = " ".join(printed.split("── Article")[1].split("── Signals")[0].split())
    listed = {p["sentence"] for item in account["worklist"] for p in (item, *item["repeats"])}
    named = {n for s in account["sources"] for n in s["sentences"]}
    for number in named | listed | {one["sentence"] for one in account["unclear"]}:
        assert f"[{number + 1}] " in text  # a sentence named by number carries it
        assert f'data-number="{number + 1}"' in page


def assert_nobody_beside_nobody(account: dict[str, Any]) -> None:
    """Check that no claim is shown with nobody behind it if the ledger has somebody stating it."""
    said = {n for s in account["sources"] for n in s["sentences"]}
    for number, sentence in enumerate(account["sentences"]):
        assert sentence["support"] != "none" or number not in said, number


@given(found=annotated())
@settings(max_examples=60, deadline=None)
def test_any_annotation_is_summed_up_truly(found):
    """For any annotation, the summaries count what is shown."""
    signals = tuple(signal.measure(found) for signal in SIGNALS)
    assert_agrees(Assessment(found, signals, Risk(None, None, None, "a test")).to_dict())


@given(found=annotated())
@settings(max_examples=15, deadline=None)
def test_formats_tell_the_same_of_any_annotation(found):
    """Terminal, page, JSON and table show the same lines and counts."""
    signals = tuple(signal.measure(found) for signal in SIGNALS)
    assert_formats_agree(Assessment(found, signals, Risk(None, None, None, "a test")))


@pytest.fixture(scope="module")
def assessed() -> list[Assessment]:
    """Return assessments of invented articles: the shipped examples, every eighth of the corpus, and the templates."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "data" / "examples").glob("*.txt"))]
    lines = (ROOT / "data" / "corpus" / "articles.jsonl").read_text("utf-8").splitlines()
    texts += [json.loads(line)["text"] for line in lines[::8]]
    texts += [template.make().text for template in TEMPLATES]
    return list(Assessor(reader="student").assess_many(texts))


def test_articles_are_summed_up_truly(assessed):
    """The summaries are right for articles as for random annotations."""
    for assessment in assessed:
        assert_agrees(assessment.to_dict())


def test_formats_tell_the_same_of_articles(assessed):
    """The formats agree for articles as well."""
    for assessment in assessed[::3]:
        assert_formats_agree(assessment)


def test_no_claim_has_nobody_behind_it_whom_the_ledger_quotes(assessed):
    """The worklist does not contradict the ledger."""
    for assessment in assessed:
        assert_nobody_beside_nobody(assessment.to_dict())
