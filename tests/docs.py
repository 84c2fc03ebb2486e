"""The generated pages of docs/, and a check that they match the code.

``python -m tests.docs --write`` writes them again; ``tests/test_docs.py`` compares.
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from reportedly import Assessor
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.cli import COMMANDS, cli
from reportedly.datamodel import Annotated, Document, Segmented
from reportedly.reading import read_file
from reportedly.reading.headlines import without_headline
from reportedly.report import html, terminal
from reportedly.risk.signal_features import documented
from reportedly.signals import SIGNALS
from reportedly.signals.base import count
from reportedly.signals.policy import PRESETS, load_policy, rules

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


GLANCE = """# Commands

The tests run the commands of this first section. [Reports and formats](reports.md) says what goes in and comes out, [settings](configuration.md) what need not be typed each time.

```
reportedly score a.docx b.md page.html             # text, Word, Markdown, PDF, pages, URLs, folders, tables, or -
reportedly score a.txt --format json               # terminal, json, jsonl, html, csv, sarif, github
reportedly score draft.md --policy house.toml      # exit status 1: it finds errors by your newsroom's policy
reportedly score drafts/ --summary                 # a line an article: risk, signals, claims to check
reportedly claims a.txt                            # the worklist: claims to check, and who stands behind each
reportedly claims drafts/ --top 20                 # one list over a folder, each claim with file and line
reportedly compare old.txt new.txt                 # what changed between two versions
reportedly text page.html                          # the text that is taken from a page, to which all offsets refer
reportedly correct a.txt --wrong s6                # your word on the ledger, beside the article; scores and reports follow
reportedly serve                                   # one page on this machine: paste a text, get its report
reportedly batch articles.parquet -o out.parquet --jobs 2 --resume
reportedly signals                                 # every signal, its formula and its rules
reportedly model                                   # the card of the bundle: what it learnt from, what was measured
```

A single article is read by two networks together, a batch by the smaller one, ten times as fast; `--reader student` reads single articles as batches do.

