"""``reportedly score``: assess articles."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import InputOptions, count_articles, documents, several
from reportedly.cli.output import (
    NO_CORRECTIONS,
    PRIOR,
    READER,
    page_width,
    tell,
    watched,
    write,
)
from reportedly.datamodel import Assessment, Document, Finding
from reportedly.datamodel.payload import visible
from reportedly.errors import InvalidRequest, ReportedlyError
from reportedly.report.baseline import (
    LEVELS,
    Baseline,
    at_least,
    baseline_entry,
    check_rules,
    failing,
    leave_out_known,
    read_baseline,
    rule_matches,
    write_baseline,
)
from reportedly.report.tabular import first_claim
from reportedly.signals import SIGNALS
from reportedly.signals.policy import Policy, broken_limits, load_policy, rules, weigh

if TYPE_CHECKING:
    from reportedly.report.sarif import Checked

_WIDTH = 100
"""Width of a report that does not go to a terminal, in characters."""
_LINE_END = re.compile(r"(?<! )(?: |\x1b\[[0-9;]*m)++$", re.MULTILINE)
"""Spaces at the end of a line, and the codes that begin and end colours among them."""

NEVER = "never"
"""The value of ``--fail-on`` with which nothing fails."""

FORMATS = ("terminal", "json", "jsonl", "html", "csv", "sarif", "github")

_LONGEST_NAME = 20
"""Characters of an article's name in a summary on a terminal; of a longer name the end is shown."""


@dataclass(frozen=True, slots=True)
class Checks:
    """What makes a run fail, and which findings are already known; `noting` collects a new baseline."""

    fail_over: float | None = None
    fail_on: tuple[str, ...] = ()
    baseline: Baseline = field(default_factory=dict)
    policy: Policy | None = None
    noting: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_level: str = "note"

    def asks_for_findings(self) -> bool:
        """Whether the options ask for single findings."""
        return bool(self.policy or self.select or self.ignore or self.min_level != "note")


@dataclass
class Tally:
    """The errors of a run, and the findings and limits that made a check fail."""

    checks: Checks = field(default_factory=Checks)
    errors: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    failing: int = 0
    scored: int = 0
    over: int = 0
    found: Baseline = field(default_factory=dict)

    def status(self) -> int:
        """Return the exit status: 2 if an input failed, else 1 if a check was met."""
        if self.errors:
            return 2
        return 1 if self.over or self.failures else 0


