"""``reportedly compare``: what changed between two versions of an article."""

from __future__ import annotations

import json
from typing import Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.assessment import comparison
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import InputOptions, read_input
from reportedly.cli.output import NO_CORRECTIONS, PRIOR, READER, write
from reportedly.datamodel.payload import visible
from reportedly.errors import InvalidRequest
from reportedly.report import changes as comparing
from reportedly.report.markup import CLASS_NAMES, FIGURES, SUPPORT_NAMES

_SIGNS = {"worse": "-", "better": "+", "neutral": "·"}


@click.command("compare")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "json", "html"]),
    default="terminal",
    show_default=True,
)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
@click.option(
    "--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships."
)
@click.option("--no-risk", is_flag=True, help="Give no risk, only the evidence.")
@READER
@NO_CORRECTIONS
@PRIOR
def compare_command(old: str, new: str, form: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Show what changed from OLD to NEW, the most serious change first, and whether NEW is worse or better."""
    if old == new == "-":
        raise InvalidRequest("both versions are standard input; give at least one as a file")
    bundle = options["bundle"]
    loaded = load_bundle(bundle) if bundle else None
    assessor = assessing.Assessor(loaded, prior=options["prior"], reader=options["reader"])
    how = InputOptions(
        allow_private=options["allow_private"], no_corrections=options["no_corrections"]
    )
    found = comparison.compare(
        assessor.assess(read_input(old, how)),
        assessor.assess(read_input(new, how)),
        risk=not options["no_risk"],
    )
    if form == "json":
        text = json.dumps(found, ensure_ascii=False, indent=1) + "\n"
    elif form == "html":
        text = comparing.render_changes(found)
    else:
        text = comparison_text(found)
    write([text], output)
    return 0


def comparison_text(found: dict[str, Any]) -> str:
    """Return a comparison for a terminal: the most serious change, all changes, the evidence, the risk."""
    lines = [found["first"], "", found["new"]["title"] or found["new"]["id"] or "article"]
    lines.append(
        f"  {'; '.join([*comparing.changes_in_lines(found), comparing.sentences_kept(found['sentences'])])}"
    )
    for title, rows in comparing.changes_by_weight(found):
        lines += ["", title, *(f"  {_SIGNS[r['effect']]} {r['message']}{_where(r)}" for r in rows)]
    lines += ["", "Evidence", *(f"  {line}" for line in _evidence(found))]
    if "risk" in found:
        lines += [
            "",
            f"Risk {_moved(found['risk'])}: how often texts like this were labelled unreliable",
        ]
    return "\n".join(_one_line(line) for line in lines) + "\n"


def _where(row: dict[str, Any]) -> str:
    """Return the sentence numbers of a change: in the new version, or in the old one if the words are gone."""
    numbers, which = (row["sentences"], "") if row["sentences"] else (row["old_sentences"], "old ")
    if not numbers:
        return ""
    return f" ({which}sentence{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))})"


def _evidence(found: dict[str, Any]) -> list[str]:
    """Return how signals, ledger and worklist moved, one line each."""
    ledger, worklist = found["ledger"], found["worklist"]
    return [
        *(f"{name.replace('_', ' ')} {_moved(row)}" for name, row in found["signals"].items()),
        *(f"{FIGURES[name]} {_moved(row, 1)}" for name, row in found["figures"].items()),
        f"sources {ledger['old']} → {ledger['new']}",
        *(f"  - {r['label']} ({CLASS_NAMES[r['class']]})" for r in ledger["removed"]),
        *(f"  + {r['label']} ({CLASS_NAMES[r['class']]})" for r in ledger["added"]),
        f"claims to check {worklist['old']} → {worklist['new']}",
        *(
            f"  gone, {SUPPORT_NAMES[r['support']]} behind it: {r['text']}"
            for r in worklist["removed"]
        ),
        *(
            f"  new, {SUPPORT_NAMES[r['support']]} behind it: {r['text']}"
            for r in worklist["added"]
        ),
    ]


def _moved(row: dict[str, float | None], digits: int = 0) -> str:
    old, new = (("none" if x is None else f"{x:.{digits}f}") for x in (row["old"], row["new"]))
    change = "" if row["change"] is None else f" ({row['change']:+.1f})"
    return f"{old} → {new}{change}"


def _one_line(text: str) -> str:
    """Return a line without control characters that would move the terminal's cursor; the indent is kept."""
    indent = len(text) - len(text.lstrip(" "))
    return " " * indent + " ".join(visible(text).split())