| exit status | |
|---|---|
| 0 | done |
| 1 | done, and a limit (`--fail-over`, `--fail-on`, a policy's errors) was met |
| 2 | bad usage or unreadable input, told in one line on standard error |

# Reference

Generated from `--help` by `make docs`.
"""


def cli_page() -> str:
    """Return the commands at a glance and the help of every command."""
    parts = [GLANCE]
    context = click.Context(
        cli, info_name="reportedly", terminal_width=96, help_option_names=["-h", "--help"]
    )
    parts += ["```", cli.get_help(context), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts += _help(command, f"reportedly {name}", context)
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """Return the section of one command, and of those below it."""
    context = click.Context(command, info_name=name.rsplit(maxsplit=1)[-1], parent=parent)
    lines = [f"## {name}", "", "```", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            assert inner is not None
            lines += _help(inner, f"{name} {sub}", context)
    return lines


def signals_section() -> str:
    """Return the part of docs/signals.md that derives from SIGNALS."""
    lines = [BEGIN, ""]
    for signal in SIGNALS:
        lines += [
            f"## {signal.title} (`{signal.name}`)",
            "",
            f"**What it finds.** {signal.what}",
            "",
            f"**Why it matters.** {signal.why}",
            "",
            f"**Score.** {signal.formula}",
            "",
            f"**Known problems.** {signal.known_problems}",
            "",
            f"**Example.** {signal.example}",
            "",
            "**Rules.** " + ", ".join(f"`{rule}`" for rule in signal.rules),
            "",
        ]
    return "\n".join([*lines, END])


def signals_page() -> str:
    """Return docs/signals.md with its generated part up to date."""
    text = (ROOT / "docs" / "signals.md").read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    return head + signals_section() + tail


def policies_section() -> str:
    """Return the rules and limits of docs/policies.md: the catalogue, with the level of each in every preset."""
    presets = {name: load_policy(name) for name in PRESETS}
    known = rules()
    lines = ["## Rules", "", "| rule | what it finds | by itself | " + " | ".join(presets) + " |"]
    lines.append("|---" * (3 + len(presets)) + "|")
    for rule in known.values():
        levels = [p.level_of(rule.id) or "" for p in presets.values()]
        place = f'<a id="{rule.id.replace(".", "")}"></a>`{rule.id}`'  # where SARIF's help leads
        lines.append(f"| {place} | {rule.what} | {rule.level} | {' | '.join(levels)} |")
    lines += [
        "",
        "## Limits",
        "",
        "A limit that is broken is a finding of its rule, `policy.…`, an error unless `[levels]` says otherwise.",
        "",
    ]
    lines += [
        "| limit | rule | takes | " + " | ".join(presets) + " |",
        "|---" * (3 + len(presets)) + "|",
    ]
    for rule in known.values():
        if rule.limit:
            values = [str(p.limits.get(rule.limit, "")) for p in presets.values()]
            lines.append(f"| `{rule.limit}` | `{rule.id}` | {rule.takes} | {' | '.join(values)} |")
    return "\n".join([BEGIN, "", *lines, "", END])


def policies_page() -> str:
    """Return docs/policies.md with its generated part up to date."""
    text = (ROOT / "docs" / "policies.md").read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    return head + policies_section() + tail


README_EXAMPLE = "data/examples/harbour-pumps.txt"
README_PARTS = {"": 0, "Ledger: who vouches for what": 4, "Worklist": 1, "Risk": 0}
"""The sections of the terminal report in the README, with the number of items shown; an ellipsis marks the rest."""
README_ITEM = re.compile(r"  s\d+ | \d\.\d\d ")
"""The beginning of a ledger line and of a worklist item."""
OUTPUT_BEGIN, OUTPUT_END = "<!-- output: begin -->", "<!-- output: end -->"


def readme_output() -> str:
    """Return the output of `reportedly score` on the README's example: the sections of `README_PARTS`, each cut after its first items."""
    document = read_file(ROOT / README_EXAMPLE)
    console = Console(file=io.StringIO(), width=112, color_system=None, force_jupyter=False)
    terminal.print_report(Assessor().assess(replace(document, id=README_EXAMPLE)), console)
    assert isinstance(console.file, io.StringIO)
    shown: list[str] = []
    title, items = "", 0
    for line in map(str.rstrip, console.file.getvalue().splitlines()):
        if line.startswith("── "):
            title, items = line.removeprefix("── ").partition(" (")[0].partition(": claims")[0], 0
        items += bool(README_ITEM.match(line))
        if title in README_PARTS and items <= (README_PARTS[title] or items):
            shown.append(line)
        elif shown[-1] != "…":
            shown[-1:] = ["…"] if not shown[-1] else [shown[-1], "…"]
    return "\n".join(shown)


def readme_page() -> str:
    """Return README.md with the current output."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    head, tail = text.split(OUTPUT_BEGIN)[0], text.split(OUTPUT_END)[1]
    return f"{head}{OUTPUT_BEGIN}\n```\n{readme_output()}\n```\n{OUTPUT_END}{tail}"


WALK_BEGIN, WALK_END = "<!-- walk: begin -->", "<!-- walk: end -->"


def walk() -> str:
    """Return the result of each package for the README's example, one table row per step."""
    document = read_file(ROOT / README_EXAMPLE)
    assessor = Assessor()
    annotated = next(assessor.annotate_many([document]))
    found = assessor.assess_annotated(annotated)
    steps = [
        *_parts_read(document, annotated.segmented),
        _reader_step(assessor, annotated.segmented),
        *_parts_found(annotated),
    ]
    scores = ", ".join(f"{s.name} {s.score:g}" for s in found.signals)
    low, high = found.risk.interval or (0.0, 0.0)
    most = found.contributions[0]
    payload = found.to_dict()
    steps += [
        ("signals", "`SIGNALS`, each measured", scores),
        ("risk", f"`RiskModel.assess`, {len(documented())} features beside the wording", f"{found.risk.score:g} ({low:g} to {high:g}), {found.risk.band}; most from {most.meaning} ({most.effect:+.1f})"),
        ("assessment", "`Assessor.assess`", f"`Assessment`: all of this, in places of the text as it was read; {len(payload)} parts as plain values"),
        ("report", "`html.render_html`", f"one page of {len(html.render_html(found)) // 1000} thousand characters"),
    ]  # fmt: skip
    rows = [f"| `{room}` | {step} | {value} |" for room, step, value in steps]
    return "\n".join(["| room | step | gives |", "|---|---|---|", *rows])


def _parts_read(document: Document, parts: Segmented) -> list[tuple[str, str, str]]:
    """Return the results of reading."""
    looks = "as it is" if parts.document.origin is None else "otherwise"
    headline = parts.headline.text if parts.headline else "none"
    return [
        ("reading", "`read_file`", f"`Document`: {len(document.text):,} characters, {document.encoding}"),
        ("reading", "`as_it_looks`", f"the document that is scored: it looks {looks}"),
        ("reading", "`segment`", f"{len(parts.paragraphs)} paragraphs, {len(parts.sentences)} sentences, {len(parts.tokens)} tokens, {len(parts.quotations)} quotations; the headline “{headline}”"),
    ]  # fmt: skip


def _reader_step(assessor: Assessor, parts: Segmented) -> tuple[str, str, str]:
    """Return the reader's probabilities, with its answer for the first sentence."""
    body = without_headline(parts)
    read = assessor.bundle.detectors.attribution.reader.read(DocBatch.of(body)).readings[0]
    attributed = read.answers[0, YES_NO.index("attributed")]
    return (
        "annotation/reader",
        "`Reader.read`",
        f"`Reading`: chances of {len(YES_NO)} answers for each of {len(read.answers)} sentences and of a tag for each of {len(read.tags)} words; that the first sentence is attributed: {attributed:.2f}",
    )


def _parts_found(annotated: Annotated) -> list[tuple[str, str, str]]:
    """Return the results of annotation: the number and the first of each kind."""
    text = annotated.text
    said = next(a for a in annotated.attributions if a.source and a.cue)
    source = next(s for s in annotated.sources if s.id == said.source_id)
    hedge = annotated.hedges[0]
    claim = next(c for c in annotated.claims if c.checkworthy)
    words = annotated.segmented.sentences[claim.sentence].span.of(text)
    source_of, cue = said.source[0].of(text), said.cue[0].of(text)
    content = said.content[0].of(text)
    return [
        ("annotation/attribution", "`attributions_in`", f"{len(annotated.attributions)} attributions, as of “{content}”: source “{source_of}”, cue “{cue}”"),
        ("annotation/sources", "`resolve_sources`", f"{len(annotated.sources)} sources, as “{source.label}”: {source.source_class}, anonymity {source.anonymity or 'not granted'}, {count(source.statements, 'statement')}"),
        ("annotation/hedging", "`hedges_in`", f"{len(annotated.hedges)} hedges, as “{hedge.span.of(text)}”: {hedge.kind}, in the {hedge.voice}’s voice"),
        ("annotation/claims", "`read_claims`", f"{sum(c.checkworthy for c in annotated.claims)} claims worth checking, as “{words}”: {claim.checkworthiness:.2f}, support {claim.support}"),
    ]  # fmt: skip


def architecture_page() -> str:
    """Return docs/architecture.md with the current walk through an article."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    head, tail = text.split(WALK_BEGIN)[0], text.split(WALK_END)[1]
    return f"{head}{WALK_BEGIN}\n{walk()}\n{WALK_END}{tail}"


PAGES = {
    "docs/architecture.md": architecture_page,
    "docs/cli.md": cli_page,
    "docs/policies.md": policies_page,
    "docs/signals.md": signals_page,
    "README.md": readme_page,
}


if __name__ == "__main__":
    for name, page in PAGES.items():
        if "--write" in sys.argv:
            (ROOT / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"{name}: {len(page().splitlines())} lines\n")
