"""The trained parts that find attributions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.linking import Linker
from reportedly.annotation.reader.pair import Reader, reader_of
from reportedly.datamodel.arrays import arrays_under
from reportedly.errors import InvalidBundle

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class AttributionModel:
    """The trained parts that :func:`find_attributions` needs.

    `bias` is added to the score of starting a source, cue or content: it trades precision for
    recall. `calibration` turns evidence (see :mod:`reportedly.annotation.attribution.tagging`) into the probability
    that an attribution is right. A sentence counts as reporting if the `reader` gives it at least the probability `reports`, and as page furniture
    from `furniture` on.
    """

    reader: Reader
    linker: Linker
    bias: float = 0.0
    calibration: tuple[float, ...] = (0.0, 1.0, 1.0, 1.0)
    reports: float = 0.4
    furniture: float = 0.5

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays."""
        head = {
            "bias": self.bias, "calibration": list(self.calibration), "reports": self.reports,
            "furniture": self.furniture,
        }  # fmt: skip
        arrays = {f"student_{name}": array for name, array in self.reader.to_arrays().items()}
        for role, weights in self.linker.weights.items():
            arrays |= {f"linker_{role}_{i}": array for i, array in enumerate(weights)}
        arrays["head"] = np.frombuffer(json.dumps(head).encode(), np.uint8)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> AttributionModel:
        """Return the model from the arrays of :meth:`to_arrays`.

        Raises
        ------
        InvalidBundle
            If an array is missing or malformed.
        """
        try:
            head = json.loads(arrays["head"].tobytes())
            weights = {
                role: tuple(arrays[f"linker_{role}_{i}"].astype(np.float32) for i in range(4))
                for role in ("source", "content")
            }
            return cls(
                reader_of(arrays_under("student_", arrays)),
                Linker(weights),  # type: ignore[arg-type]
                head["bias"],
                tuple(head["calibration"]),
                head["reports"],
                head["furniture"],
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidBundle(
                f"The attribution model's arrays are incomplete or malformed ({error}): train it again."
            ) from error
