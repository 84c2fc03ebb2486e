"""``reportedly evaluate``: measure the detectors and the risk on labelled data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from reportedly.annotation.attribution.detect import find_attributions
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
    read_compressed,
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
    """Add the options that every evaluation has."""
    form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
    bundle = click.option(
        "--bundle", metavar="FOLDER", help="Measure this bundle, not the shipped one."
    )
    return form(bundle(function))


def teacher_cache(function: click.decorators.FC) -> click.decorators.FC:
    """Add the option that says where the teacher's states are kept."""
    return click.option(
        "--cache",
        default=".cache",
        show_default=True,
        help="Folder that keeps what the teacher reads.",
    )(function)


@click.group("evaluate")
def evaluate_command() -> None:
    """Measure the detectors and the risk on labelled data."""


def articles(function: click.decorators.FC) -> click.decorators.FC:
    """Add the argument and the options that say which annotated articles are measured, and on whose sentences."""
    for option in (
        READER,
        click.option(
            "--sentences",
            type=click.Choice(["annotated", "own"]),
            default="annotated",
            show_default=True,
            help="Count annotated sentences, or our own, to which labels are carried by offsets.",
        ),
        click.option(
            "--without", metavar="FILE", help="Leave out the articles whose ids it lists."
        ),
        click.option(
            "--only", metavar="FILE", help="Measure only the articles whose ids it lists."
        ),
        click.option("--split", help="Measure only this split of the corpus."),
        click.argument("path", metavar="DIR"),
    ):
        function = option(function)
    return function


@dataclass(frozen=True, slots=True)
class Measured:
    """Annotated articles beside what was found in them, and how our sentences relate to the annotated ones."""

    annotated: list[ArticleLabels]
    found: list[ArticleLabels]
    carried: Carried

    def about(self) -> dict[str, int]:
        """Return how many articles and sentences were measured."""
        sentences = sum(len(article.sentences) for article in self.annotated)
        return {"articles": len(self.annotated), "sentences": sentences} | asdict(self.carried)

    def headline(self) -> str:
        """Return the same in words."""
        n = self.about()
        return (
            f"{n['articles']} articles, {n['sentences']} sentences; 95 % bootstrap intervals over articles\n"
            f"our own sentences: {n['inside']} inside an annotated one, {n['across']} across several, "
            f"{n['outside']} in none"
        )


def measured(
    given: Sequence[GoldArticle], annotate: Callable[[Document], Annotated], *, own: bool
) -> Measured:
    """Return what `annotate` finds in annotated articles beside their labels, on our `own` sentences or theirs."""
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
    """Give precision, recall and F1 of the three signals, sentence by sentence, with 95 % intervals.

    Where the articles say it: voice of hedges, support of claims, the worklist, the signals' scores.
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
            "corrected ledgers say nothing of hedges, claims and furniture: sources alone are measured"
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
        lines = [
            both.headline(),
            *signals_table(figures),
            "",
            *rate_table(rates),
            "",
            *support_lines(support),
        ]
        click.echo("\n".join(lines))
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
    """Tell how well the ledger agrees with articles annotated with who is who, with 95 % intervals.

    A statement is a pair of sentence and source; sources are paired one to one so that they share most
    statements. A line is right where its class is and half of the larger one's statements are shared. Last, where
    the bundle tells how many lines are right: of the third of the articles with the least trust, the middle, the most.
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
    """Return what finds what a reader of the bundle's reports is shown."""
    assessor = Assessor(loaded, reader=reader)
    return lambda document: assessor.assess(document).annotated


def _say(line: str) -> None:
    click.echo(line, err=True)


def signals_table(figures: Iterable[SignalFigures]) -> list[str]:
    """Return figures as the lines of a table."""
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
    """Return rates as the lines of a table; what nobody gives is said to be not given."""
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
    """Return as what the support of annotated claims was found, one kind a line."""
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
    """Compare spans, tokens and whole attributions with PolNeAR's layout, beside the human agreement."""
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
        "humans: pairwise F1 as published; here: on articles of this split that several annotated",
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
@click.option(
    "--own/--no-own", default=True, help="Train on data/corpus as well, where it is there."
)
@click.option("--cache", default=".cache", show_default=True, help="Folder that keeps features.")
@click.option("--jobs", default=2, show_default=True)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Work on the Dask cluster there (extra `dask`)."
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
    """Measure the risk beside its parts, TF-IDF and length, on the same folds; calibration, restyled text, leaks, subgroups."""
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


@evaluate_command.command("hedging")
@click.argument("path")
@teacher_cache
@formats
def evaluate_hedging_command(path: str, cache: str, form: str, bundle: str | None) -> int:
    """Measure hedges on BioScope, UW factuality and annotated articles; PATH holds spans/ and gold/."""
    from reportedly.evaluation import hedging as measures  # noqa: PLC0415
    from reportedly.training.teaching import distillation_set, own_training_articles  # noqa: PLC0415

    folder, detectors = Path(path), chosen(bundle).detectors
    classes = detectors.hedging.classes
    found = {}
    for name, measure in (
        ("bioscope", measures.evaluate_bioscope),
        ("uw_factuality", measures.evaluate_factuality),
    ):
        place = folder / "spans" / f"{name}.jsonl.gz"
        if place.is_file():
            found[name] = measure(read_compressed(place), classes)
    if (folder / "gold").is_dir():
        articles = read_gold(folder / "gold")
        read, distillation = distillation_set(folder, articles, classes, Path(cache), _say)
        found["gold, cross-validated by article"] = measures.evaluate_hedging(
            articles,
            classes,
            more=own_training_articles(folder),
            detect=lambda parts: find_attributions(parts, detectors.attribution),
            read=read,
            distillation=distillation,
        )
    return show_scores(found, form)


def show_scores(found: Mapping[str, Mapping[str, Any]], form: str) -> int:
    """Print named scores as JSON or as lines."""
    if form == "json":
        click.echo(json.dumps(found, indent=1, default=asdict))
        return 0
    for name, scores in found.items():
        click.echo(name)
        for figure, score in scores.items():
            words = (
                f"precision {score.precision:.3f}  recall {score.recall:.3f}  F1 {score.f1:.3f}"
                if hasattr(score, "precision")
                else f"{score:.4f}"
            )
            click.echo(f"  {figure:24} {words}")
    return 0
