"""``reportedly evaluate``: measure the detectors and the risk on labelled data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from reportedly.annotation.pipeline import annotate_each
from reportedly.assessment.assessor import Assessor
from reportedly.bundle import Bundle, chosen
from reportedly.bundle.store import ReaderName
from reportedly.cli.output import READER, progress
from reportedly.corpora import polnear
from reportedly.corpora.gold import (
    Carried,
    GoldArticle,
    carry,
    chosen_articles,
    read_gold,
    read_ids,
)
from reportedly.corpora.splits import PROTOCOLS
from reportedly.datamodel import Annotated, Document
from reportedly.errors import InvalidCorpus
from reportedly.evaluation import attribution as evaluation
from reportedly.evaluation.labels import ArticleLabels, annotated_labels, found_labels
from reportedly.evaluation.ledger import (
    ledger_rates,
    score_rates,
    trust_rates,
    worklist_rates,
)
from reportedly.evaluation.resampling import Rate
from reportedly.evaluation.signals import (
    SOURCING,
    SignalFigures,
    detail_rates,
    sentence_figures,
    support_table,
)


def formats(function: click.decorators.FC) -> click.decorators.FC:
    """Add the options that every evaluation takes."""
    form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
    bundle = click.option(
        "--bundle", metavar="FOLDER", help="Measure this bundle, not the shipped one."
    )
    return form(bundle(function))


@click.group("evaluate")
def evaluate_command() -> None:
    """Measure the detectors and the risk on labelled data."""


def articles(function: click.decorators.FC) -> click.decorators.FC:
    """Add the argument and the options that choose the annotated articles, and the sentences that are counted."""
    for option in (
        READER,
        click.option(
            "--sentences",
            type=click.Choice(["annotated", "own"]),
            default="annotated",
            show_default=True,
            help="Count the annotated sentences, or this program's own, which get their labels by offset.",
        ),
        click.option(
            "--without",
            metavar="FILE",
            help="Leave out the articles whose ids are listed in this file.",
        ),
        click.option(
            "--only",
            metavar="FILE",
            help="Measure only the articles whose ids are listed in this file.",
        ),
        click.option("--split", help="Measure only this split of the corpus."),
        click.argument("path", metavar="DIR"),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Measured:
    """Annotated articles with what was found in them, and how this program's sentences relate to the annotated ones."""

    annotated: list[ArticleLabels]
    found: list[ArticleLabels]
    carried: Carried

    def about(self) -> dict[str, int]:
        """Return how many articles and sentences were measured."""
        sentences = sum(len(article.sentences) for article in self.annotated)
        return {"articles": len(self.annotated), "sentences": sentences} | asdict(self.carried)

    def headline(self) -> str:
        """Return how many articles and sentences were measured, as lines of text."""
        n = self.about()
        return (
            f"{n['articles']} articles, {n['sentences']} sentences; 95 % bootstrap intervals over articles\n"
            f"this program's sentences: {n['inside']} inside an annotated one, {n['across']} across several, "
            f"{n['outside']} in none"
        )


def measured(
    given: Sequence[GoldArticle], annotate: Callable[[Document], Annotated], *, own: bool
) -> Measured:
    """Return what `annotate` finds in annotated articles, with their labels, on our `own` sentences or theirs."""
    annotated, found, total = [], [], Carried()
    for article in progress(given):
        seen = annotate(article.document)
        spans = [sentence.span for sentence in seen.segmented.sentences]
        brought, how = carry(article, spans)
        total += how
        annotated.append(annotated_labels(brought if own else article))
        found.append(found_labels(seen))
    return Measured(annotated, found, total)


def read_articles(
    path: str, split: str | None, only: str | None, without: str | None
) -> list[GoldArticle]:
    """Return the annotated articles in `path` that the options choose."""
    return chosen_articles(
        read_gold(path, split=split),
        only=read_ids(only) if only else None,
        without=read_ids(without) if without else frozenset(),
    )


