"""``reportedly evaluate``: measure the detectors and the risk on labelled data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from reportedly.annotate import Detectors, annotate
from reportedly.attribution import find_attributions
from reportedly.bundle import chosen
from reportedly.cli.output import progress
from reportedly.datamodel import Attribution, Hedge, Segmented
from reportedly.evaluation import attribution as evaluation
from reportedly.evaluation.signals import Figure, evaluate_signals
from reportedly.evaluation.splits import PROTOCOLS
from reportedly.gold import read_gold


def formats(function: click.decorators.FC) -> click.decorators.FC:
    """Add the options that every evaluation has."""
    form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
    bundle = click.option(
        "--bundle", metavar="FOLDER", help="Measure this bundle, not the shipped one."
    )
    return form(bundle(function))


def states(function: click.decorators.FC) -> click.decorators.FC:
    """Add the option that says where the teacher's states are kept."""
    return click.option(
        "--cache",
        default=".cache",
        show_default=True,
        help="Folder that keeps what the teacher reads.",
    )(function)


@click.group("evaluate")
def command() -> None:
    """Measure the detectors and the risk on labelled data."""


@command.command("signals")
@click.argument("path")
@click.option("--split", help="Measure only this split of the corpus.")
@click.option(
    "--cross-validate",
    "data",
    metavar="DIR",
    help="Train the detectors anew without the articles they are measured on; DIR holds spans/.",
)
@states
@formats
def signals(
    path: str, split: str | None, data: str | None, cache: str, form: str, bundle: str | None
) -> int:
    """Give precision, recall and F1 of the three signals, sentence by sentence, with 95 % intervals."""
    loaded = chosen(bundle)
    articles = read_gold(path, split=split)
    apart: dict[str, Detectors] = {}
    if data is not None:
        from reportedly.trainers import detectors_apart  # noqa: PLC0415 - heavy

        for detectors, held in detectors_apart(loaded, Path(data), articles, 5, _say, Path(cache)):
            apart |= {article.id: detectors for article in held}
    found = evaluate_signals(
        articles,
        lambda document: annotate(document, apart.get(document.id, loaded.detectors)),
        progress=progress,
    )
    if form == "json":
        click.echo(json.dumps([figure.to_dict() for figure in found], indent=1))
    else:
        sentences = sum(len(article.sentences) for article in articles)
        click.echo(
            f"{len(articles)} articles, {sentences} sentences; 95 % bootstrap intervals over articles"
        )
        click.echo("\n".join(table(found)))
    return 0


def _say(line: str) -> None:
    click.echo(line, err=True)


def table(figures: Iterable[Figure]) -> list[str]:
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


@command.command("attribution")
@click.argument("path")
@click.option("--split", default="dev", show_default=True, help="Split of the annotated articles.")
@formats
def attribution(path: str, split: str, form: str, bundle: str | None) -> int:
    """Compare spans, tokens and whole attributions with PolNeAR's layout, beside the human agreement."""
    model = chosen(bundle).detectors.attribution
    measured = evaluation.measure(
        evaluation.load_polnear(path),
        model,
        split=None if split == "all" else split,
    )
    click.echo(
        json.dumps(measured, indent=1) if form == "json" else "\n".join(attribution_table(measured))
    )
    return 0


def attribution_table(measured: Mapping[str, Any]) -> list[str]:
    """Return what :func:`reportedly.evaluation.attribution.measure` gives as the lines of a table."""
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


