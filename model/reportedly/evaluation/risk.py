"""evaluate_risk(config, detectors, protocol): the risk model compared with its parts and two baselines on the same folds.

Every run measures six scorers: the model; its words alone; the evidence alone and the manner alone (features of signals and
ledger; of style); TF-IDF of words and word pairs with logistic regression, which also sees names and outlets; and the length
of the article alone. All are fitted again in each fold, with the same articles and the same weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline

from reportedly.corpora.splits import (
    PROTOCOLS,
    Fold,
    family_folds,
    group_folds,
    publisher_folds,
    time_folds,
)
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.errors import InvalidRequest
from reportedly.evaluation.leakage import leakage_report, subgroups
from reportedly.evaluation.metrics import (
    band_figures,
    control_set_figures,
    interval,
    interval_coverage,
    summary,
)
from reportedly.risk.classifier import decision
from reportedly.risk.estimators import CrossCorpusClassifier, HeldScaler
from reportedly.risk.learning.articles import TrainingConfig, load_articles
from reportedly.risk.learning.extraction import LONGEST_ARTICLE, Extracted, extract
from reportedly.risk.learning.fitting import heldout_scores, trainable
from reportedly.risk.learning.folds import ShowProgress
from reportedly.risk.learning.linear import article_weights, on_one_thread
from reportedly.risk.signal_features import documented, signal_features
from reportedly.risk.style_features import style_features

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


SCORERS = ("model", "wording", "evidence", "manner", "tfidf", "length")
RESTYLED: Mapping[str, str] = {"sheepdog_politifact_styleattackA": "fakenewsnet_politifact_llmmis"}
"""Sets of restyled articles, each with the set of the same outlets as written, with which it is compared."""


def evaluate_risk(
    config: TrainingConfig,
    detectors: Detectors,
    *,
    protocol: str = "leave-family-out",
    progress: ShowProgress | None = None,
) -> dict[str, Any]:
    """Return the scores of the model and its baselines under `protocol`, with a leakage report.

    Keys: ``protocol``; ``scorers`` (for each scorer ``folds`` and ``mean``); ``gain`` of the model's mean
    AUC over TF-IDF's; ``bands`` and ``interval_coverage`` (:mod:`reportedly.evaluation.metrics`); ``apart`` (controls, quality and robustness sets); ``restyled`` (the AUC that each scorer loses on restyled
    text); ``publishers`` (false versus true within partisan portals); ``leakage``; ``subgroups``.

    Raises
    ------
    InvalidRequest
        When the protocol is unknown or the articles cannot be split that way.
    """
    if protocol not in PROTOCOLS:
        raise InvalidRequest(
            f"got the protocol {protocol!r}, expected one of {', '.join(PROTOCOLS)}"
        )
    extracted = extract(
        load_articles(config), detectors, cache=config.cache, jobs=config.jobs, progress=progress
    )
    return evaluate_extracted(extracted, config, protocol=protocol, progress=progress)


def evaluate_extracted(
    extracted: Extracted,
    config: TrainingConfig,
    *,
    protocol: str = "leave-family-out",
    progress: ShowProgress | None = None,
) -> dict[str, Any]:
    """Return what :func:`evaluate_risk` does, for articles whose features are already extracted."""
    folds = folds_of(extracted, config, protocol)
    held = score_all(extracted, folds, config, progress=progress)
    measured = held["model"]["role"].eq("evaluate").to_numpy() | (protocol != "leave-family-out")
    scorers = {name: summary(scores) for name, scores in held.items()}
    report: dict[str, Any] = {
        "protocol": protocol,
        "articles": len(extracted.frame),
        "scorers": scorers,
        "gain": round(scorers["model"]["mean"]["auc"] - scorers["tfidf"]["mean"]["auc"], 4),
        "leakage": leakage_report(extracted),
        "subgroups": subgroups(extracted, held["model"][measured]),
    }
    if protocol == "leave-family-out":
        report["bands"] = band_figures(held["model"])
        report["interval_coverage"] = interval_coverage(held["model"])
        report["apart"] = _apart(held)
        report["restyled"] = _lost_on_restyled(scorers, report["apart"])
        portals = portal_folds(extracted.frame, trainable(extracted))
        if portals:
            inside = score_all(extracted, portals, config, progress=progress)
            report["publishers"] = {name: _pooled(scores) for name, scores in inside.items()}
    return report


def folds_of(extracted: Extracted, config: TrainingConfig, protocol: str) -> list[Fold]:
    """Return the folds of `protocol`.

    Raises
    ------
    InvalidRequest
        When there is nothing to split by: fewer than two families, no publishers, no dates.
    """
    frame, rows = extracted.frame, trainable(extracted)
    seed = config.seed
    match protocol:
        case "leave-family-out":
            folds = family_folds(frame, rows, apart=True)
        case "random":
            folds = group_folds(frame, rows, config.folds, seed)
        case "publisher-disjoint":
            folds = publisher_folds(frame, rows, config.folds, seed)
        case _:
            folds = time_folds(frame, rows)
    folds = [f for f in folds if len(set(extracted.labels[f.train])) == 2]
    if not folds:
        others = [name for name in PROTOCOLS if name != protocol]
        raise InvalidRequest(
            f"these articles cannot be split by {protocol}: no fold has both classes to train on; "
            f"try --protocol {' or '.join(others)}"
        )
    return folds


def portal_folds(frame: pd.DataFrame, rows: Ints) -> list[Fold]:
    """Return a fold for each hyperpartisan portal of BuzzFeed-Webis 2016: mostly false versus mostly true.

    The portal, its near duplicates, and the family's other corpora, which may hold its articles,
    are left out of training.
    """
    mine = (frame["corpus"] == "buzzfeed_webis2016").to_numpy()
    original = frame["label_original"].astype(str)
    partisan = mine & original.str.contains("; left;|; right;").to_numpy()
    portals = original.str.extract(r"portal=(.+)$")[0].fillna("").to_numpy()
    kin = frame["family"].str.contains("BuzzFeed 2016", regex=False).to_numpy() & ~mine
    groups = frame["group"].to_numpy()
    folds = []
    for portal in sorted(set(portals[partisan])):
        test = np.flatnonzero(partisan & (portals == portal) & frame["label"].notna().to_numpy())
        out = kin | (mine & (portals == portal))
        out |= np.isin(groups, groups[test])
        folds.append(Fold(str(portal), rows[~out[rows]], test))
    return folds


def score_all(
    extracted: Extracted,
    folds: Sequence[Fold],
    config: TrainingConfig,
    *,
    progress: ShowProgress | None = None,
) -> dict[str, pd.DataFrame]:
    """Return each scorer's held-out scores on the same folds."""
    found = heldout_scores(
        extracted, folds, config.seed, jobs=config.jobs, progress=progress, read=_whole_and_wording
    )
    model = found.drop(columns="wording")
    held = {"model": model, "wording": model.assign(score=found["wording"])}
    counts = _word_counts(extracted)
    steps = progress(folds, "baselines") if progress else iter(folds)
    others = Parallel(n_jobs=config.jobs)(
        delayed(on_one_thread)(_baselines, extracted, counts, fold) for fold in steps
    )
    for name in SCORERS[2:]:
        held[name] = model.assign(score=np.concatenate([scores[name] for scores in others]))
    roles = extracted.frame["role"].to_numpy()
    return {
        name: scores.assign(role=roles[scores["row"].to_numpy()]) for name, scores in held.items()
    }