@evaluate_command.command("signals")
@articles
@formats
def evaluate_signals_command(
    path: str,
    split: str | None,
    only: str | None,
    without: str | None,
    sentences: str,
    form: str,
    bundle: str | None,
    reader: ReaderName,
) -> int:
    """Measure precision, recall and F1 of the three signals, by sentence, with 95 % intervals.

    Where the articles are annotated for it, also the voice of hedges, the support of claims, the worklist and the signals' scores.
    """
    given = read_articles(path, split, only, without)
    both = measured(given, _assessed(chosen(bundle), reader), own=sentences == "own")
    figures = sentence_figures(both.annotated, both.found)
    rates = [
        *detail_rates(both.annotated, both.found),
        *worklist_rates(both.annotated, both.found),
        *score_rates(both.annotated, both.found),
    ]
    support = support_table(both.annotated, both.found)
    if any(article.sources_alone for article in given):
        _say(
            "corrected ledgers do not label hedges, claims or furniture: only sources are measured"
        )
        figures = [figure for figure in figures if figure.name in SOURCING]
        rates, support = [], {}
    if form == "json":
        account = {
            **both.about(),
            "figures": [figure.to_dict() for figure in figures],
            "rates": [rate.to_dict() for rate in rates],
            "support": support,
        }
        click.echo(json.dumps(account, indent=1))
    else:
        tables = [
            [both.headline(), *signals_table(figures)],
            rate_table(rates) if rates else [],
            support_lines(support),
        ]
        click.echo("\n\n".join("\n".join(table) for table in tables if table))
    return 0


@evaluate_command.command("ledger")
@articles
@formats
def evaluate_ledger_command(
    path: str,
    split: str | None,
    only: str | None,
    without: str | None,
    sentences: str,
    form: str,
    bundle: str | None,
    reader: ReaderName,
) -> int:
    """Measure how well the ledger agrees with articles in which each source is annotated, with 95 % intervals.

    A statement is a pair of a sentence and a source. Found and annotated sources are paired one to one, to share as
    many statements as possible. A line is right if its class is right and the pair shares at least half of the
    statements of the larger of the two. If the bundle estimates how many lines are right, the share is also given
    for the thirds of articles with low, middle and high estimates.
    """
    given = read_articles(path, split, only, without)
    lacking = sum(not article.has_entities for article in given)
    if lacking:
        raise InvalidCorpus(
            f"{path}: {lacking} of {len(given)} articles do not say which source each attribution is of; "
            "expected an entity key in each (part two of the annotation, as in gold2)"
        )
    both = measured(given, _assessed(chosen(bundle), reader), own=sentences == "own")
    rates = ledger_rates(both.annotated, both.found) + trust_rates(both.annotated, both.found)
    if form == "json":
        account = {**both.about(), "rates": [rate.to_dict() for rate in rates]}
        click.echo(json.dumps(account, indent=1))
    else:
        click.echo("\n".join([both.headline(), *rate_table(rates)]))
    return 0


def _assessed(loaded: Bundle, reader: ReaderName) -> Callable[[Document], Annotated]:
    """Return the function that annotates articles as the bundle's reports show them."""
    assessor = Assessor(loaded, reader=reader)
    return lambda document: assessor.assess(document).annotated


def _say(line: str) -> None:
    click.echo(line, err=True)


def signals_table(figures: Iterable[SignalFigures]) -> list[str]:
    """Return scores as the lines of a table."""
    lines = [f"{'question':28} {'gold':>6} {'found':>6}  {'precision':16} {'recall':16} F1"]
    for f in figures:
        parts = [
            f"{value:.3f} {low:.2f}–{high:.2f}"
            for value, (low, high) in (
                (f.precision, f.precision_interval),
                (f.recall, f.recall_interval),
                (f.f1, f.f1_interval),
            )
        ]
        lines.append(f"{f.name:28} {f.gold:6} {f.found:6}  {parts[0]:16} {parts[1]:16} {parts[2]}")
    return lines


def rate_table(rates: Iterable[Rate]) -> list[str]:
    """Return rates as the lines of a table; a rate without a value reads "not given"."""
    lines = [f"{'figure':38} {'value':6} {'95 %':12} of"]
    for rate in rates:
        if rate.value is None or rate.interval is None:
            lines.append(f"{rate.name:38} not given")
            continue
        low, high = rate.interval
        of = f"{rate.of} articles" if rate.hits is None else f"{rate.hits} of {rate.of}"
        spread = f"{low:.2f} to {high:.2f}" if low < 0 else f"{low:.2f}–{high:.2f}"
        lines.append(f"{rate.name:38} {rate.value:<6.3f} {spread:12} {of}")
    return lines


