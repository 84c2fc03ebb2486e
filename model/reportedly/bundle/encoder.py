"""The encoder in a bundle: its weights in files of under 10 MB each, and the models trained on its answers.

These files are optional and are read on first use; batches never need them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.claims.read import ClaimReader
from reportedly.annotation.hedging.tagged import HedgeSpanModel
from reportedly.annotation.pipeline import Detectors
from reportedly.annotation.reader.encoder import Encoder
from reportedly.annotation.reader.pair import ReaderPair
from reportedly.annotation.reader.student import Student
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.datamodel.arrays import Arrays, arrays_under
from reportedly.errors import InvalidBundle

WEIGHTS = ("encoder_words", "encoder_lower", "encoder_upper")
EVIDENCE = "encoder_evidence"
ENCODER_PARTS = (*WEIGHTS, EVIDENCE)
"""Names of the bundle's parts, which are file names without ``.npz``; a bundle has all of them or none."""

_LOWER = ("0.", "1.", "2.")


def encoder_parts(encoder: Encoder) -> dict[str, Arrays]:
    """Return the weights of an encoder, split into parts."""
    parts: dict[str, Arrays] = {name: {} for name in WEIGHTS}
    for name, array in encoder.to_arrays().items():
        words = name in {"words", "words.scale", "vocabulary"}
        part = WEIGHTS[0] if words else WEIGHTS[1] if name.startswith(_LOWER) else WEIGHTS[2]
        parts[part][name] = array
    return parts


def merged(parts: Mapping[str, Arrays]) -> Arrays:
    """Return the arrays of an encoder that :func:`encoder_parts` split."""
    return {name: array for part in WEIGHTS for name, array in parts[part].items()}


def encoder_evidence(detectors: Detectors) -> Arrays:
    """Return the models that were trained on the answers of both readers."""
    attribution = detectors.attribution
    head = {"reports": attribution.reports, "furniture": attribution.furniture}
    arrays = {f"sources_{n}": a for n, a in detectors.sources.to_arrays().items()}
    arrays |= {f"claims_{n}": a for n, a in detectors.claims.to_arrays().items()}
    arrays |= {f"hedging_{n}": a for n, a in detectors.hedging.spans.to_arrays().items()}
    return {**arrays, "head": np.frombuffer(json.dumps(head).encode(), np.uint8).copy()}


def read_by_both(detectors: Detectors, encoder: Encoder) -> Detectors:
    """Return `detectors` that read with the encoder and the student, without training anything again.

    Raises
    ------
    InvalidBundle
        When their reader is not a student.
    """
    student = detectors.attribution.reader
    if not isinstance(student, Student):
        raise InvalidBundle("the bundle's reader is not a student; train it again")
    attribution = replace(detectors.attribution, reader=ReaderPair(student, encoder))
    return replace(detectors, attribution=attribution)


def with_encoder(detectors: Detectors, parts: Mapping[str, Arrays]) -> Detectors:
    """Return `detectors` as they read with the encoder in `parts`.

    Raises
    ------
    InvalidBundle
        When an array is missing or malformed.
    """
    encoder = Encoder.from_arrays(merged(parts))
    learnt = parts[EVIDENCE]
    try:
        head = json.loads(learnt["head"].tobytes())
        both = read_by_both(detectors, encoder)
        return Detectors(
            _with_thresholds(both.attribution, **head),
            replace(
                detectors.hedging,
                spans=HedgeSpanModel.from_arrays(arrays_under("hedging_", learnt)),
            ),
            ClaimReader.from_arrays(arrays_under("claims_", learnt)),
            LedgerModel.from_arrays(arrays_under("sources_", learnt)),
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise InvalidBundle(
            f"{EVIDENCE}: not the arrays of this version ({type(error).__name__}: {error}); train the bundle again"
        ) from None


def _with_thresholds(
    attribution: AttributionModel, *, reports: float, furniture: float
) -> AttributionModel:
    return replace(attribution, reports=float(reports), furniture=float(furniture))
