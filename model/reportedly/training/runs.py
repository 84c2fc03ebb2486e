"""One function for each trainable part of a bundle; ``train.py`` calls these and nothing else.

A run writes into a folder that starts as a copy of the bundle that ships, so parts that are not trained stay unchanged.
"""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportedly.annotation.reader.encoder import Encoder
from reportedly.bundle import store as bundles
from reportedly.bundle.encoder import EVIDENCE, WEIGHTS, encoder_evidence, encoder_parts, merged
from reportedly.corpora.corrections import corrections_in
from reportedly.corpora.leaks import Log, screen
from reportedly.errors import InvalidRequest
from reportedly.reading import READING_VERSION
from reportedly.risk.learning.articles import TrainingConfig, screen_for
from reportedly.risk.learning.folds import ShowProgress
from reportedly.training.model_card import model_card
from reportedly.training.plots import draw
from reportedly.training.risk import train_risk

BUNDLE_VERSION = "1"
"""Version of the shipped bundle: it changes when scores change."""


_READ_FOR_EVIDENCE = (
    "one article in twelve of gold and gold2, from which the reader has not learnt",
    "one article in twelve of gold and gold2, from which the reader has not learnt; the ledger also on each half of the others, as an encoder reads it that has not learnt from that half",
)
"""The articles that train the evidence, without and with an encoder for each half."""


def before(out: Path) -> bundles.Bundle:
    """Return the bundle that training into `out` starts from: the one there or, if the folder is empty or missing, the one that ships.

    Raises
    ------
    InvalidRequest
        When the folder holds anything but a bundle.
    """
    if (out / bundles.MANIFEST).is_file():
        return bundles.load_bundle(out)
    if out.exists() and any(out.iterdir()):
        raise InvalidRequest(f"{out}: holds files but no bundle; give an empty folder")
    return bundles.load_bundle(bundles.shipped_folder())


def start(out: Path) -> bundles.Bundle:
    """Return the bundle in `out`; an empty or missing folder first gets a copy of the one that ships."""
    before(out)
    if not (out / bundles.MANIFEST).is_file():
        shipped = bundles.shipped_folder()
        out.mkdir(parents=True, exist_ok=True)
        names = [*bundles.load_bundle(shipped).manifest["files"], bundles.MANIFEST]
        for name in names:
            shutil.copyfile(shipped / name, out / name)
    return bundles.load_bundle(out)


def versions() -> dict[str, str]:
    """Return the versions of Python and libraries that a bundle was trained with."""
    packages = ("reportedly", "numpy", "scikit-learn", "sentencex")
    return {"python": platform.python_version(), **{name: version(name) for name in packages}}


def save(
    out: Path, parts: Mapping[str, Any], how: Mapping[str, Any], card: str | None = None
) -> None:
    """Write trained `parts` into the bundle `out`; `how` says how each was trained."""
    start(out)
    trained = dict(bundles.load_bundle(out).manifest.get("trained", {}))
    trained.update({part: {**about, "reading": READING_VERSION} for part, about in how.items()})
    arrays = {name: part.to_arrays() for name, part in parts.items()}
    bundles.save_bundle(out, arrays, card=card, about={"trained": trained})


def run_student(
    data: Path,
    teacher: Path,
    *,
    cache: Path,
    articles: int,
    passes: int,
    device: str,
    seed: int,
    out: Path,
    say: Log,
) -> list[str]:
    """Train the student on the answers of the teacher in a file; return its figures in lines."""
    from reportedly.corpora.unlabelled import unlabelled_texts  # noqa: PLC0415 - heavy
    from reportedly.training.evidence import exported_encoders  # noqa: PLC0415 - heavy
    from reportedly.training.student import taught_student  # noqa: PLC0415 - needs PyTorch

    screened = screen(data, say=say)
    model, lines = taught_student(
        data, teacher, cache=cache, count=articles, passes=passes, device=device, seed=seed,
        screened=screened,
    )  # fmt: skip
    (encoder,) = exported_encoders([teacher], unlabelled_texts(data / "corpora", screened))
    how = {
        "data": "PolNeAR (Newell et al. 2018); what the teacher says of PolNeAR, gold, gold2, unlabelled news and the own corpus without test, whose annotation corrects it",
        "teacher": "all-MiniLM-L6-v2 (Apache-2.0) fine-tuned on PolNeAR, gold and gold2", "articles": articles, "passes": passes,
        "seed": seed, "held_out": screened.record(),
    }  # fmt: skip
    learnt = {
        "data": "PolNeAR, gold and gold2, on which all-MiniLM-L6-v2 (Apache-2.0) was fine-tuned: the mean of three runs that part after the third pass; word pieces that unlabelled news needs",
        "seed": seed, "held_out": screened.record(),
    }  # fmt: skip
    save(out, {"attribution": model}, {"attribution": how, "encoder": learnt})
    bundles.save_bundle(out, encoder_parts(encoder))
    return [*lines, f"attribution, encoder: written to {out}"]