def support_lines(support: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return what was found for each kind of annotated support, one kind per line."""
    return [
        f"support {kind:12} found as "
        + ", ".join(
            f"{'no claim' if name == '-' else name} {n}"
            for name, n in sorted(found.items(), key=lambda pair: -pair[1])
        )
        for kind, found in support.items()
    ]


@evaluate_command.command("attribution")
@click.argument("path")
@click.option("--split", default="dev", show_default=True, help="Split of the annotated articles.")
@READER
@formats
def evaluate_attribution_command(
    path: str, split: str, form: str, bundle: str | None, reader: ReaderName
) -> int:
    """Compare spans, tokens and whole attributions with articles in PolNeAR's layout, and show the agreement of human annotators."""
    model = chosen(bundle).detectors_by(reader).attribution
    measured = evaluation.measure_attributions(
        polnear.load_polnear(path),
        model,
        split=None if split == "all" else split,
    )
    click.echo(
        json.dumps(measured, indent=1) if form == "json" else "\n".join(attribution_table(measured))
    )
    return 0


def attribution_table(measured: Mapping[str, Any]) -> list[str]:
    """Return what :func:`reportedly.evaluation.attribution.measure_attributions` gives as the lines of a table."""
    scores, humans = measured["primary"], measured.get("people", {})
    agreed = scores["human_agreement"]
    lines = [
        f"{scores['articles']} articles (primary annotation)",
        "humans: pairwise F1 as published; here: on articles of this split with several annotators",
        f"{'figure':20} {'there':>6} {'found':>6}  precision recall F1     humans here",
    ]
    for name, c in scores["figures"].items():
        published = f"{agreed[name]:.3f}" if name in agreed else "–"
        here = f"{humans[name]['f1']:.3f}" if name in humans else "–"
        lines.append(
            f"{name:20} {c['there']:6} {c['found']:6}  {c['precision']:.3f}     {c['recall']:.3f}  "
            f"{c['f1']:.3f}  {published:6} {here}"
        )
    lines += [
        f"recall of {name} attributions: {c['recall']:.3f} of {c['there']}"
        for name, c in sorted(scores["recall_by_form"].items())
    ]
    shown = ("source", "cue", "content", "triple", "match")
    lines += [
        f"{name}: " + ", ".join(f"{role} {figures[role]['f1']:.3f}" for role in shown)
        for name, figures in scores["by_publisher"].items()
    ]
    return lines


@evaluate_command.command("risk")
@click.argument("path")
@click.option(
    "--protocol",
    type=click.Choice(PROTOCOLS),
    default="leave-family-out",
    show_default=True,
    help="How articles are held out.",
)
@click.option("--text-column", default="text", show_default=True)
@click.option("--label-column", default="label", show_default=True)
@click.option("--group-column", help="Rows of one group are never on both sides of a split.")
@click.option("--own/--no-own", default=True, help="Train on data/corpus as well, if it is there.")
@click.option("--cache", default=".cache", show_default=True, help="Folder that caches features.")
@click.option("--jobs", default=2, show_default=True)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the Dask cluster at this address (extra `dask`)."
)
@formats
def evaluate_risk_command(
    path: str,
    protocol: str,
    text_column: str,
    label_column: str,
    group_column: str | None,
    own: bool,  # noqa: FBT001 - an option
    cache: str,
    jobs: int,
    scheduler: str | None,
    form: str,
    bundle: str | None,
) -> int:
    """Measure the risk and, on the same folds for comparison, its parts alone, TF-IDF and length; report calibration, restyled text, leaks and subgroups."""
    from reportedly.evaluation.risk import evaluate_risk, risk_lines  # noqa: PLC0415 - heavy
    from reportedly.training.runs import config_for, work_on  # noqa: PLC0415

    config = config_for(
        Path(path), own=Path("data/corpus") if own else None, cache=Path(cache), jobs=jobs,
        text_column=text_column, label_column=label_column, group_column=group_column,
    )  # fmt: skip
    detectors = chosen(bundle).detectors
    with work_on(scheduler):
        report = evaluate_risk(config, detectors, protocol=protocol, progress=progress)
    if form == "json":
        click.echo(json.dumps(report, indent=1, default=float))
    else:
        click.echo(risk_lines(report), nl=False)
    return 0


@evaluate_command.command("benchmarks")
@click.argument("path", metavar="DIR")
@READER
@formats
def evaluate_benchmarks_command(
    path: str, form: str, bundle: str | None, reader: ReaderName
) -> int:
    """Measure the bundle as it ships on public benchmarks of hedges, claims and pronouns; DIR holds spans/ and coref/."""
    from reportedly.evaluation.benchmarks import benchmark_figures  # noqa: PLC0415 - needs scikit-learn

    detectors = chosen(bundle).detectors_by(reader)
    figures = benchmark_figures(
        Path(path), lambda documents: annotate_each(progress(documents), detectors)
    )
    if not figures:
        raise InvalidCorpus(
            f"{path}: holds no benchmark; expected files such as spans/bioscope.jsonl.gz"
        )
    if form == "json":
        click.echo(json.dumps([figure._asdict() for figure in figures], indent=1))
    else:
        click.echo(
            "\n".join(f"{f.benchmark:24} {f.name:36} {f.value:.3f} of {f.of}" for f in figures)
        )
    return 0