@command.command("risk")
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
def risk(
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
    """Measure the risk beside TF-IDF, length and signals alone, on the same folds; leaks, subgroups."""
    from reportedly.evaluation.risk import evaluate_risk, render  # noqa: PLC0415 - heavy
    from reportedly.trainers import config_for, work_on  # noqa: PLC0415

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
        click.echo(render(report), nl=False)
    return 0


@command.command("sources")
@click.argument("path")
@formats
def sources(path: str, form: str, bundle: str | None) -> int:
    """Measure the class of sources by cross-validation over articles; PATH holds spans/ and gold/.

    Three settings: the annotated mention given; given, its class from text alone; found by the detector too.
    Articles annotated by sentence, where PATH has any, help to train.
    """
    from reportedly.evaluation import sources as by_class  # noqa: PLC0415 - heavy
    from reportedly.source_training import mark_gold, read_mentions  # noqa: PLC0415

    folder = Path(path)
    spans, gold = folder / "spans", folder / "gold"
    marked = list(
        read_mentions(spans / "polnear_source_class_train.csv", spans / "polnear.jsonl.gz")
    )
    extra = [mark_gold(article) for article in read_gold(gold)] if gold.is_dir() else []
    model = chosen(bundle).detectors.attribution

    def detect(parts: Segmented) -> Sequence[Attribution]:
        return find_attributions(parts, model, scope="all")

    settings = by_class.cross_validated(marked, detect, extra=extra)
    if form == "json":
        found = {name: by_class.figures(judged) for name, judged in settings.items()}
        rows = {
            n: {"macro_f1": f.macro_f1, "anonymous_f1": f.anonymous_f1, "f1": f.f1}
            for n, f in found.items()
        }
        click.echo(json.dumps(rows, indent=1))
        return 0
    for name, judged in settings.items():
        click.echo(f"{name}\n" + "\n".join(by_class.table(by_class.figures(judged))) + "\n")
    for publisher, figures_ in by_class.by_publisher(settings[by_class.FROM_TEXT]).items():
        click.echo(
            f"{publisher}: macro-F1 {figures_.macro_f1:.3f}, anonymous F1 {figures_.anonymous_f1:.3f}"
        )
    return 0


@command.command("hedging")
@click.argument("path")
@states
@formats
def hedging(path: str, cache: str, form: str, bundle: str | None) -> int:
    """Measure hedges on BioScope, UW factuality and annotated articles; PATH holds spans/ and gold/."""
    from reportedly.claims_training import read_sentences  # noqa: PLC0415 - heavy
    from reportedly.evaluation import hedging as measures  # noqa: PLC0415
    from reportedly.trainers import hedge_lesson, own_training_articles  # noqa: PLC0415

    folder, detectors = Path(path), chosen(bundle).detectors
    classes = detectors.hedging.classes
    found = {}
    for name, measure in (
        ("bioscope", measures.evaluate_bioscope),
        ("uw_factuality", measures.evaluate_factuality),
    ):
        place = folder / "spans" / f"{name}.jsonl.gz"
        if place.is_file():
            found[name] = measure(read_sentences(place), classes)
    if (folder / "gold").is_dir():
        articles = read_gold(folder / "gold")
        read, lesson = hedge_lesson(
            detectors.attribution, folder, articles, classes, Path(cache), _say
        )
        found["gold, cross-validated by article"] = measures.evaluate_articles(
            articles,
            classes,
            more=own_training_articles(folder),
            detect=lambda parts: find_attributions(parts, detectors.attribution),
            read=read,
            lesson=lesson,
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


@command.command("claims")
@click.argument("path")
@formats
def claims(path: str, form: str, bundle: str | None) -> int:
    """Measure check-worthiness on debates and news, and unverified claims; PATH holds spans/ and gold/."""
    from reportedly.claims import vouching  # noqa: PLC0415 - heavy
    from reportedly.claims_training import (  # noqa: PLC0415
        external_heads,
        prepare,
        read_sentences,
        sentence_corpora,
    )
    from reportedly.evaluation import claims as measures  # noqa: PLC0415
    from reportedly.hedges import find_hedges  # noqa: PLC0415
    from reportedly.trainers import (  # noqa: PLC0415
        attributed,
        detected_apart,
        own_training_articles,
    )

    folder, loaded = Path(path), chosen(bundle)
    classes = loaded.detectors.hedging.classes
    found: dict[str, Any] = {}
    for name, measure in (
        ("claimbuster", measures.evaluate_claimbuster),
        ("ct19_t1", measures.evaluate_debates),
    ):
        place = folder / "spans" / f"{name}.jsonl.gz"
        if place.is_file():
            found |= {
                f"{name}: {model}": f
                for model, f in measure(read_sentences(place), classes).items()
            }
    if (folder / "gold").is_dir():
        articles, own = read_gold(folder / "gold"), own_training_articles(folder)
        seen = detected_apart(loaded, folder, articles) | attributed(loaded, own)

        def detect(parts: Segmented) -> tuple[Any, Sequence[Hedge]]:
            given = seen[parts.document.id]
            return vouching(parts, given), find_hedges(parts, given, loaded.detectors.hedging)

        figures_ = measures.evaluate_articles(
            [prepare(article, classes, detect) for article in articles],
            external_heads(sentence_corpora(folder / "spans"), classes),
            classes,
            more=[prepare(article, classes, detect) for article in own],
        )
        found["gold, cross-validated by article"] = {
            name: value for name, value in asdict(figures_).items() if isinstance(value, float)
        }
    return show_scores(found, form)