def run_evidence(
    data: Path,
    *,
    out: Path,
    say: Log,
    halves: Path | None = None,
    corrections: Path | None = None,
) -> list[str]:
    """Train what turns readings into hedges, a ledger and claims, on readings of articles that did not train their reader.

    Without `halves`, the folder of a teacher's run, these are only the articles held out from the reader.
    """
    from reportedly.annotation.hedging.learning.fitting import learn_word_classes  # noqa: PLC0415 - heavy
    from reportedly.corpora.unlabelled import unlabelled_texts  # noqa: PLC0415 - heavy
    from reportedly.training.evidence import (  # noqa: PLC0415 - heavy
        beside_encoder,
        half_encoders,
        learn_evidence,
        share_worth_checking,
    )

    current, screened = before(out), screen(data, say=say)
    texts = unlabelled_texts(data / "corpora", screened)
    classes = learn_word_classes(texts) if texts else current.detectors.hedging.words.classes
    others = half_encoders(halves, texts) if halves is not None else []
    learnt = learn_evidence(
        data, current.detectors, classes, screened, seed=0, say=say,
        halves=others, corrections=corrections,
    )  # fmt: skip
    how = {
        "data": f"{_READ_FOR_EVIDENCE[bool(others)]}; whose words a statement is: gold2; words of listed hedges: all of both and the own corpus without test",
        **(
            {"corrections": f"{len(corrections_in(corrections))} corrected articles"}
            if corrections
            else {}
        ),
        **({"options": " --reader RUN"} if others else {}),
        "held_out": screened.record(),
    }
    parts = {"sources": learnt.sources, "hedging": learnt.hedging, "claims": learnt.claims}
    told = [*parts, EVIDENCE] if current.has_encoder else parts
    save(out, parts, dict.fromkeys(told, how))
    shares = {bundles.MEASURED["student"]: share_worth_checking(data, learnt)}
    if current.has_encoder:
        encoder = Encoder.from_arrays(merged(current.arrays_of(WEIGHTS)))
        both = beside_encoder(
            data, learnt, encoder, screened, seed=0, say=say, halves=others, corrections=corrections
        )
        bundles.save_bundle(out, {EVIDENCE: encoder_evidence(both)})
        shares[bundles.MEASURED["encoder"]] = share_worth_checking(data, both)
    bundles.seal(out, {"measured": {name: round(share, 3) for name, share in shares.items()}})
    return [
        f"sources, hedging, claims{', and with the encoder' * current.has_encoder}: written to {out}",
        *(f"{name} on gold2/dev: {share:.3f}" for name, share in shares.items()),
    ]


def config_for(
    path: Path | None,
    *,
    own: Path | None,
    cache: Path | None,
    jobs: int,
    corpora: Sequence[Path] = (),
    text_column: str = "text",
    label_column: str = "label",
    title_column: str | None = None,
    group_column: str | None = None,
    seed: int = 0,
) -> TrainingConfig:
    """Return the configuration for training or measuring on `path`: a folder of corpora, the project's own corpus, or a table."""
    folders = list(corpora)
    table = None
    if path is not None and path.is_dir() and (path / "articles.jsonl").is_file():
        own = path
    elif path is not None and path.is_dir():
        folders.append(path)
    elif path is not None:
        table = path
    return TrainingConfig(
        corpora=tuple(folders), own=own if own is not None and own.exists() else None, table=table,
        text_column=text_column, label_column=label_column, title_column=title_column,
        group_column=group_column, cache=cache, jobs=jobs, seed=seed,
    )  # fmt: skip


def run_risk(
    config: TrainingConfig,
    *,
    out: Path,
    name: str,
    command: str,
    progress: ShowProgress | None = None,
    say: Log = lambda _: None,
) -> list[str]:
    """Train the risk model and write the bundle, its card, metrics.json and plots; return the figures in lines."""
    current, screened = before(out), screen_for(config, say)
    trained = train_risk(config, current.detectors, progress=progress, screened=screened)
    how = {
        "corpora": sorted(trained.heldout["corpus"].unique().tolist()),
        "seed": config.seed,
        "held_out": screened.record(),
    }
    frame = trained.frame
    card = model_card(
        frame, trained.metrics, command=command, trained={**current.manifest.get("trained", {}), "risk": how}
    )  # fmt: skip
    save(out, {"risk": trained.model}, {"risk": how}, card)
    metrics = json.dumps(trained.metrics, indent=1, default=float) + "\n"
    (out / "metrics.json").write_text(metrics, encoding="utf-8")
    bundles.seal(out, {"name": name, "version": BUNDLE_VERSION, "versions": versions()})
    plots = draw(trained.heldout, trained.model, out / "plots")
    mean = trained.metrics["mean"]
    return [
        f"risk: {len(frame)} articles, {len(trained.metrics['folds'])} held-out folds",
        f"held out: AUC {mean['auc']:.3f}, Brier {mean['brier']:.3f}, ECE {mean['ece']:.3f}",
        f"bundle, card and metrics in {out}; {len(plots)} plots in {out / 'plots'}",
    ]


def work_on(scheduler: str | None) -> AbstractContextManager[None]:
    """Return a context in which parallel work runs on the Dask cluster at `scheduler`, or on this machine if it is None."""
    if scheduler is None:
        return nullcontext()
    from reportedly.training.cluster import joblib_cluster  # noqa: PLC0415 - an extra

    return joblib_cluster(scheduler)