def _whole_and_wording(pipeline: Any, X: Any) -> dict[str, Floats]:  # noqa: ANN401, N803
    """Return the score of each row by a fitted pipeline, and by its columns of words alone."""
    features, linear = pipeline[:-1].transform(X), pipeline[-1]
    words = np.where(np.arange(features.shape[1]) < features.shape[1] - len(documented()), 1.0, 0.0)
    return {
        "score": linear.decision_function(features),
        "wording": decision(features, linear.coef_[0] * words, 0.0),
    }


_LEAST_TEXTS = 3
"""The least number of training texts that have a word or pair of TF-IDF."""


def _word_counts(extracted: Extracted) -> sparse.csr_matrix:
    """Return how often each text has each word and pair that any fold may use, including names and outlets."""
    texts = [text[:LONGEST_ARTICLE] for text in extracted.frame["text"]]
    vectors = CountVectorizer(ngram_range=(1, 2), min_df=_LEAST_TEXTS, dtype=np.float32)
    return vectors.fit_transform(texts)


def _tfidf(counts: sparse.csr_matrix, fold: Fold, labels: Floats, weights: Floats) -> Floats:
    """Return the scores of TF-IDF with logistic regression, both fitted on the fold's training texts."""
    train = counts[fold.train]
    kept = np.flatnonzero(np.bincount(train.indices, minlength=counts.shape[1]) >= _LEAST_TEXTS)
    weigh = TfidfTransformer(sublinear_tf=True)
    rows = weigh.fit_transform(train[:, kept])
    model = LogisticRegression(C=5, max_iter=80).fit(rows, labels, sample_weight=weights)
    scores: Floats = model.decision_function(weigh.transform(counts[fold.test][:, kept]))
    return scores