@click.command("score")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|TABLE|URL ...|-]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option(
    "-o", "--output", metavar="FILE", help="Write to this file; for many HTML pages, a folder."
)
@click.option(
    "--title", default="", help="The headline of a single article, if its file does not have it."
)
@click.option(
    "--fail-over", type=click.FloatRange(0, 100), metavar="N", help="Exit 1 if a risk exceeds N."
)
@click.option(
    "--fail-on",
    multiple=True,
    metavar="LEVEL|RULE",
    help="Exit 1 on a new finding of this level (error, warning, note) or a more serious one, or of this rule or one "
    "below it; may be repeated. Default with --policy: error. With never, nothing fails.",
)
@click.option(
    "--min-level",
    type=click.Choice(LEVELS),
    default="note",
    help="Leave out findings below this level.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="RULE",
    help="Keep only the findings of this rule, or below it; may be repeated.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="RULE",
    help="Leave out the findings of this rule, or below it; may be repeated.",
)
@click.option("--baseline", metavar="FILE", help="File of known findings, which do not fail.")
@click.option("--write-baseline", is_flag=True, help="Write all findings to the baseline.")
@click.option(
    "--policy", metavar="NAME|FILE", help="Set the levels of findings by a newsroom's policy."
)
@click.option("--text-column", metavar="NAME", help="A table's column with the articles.")
@click.option("--title-column", metavar="NAME", help="A table's column with the headlines.")
@click.option("--id-column", metavar="NAME", help="A table's column with the articles' ids.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
@click.option(
    "--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships."
)
@READER
@NO_CORRECTIONS
@click.option(
    "--summary",
    is_flag=True,
    help="Print one line per article: risk, signals, number of claims to check, the first of them.",
)
@click.option("--no-risk", is_flag=True, help="Give no risk, only the evidence.")
@PRIOR
def score_command(files: tuple[str, ...], form: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Assess each article: files, web pages, folders, tables, or standard input if none or - is given."""
    files = files or ("-",)
    many = several(files)
    if form == "html" and many and output is None:
        raise click.UsageError("many HTML pages need a folder: -o FOLDER")
    if options["title"] and many:
        raise InvalidRequest(
            f"--title: got {_inputs(files)}, expected a single article; leave it out, or give headlines in a table's title column"
        )
    _check_view(form, options)
    tally = Tally(_checks(options))
    assessor = assessing.Assessor(
        load_bundle(options["bundle"]) if options["bundle"] else None,
        prior=options["prior"],
        reader=options["reader"],
    )
    names = ("title", "text_column", "title_column", "id_column", "allow_private", "no_corrections")
    reading = InputOptions(**{name: options[name] for name in names})
    reports_scroll = output is None and sys.stdout.isatty() and not options["summary"]
    shown = many and not reports_scroll  # a bar would scroll away with the reports
    total = count_articles(files) if shown else None
    assessments = watched(assess_inputs(files, assessor, tally, reading), total, shown=shown)
    if options["no_risk"]:
        assessments = (replace(assessment, tells_risk=False) for assessment in assessments)
    if options["summary"]:
        write(summary_lines(assessments), output)
    elif form == "html" and many:
        write_pages(assessments, Path(str(output)), tally)
    else:
        write(
            render_assessments(assessments, form, tally, many=many, colour=output is None), output
        )
    if options["write_baseline"]:
        kept = {**tally.checks.baseline, **tally.found}
        write([write_baseline(kept)], options["baseline"])
        tally.failures.clear()
    shows_findings = form == "terminal" and output is None and not options["summary"]
    if shows_findings and tally.checks.asks_for_findings():
        tally.failures[:] = _counted(tally)  # the report has them already
    _tell(tally, many=many)
    return tally.status()


def _counted(tally: Tally) -> list[str]:
    """Return in one line how many findings fail, and at which levels or rules."""
    if not tally.failures:
        return []
    number = "1 finding fails" if tally.failing == 1 else f"{tally.failing} findings fail"
    return [f"{number} the check ({', '.join(tally.checks.fail_on)})"]


def _check_view(form: str, options: dict[str, Any]) -> None:
    """Reject options that exclude each other."""
    if options["summary"] and form != "terminal":
        raise click.UsageError(
            f"--summary: got --format {form}, expected terminal; --format csv has one row per article"
        )
    if options["no_risk"] and options["fail_over"] is not None:
        raise click.UsageError("--no-risk and --fail-over exclude each other")


def _inputs(files: tuple[str, ...]) -> str:
    """Return in words which inputs may be several articles."""
    return f"{len(files)} inputs" if len(files) > 1 else f"{files[0]}, a folder or table"


def _checks(options: dict[str, Any]) -> Checks:
    """Return the checks that the options ask for, before anything is scored."""
    path, writing = options["baseline"], options["write_baseline"]
    if writing and not path:
        raise click.UsageError("--write-baseline needs --baseline FILE")
    policy = load_policy(options["policy"]) if options["policy"] else None
    fail_on = options["fail_on"] or (("error",) if policy else ())
    ruled = [name for name in fail_on if name not in (*LEVELS, NEVER)]
    check_rules((*ruled, *options["select"], *options["ignore"]), rules())
    baseline: Baseline = {}
    if path and not (writing and not Path(path).exists()):
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            raise InvalidRequest(
                f"{path}: cannot be read as a baseline; write one with --write-baseline"
            ) from None
        baseline = read_baseline(text, path)
    return Checks(
        options["fail_over"],
        tuple(name for name in fail_on if name != NEVER),
        baseline,
        policy,
        noting=writing,
        select=options["select"],
        ignore=options["ignore"],
        min_level=options["min_level"],
    )


def _tell(tally: Tally, *, many: bool) -> None:
    """Report on standard error what failed."""
    for line in (*tally.failures, *tally.errors):
        tell(line)
    if tally.errors and many:
        inputs = tally.scored + len(tally.errors)
        click.echo(f"reportedly: {len(tally.errors)} of {inputs} inputs failed", err=True)


def assess_inputs(
    files: tuple[str, ...], assessor: assessing.Assessor, tally: Tally, reading: InputOptions
) -> Iterator[Assessment]:
    """Yield the assessment of each article; inputs that cannot be read go into `tally.errors`."""
    checks = tally.checks
    for assessment in assessor.assess_many(_readable(documents(files, reading), tally)):
        tally.scored += 1
        score = assessment.risk.score
        tally.over += (
            checks.fail_over is not None and score is not None and score > checks.fail_over
        )
        weighed = _kept(under_policy(assessment, checks.policy), checks)
        if checks.fail_on or checks.noting:
            _screen(weighed, tally)
        yield weighed


def _readable(found: Iterable[Document | ReportedlyError], tally: Tally) -> Iterator[Document]:
    """Yield the documents; errors go into `tally.errors`."""
    for document in found:
        if isinstance(document, ReportedlyError):
            tally.errors.append(str(document))
        else:
            yield document


def under_policy(assessment: Assessment, policy: Policy | None) -> Assessment:
    """Return the assessment with its findings at the levels of `policy`, and with the limits that are exceeded; no score changes."""
    if policy is None:
        return assessment
    scores = {signal.name: signal.score for signal in assessment.signals}
    text = assessment.annotated.text
    broken = broken_limits(policy, assessment.annotated, scores)
    signals = []
    for signal in assessment.signals:
        weighed = (weigh(policy, finding, text) for finding in signal.findings)
        own = (finding for finding in broken if finding.signal == signal.name)
        signals.append(replace(signal, findings=(*(f for f in weighed if f), *own)))
    return replace(assessment, signals=tuple(signals))


def _kept(assessment: Assessment, checks: Checks) -> Assessment:
    """Return the assessment without the findings that the options leave out."""
    if not (checks.select or checks.ignore or checks.min_level != "note"):
        return assessment

    def keep(finding: Finding) -> bool:
        return (
            at_least(finding.level, checks.min_level)
            and (not checks.select or rule_matches(finding.rule, checks.select))
            and not rule_matches(finding.rule, checks.ignore)
        )

    signals = (replace(s, findings=tuple(filter(keep, s.findings))) for s in assessment.signals)
    return replace(assessment, signals=tuple(signals))


def checked(assessment: Assessment, checks: Checks) -> Checked:
    """Return an article's findings, each marked as new, ignored or known."""
    from reportedly.report.sarif import Checked  # noqa: PLC0415 - only checks pay for it

    account, text = assessment.to_dict(), assessment.annotated.text
    screened = tuple(leave_out_known(account, text, checks.baseline))
    return Checked(account, text, screened, assessment.annotated.document.file_lines)


def _screen(assessment: Assessment, tally: Tally) -> None:
    """Count what fails in an article, and collect its part of a new baseline."""
    found = checked(assessment, tally.checks)
    if tally.checks.noting:
        tally.found[assessment.annotated.document.id] = baseline_entry(found.screened)
    from reportedly.report.findings import finding_lines  # noqa: PLC0415 - only checks pay for it

    fails = failing(found.screened, tally.checks.fail_on)
    tally.failing += len(fails)
    tally.failures += finding_lines(found, fails)


def render_assessments(
    assessments: Iterator[Assessment], form: str, tally: Tally, *, many: bool, colour: bool
) -> Iterator[str]:
    """Yield the output in the format `form`, article by article where the format allows.

    In JSON one article is an object, and several are an array.
    """
    if form == "jsonl":
        for assessment in assessments:
            yield json.dumps(assessment.to_dict(), ensure_ascii=False) + "\n"
    elif form == "json":
        rows = [assessment.to_dict() for assessment in assessments]
        if rows:
            yield json.dumps(rows if many else rows[0], ensure_ascii=False, indent=1) + "\n"
    elif form == "terminal":
        for assessment in assessments:
            yield terminal(assessment, colour=colour) + _findings(assessment, tally.checks)
    else:
        yield from _for_tools(assessments, form, tally)


def _findings(assessment: Assessment, checks: Checks) -> str:
    """Return the findings as a section of a terminal report, if a policy or an option asks for them."""
    if not checks.asks_for_findings():
        return ""
    from reportedly.report.findings import findings_text  # noqa: PLC0415 - only checks pay for it

    return "\n" + findings_text(checked(assessment, checks))


def summary_lines(assessments: Iterable[Assessment]) -> Iterator[str]:
    """Yield one line per article: risk, the three signals, the number of claims to check, and the first of them or why there is none.

    Sorted by risk, the highest first; without risks, by the number of claims. Lines are cut at the terminal's width.
    """
    rows = [_summary_row(assessment.to_dict()) for assessment in assessments]
    rows.sort(key=lambda row: row["rank"])
    if not rows:
        return
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    name = max(len("article"), *(len(row["name"]) for row in rows))
    name = name if width is None else min(_LONGEST_NAME, name)
    risk = "risk  " if rows[0]["risk"] is not None else ""
    yield f"{risk}anon  hedg  unver  list  {'article':{name}}  first claim\n"
    for row in rows:
        risk = "" if row["risk"] is None else f"{row['risk']:>4}  "
        anonymous, hedged, unverified = row["signals"]
        shown = _cut(row["name"], name, end=False)
        line = f"{risk}{anonymous:>4}  {hedged:>4}  {unverified:>5}  {row['claims']:>4}  {shown:{name}}  {row['first']}"
        yield _cut(line, width) + "\n"


def _summary_row(account: dict[str, Any]) -> dict[str, Any]:
    """Return the cells of one article's summary line, and its sort key."""
    risk, claims = account.get("risk"), len(account["worklist"])
    score = risk["score"] if risk else None
    return {
        "rank": (-(score or 0.0), -claims),
        "risk": None if risk is None else _number(score),
        "signals": [_number(account["signals"].get(s.name, {}).get("score")) for s in SIGNALS],
        "claims": claims,
        "name": visible(account["document"]["id"] or account["document"]["title"] or "article"),
        "first": visible(first_claim(account)),
    }


def _number(score: float | None) -> str:
    return "–" if score is None else f"{score:.0f}"


def _cut(text: str, width: int | None, *, end: bool = True) -> str:
    """Return a text of at most `width` characters, cut at its end or at its beginning."""
    if width is None or len(text) <= width:
        return text
    return f"{text[: width - 1]}…" if end else f"…{text[1 - width :]}"


def _for_tools(assessments: Iterator[Assessment], form: str, tally: Tally) -> Iterator[str]:
    """Yield the output in a format that other programs read, or as one HTML page."""
    from reportedly.report import html, sarif, tabular  # noqa: PLC0415 - only these formats pay

    if form == "html":
        yield from map(html.render_html, assessments)
    elif form == "csv":
        yield from tabular.articles_csv(_rows(assessments))
    elif form == "sarif":
        yield sarif.sarif((checked(a, tally.checks) for a in assessments), rules())
    elif form == "github":
        yield from sarif.github(checked(a, tally.checks) for a in assessments)
    else:
        raise InvalidRequest(f"format {form!r}: expected one of {', '.join(FORMATS)}")


def _rows(assessments: Iterator[Assessment]) -> Iterator[dict[str, Any]]:
    """Yield one table row per article, with the columns of `reportedly batch`."""
    from reportedly.datamodel.columns import DUPLICATE, Duplicates, article_columns  # noqa: PLC0415

    seen = Duplicates()
    for assessment in assessments:
        document = assessment.annotated.document
        first = seen.first_with(document.text, document.id)
        yield article_columns(assessment) | {DUPLICATE: first}


def write_pages(assessments: Iterator[Assessment], folder: Path, tally: Tally) -> None:
    """Write one page per article into `folder`, and then the index page."""
    from reportedly.report import html  # noqa: PLC0415 - only this format pays for it

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidRequest(f"{folder}: cannot be written ({error.strerror})") from None
    rows = []
    for number, assessment in enumerate(assessments, 1):
        document = assessment.annotated.document
        words = re.sub(r"[^a-z0-9]+", "-", (document.title or Path(document.id).stem).lower())
        name = f"{number:04d}-{words[:40].strip('-') or 'article'}.html"
        write([html.render_html(assessment)], str(folder / name))
        rows.append(html.index_row(assessment, name))
    write([html.render_index(rows, tally.errors)], str(folder / "index.html"))


def terminal(assessment: Assessment, *, colour: bool = False) -> str:
    """Return the terminal report, with colours if standard output shows them."""
    from rich.console import Console  # noqa: PLC0415 - only this format pays for it

    from reportedly.report.terminal import print_report as render_terminal  # noqa: PLC0415

    out = io.StringIO()
    shown = colour and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    console = Console(  # brackets and colons in an article are not markup
        markup=False,
        emoji=False,
        file=out,
        force_terminal=shown,
        no_color=not shown,
        width=page_width(_WIDTH),
        highlight=False,
    )
    render_terminal(assessment, console)
    return _LINE_END.sub(lambda end: end[0].replace(" ", ""), out.getvalue())
