"""``reportedly compare``: what changed between two versions of an article."""

from __future__ import annotations

import json
from typing import Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.assessment import comparison
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import Reading, read_input
from reportedly.cli.output import PRIOR, write
from reportedly.datamodel.payload import visible
from reportedly.errors import InvalidRequest
from reportedly.report import changes as comparing
from reportedly.report.markup import CLASS_NAMES, SUPPORT_NAMES

_CHANGES = {
    "lost": "support lost",
    "gained": "support gained",
    "weaker": "weaker support",
    "stronger": "stronger support",
}


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
@PRIOR
def compare_command(old: str, new: str, form: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Tell what changed from OLD to NEW: sources named and un-named, hedges, support, risk."""
    if old == new == "-":
        raise InvalidRequest("both versions are standard input; give at least one as a file")
    bundle = options["bundle"]
    assessor = assessing.Assessor(load_bundle(bundle) if bundle else None, prior=options["prior"])
    how = Reading(allow_private=options["allow_private"])
    found = comparison.compare(
        assessor.assess(read_input(old, how)), assessor.assess(read_input(new, how))
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
    """Return a comparison for a terminal."""
    lines = [visible(found["new"]["title"] or found["new"]["id"] or "article")]
    lines.append(f"  Risk {_moved(found['risk'])}")
    lines += [f"  {name.replace('_', ' ')} {_moved(row)}" for name, row in found["signals"].items()]
    lines.append(
        f"  {'; '.join(comparing.changes_in_lines(found)) or 'no source, hedge or support changed'}"
    )
    for title, rows in (
        ("Sources", _source_lines(found["sources"])),
        ("Claims", _claim_lines(found)),
        ("Hedges", [_hedge_line(row) for row in found["hedges"]]),
    ):
        if rows:
            lines += ["", title, *(f"  {_one_line(row)}" for row in rows)]
    return "\n".join(lines) + "\n"


def _moved(row: dict[str, float | None]) -> str:
    old, new = (("none" if x is None else f"{x:.0f}") for x in (row["old"], row["new"]))
    change = "" if row["change"] is None else f"  ({row['change']:+.1f})"
    return f"{old} → {new}{change}"


def _source_lines(sources: dict[str, Any]) -> list[str]:
    def where(row: dict[str, Any]) -> str:
        numbers = row["sentences"]
        return f"(sentence{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))})"

    return [
        *(f"- un-named: {r['old']} → {r['new']} {where(r)}" for r in sources["unnamed"]),
        *(f"+ named: {r['old']} → {r['new']} {where(r)}" for r in sources["named"]),
        *(f"  gone: {r['label']} ({CLASS_NAMES[r['class']]})" for r in sources["removed"]),
        *(f"  new: {r['label']} ({CLASS_NAMES[r['class']]})" for r in sources["added"]),
    ]


def _claim_lines(found: dict[str, Any]) -> list[str]:
    claims = found["claims"]
    return [
        *(
            f"{'-' if r['change'] in {'lost', 'weaker'} else '+'} {_CHANGES[r['change']]}"
            f" ({SUPPORT_NAMES[r['old']]} → {SUPPORT_NAMES[r['new']]}): {r['text']}"
            for r in found["support"]
        ),
        *(f"- new, {SUPPORT_NAMES[r['support']]} behind it: {r['text']}" for r in claims["added"]),
        *(f"+ gone, was unverified: {r['text']}" for r in claims["removed"]),
    ]


def _hedge_line(row: dict[str, Any]) -> str:
    sign = "-" if row["change"] == "dropped" else "+"
    return f"{sign} {row['change']}: {row['words']} ({row['kind']}, sentence {row['sentence']})"


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())