def _baselines(extracted: Extracted, counts: sparse.csr_matrix, fold: Fold) -> dict[str, Floats]:
    """Return one fold's held-out scores of evidence, manner, TF-IDF and length."""
    labels = extracted.labels[fold.train]
    corpora = extracted.frame["corpus"].to_numpy()[fold.train]
    weights = article_weights(labels, corpora)
    tfidf = _tfidf(counts, fold, labels, weights)
    lengths = np.log1p([[record.forms.count("\n")] for record in extracted.records])
    simple = LogisticRegression().fit(lengths[fold.train], labels, sample_weight=weights)
    dense, evidence = extracted.dense, len(signal_features())
    parts = {
        "evidence": (dense[:, :evidence], signal_features()),
        "manner": (dense[:, evidence:], style_features()),
    }
    found = {
        "tfidf": np.asarray(tfidf, dtype=np.float64),
        "length": np.asarray(simple.decision_function(lengths[fold.test]), dtype=np.float64),
    }
    for name, (columns, features) in parts.items():
        directions = [feature.direction for feature in features]
        part = make_pipeline(HeldScaler(), CrossCorpusClassifier(directions=directions))
        part.fit(columns[fold.train], labels, crosscorpusclassifier__groups=corpora)
        found[name] = part.decision_function(columns[fold.test])
    return found


def _apart(held: dict[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the scores of controls, quality sets and robustness sets: the AUC of each scorer."""
    by_scorer = {scorer: control_set_figures(scores) for scorer, scores in held.items()}
    return {
        name: {**figures, "auc": {scorer: by_scorer[scorer][name]["auc"] for scorer in held}}
        for name, figures in by_scorer["model"].items()
    }


def _lost_on_restyled(
    scorers: Mapping[str, Any], apart: Mapping[str, Any]
) -> dict[str, dict[str, float]]:
    """Return for each set of restyled articles how much AUC each scorer loses compared with the articles as written."""
    return {
        name: {
            scorer: round(scorers[scorer]["folds"][written]["auc"] - auc, 4)
            for scorer, auc in apart[name]["auc"].items()
        }
        for name, written in RESTYLED.items()
        if name in apart and written in scorers["model"]["folds"]
    }


def _pooled(held: pd.DataFrame) -> dict[str, Any]:
    """Return the AUC over all folds together, and its interval."""
    labels, scores = held["label"].to_numpy(), held["score"].to_numpy()
    low, high = interval(roc_auc_score, labels, scores)
    return {
        "articles": len(held),
        "unreliable": int(labels.sum()),
        "auc": round(float(roc_auc_score(labels, scores)), 4),
        "auc_interval": [round(low, 3), round(high, 3)],
    }


def risk_lines(report: dict[str, Any]) -> str:
    """Return a report as plain text: one table of AUCs, then the rest line by line."""
    lines = [
        f"protocol: {report['protocol']} · {report['articles']} articles",
        "",
        *_aucs(report["scorers"]),
        "",
        *_calibration(report["scorers"]["model"]),
        "",
        f"gain over TF-IDF: {report['gain']:+.3f} AUC",
        *_beside(report),
        *_leaks(report["leakage"]),
        "",
        "reliable articles that score above the median of their fold:",
        *(
            f"  {name}: {figures['above_median']:.0%} of {figures['articles']}"
            for name, figures in report["subgroups"].items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _aucs(scorers: dict[str, Any]) -> list[str]:
    """Return the table of AUCs by fold and scorer, and the means of the other measures below it."""
    folds, others = scorers["model"]["folds"], ("average_precision", "brier", "ece")
    width = max(map(len, [*folds, *others]))

    def row(name: str, figures: Iterable[float]) -> str:
        return f"{name:<{width}}  " + "".join(f"{figure:9.3f}" for figure in figures)

    head = f"{'AUC':<{width}}  " + "".join(f"{s:>9}" for s in SCORERS)
    lines = [head + "   95 % (model)      ECE"]
    for name, own in folds.items():
        low, high = own["auc_interval"]
        aucs = row(name, (scorers[s]["folds"][name]["auc"] for s in SCORERS))
        lines.append(f"{aucs}   {low:.3f}–{high:.3f}  {own['ece']:9.3f}")
    means = {s: scorers[s]["mean"] for s in SCORERS}
    aucs = row("mean", (means[s]["auc"] for s in SCORERS))
    lines.append(f"{aucs}{'':17}{means['model']['ece']:9.3f}")
    return lines + [row(measure, (means[s][measure] for s in SCORERS)) for measure in others]


def _calibration(model: dict[str, Any]) -> list[str]:
    """Return the calibration by family of the model's figures, and its mean."""
    mean = model["mean"]
    return [
        "by family: ECE, ECE by chance alone, calibration slope",
        *(
            f"  {name}: {f['ece']:.3f}, {f['by_chance']:.3f}, {f['slope']:.2f}"
            for name, f in model["families"].items()
        ),
        f"  mean: {mean['family_ece']:.3f}, {mean['family_ece_by_chance']:.3f}, {mean['slope']:.2f}",
    ]


def _beside(report: dict[str, Any]) -> list[str]:
    """Return what a report may have besides: bands, intervals, restyled text, sets held apart, publishers."""
    lines = [
        f"band {name}: {f['share']:.0%} of articles, {f['unreliable']:.0%} of these unreliable at an even share "
        f"({f['lowest']:.0%} to {f['highest']:.0%} by set)"
        for name, f in report.get("bands", {}).items()
    ]
    if "interval_coverage" in report:
        lines.append(f"intervals that hold what was observed: {report['interval_coverage']:.0%}")
    for name, lost in report.get("restyled", {}).items():
        told = " ".join(f"{scorer} {auc:.3f}" for scorer, auc in lost.items())
        lines.append(f"AUC lost on restyled text ({name}): {told}")
    for name, figures in report.get("apart", {}).items():
        aucs = " ".join(f"{s} {a:.3f}" for s, a in figures["auc"].items())
        lines.append(f"apart: {name}: AUC {aucs}; {figures['moderate']:.0%} of risks within 25–75")
    if "publishers" in report:
        aucs = " ".join(f"{s} {f['auc']:.3f}" for s, f in report["publishers"].items())
        lines.append(f"mostly false v mostly true, portals held out: AUC {aucs}")
    return lines


def _leaks(leakage: dict[str, Any]) -> list[str]:
    """Return the leakage report as the lines of a table."""
    if not leakage:
        return []
    columns = list(next(iter(leakage.values())))
    width = max(map(len, leakage))
    head = "leaks (AUC of each alone; shares of near duplicates)"
    rows = [
        f"{name:<{width}}  " + "".join(f"{figures[c]:12.3f}" for c in columns)
        for name, figures in leakage.items()
    ]
    return ["", head, " " * (width + 2) + "".join(f"{c:>12}" for c in columns), *rows]
