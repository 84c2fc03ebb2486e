"""The trained parts that make a ledger from a reading, as one part of a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from reportedly.annotation.sources.from_reading.choice import StatementChoice
from reportedly.annotation.sources.from_reading.entity_class import EntityClasses
from reportedly.annotation.sources.from_reading.trust import LineTrust
from reportedly.annotation.sources.linking.model import LinkModel
from reportedly.datamodel.arrays import arrays_under


@dataclass(frozen=True, slots=True)
class LedgerModel:
    """The trained models for which proposals are statements, who makes each, and the class of each source.

    `trust` gives the probability that a line is right; older bundles do not have it.
    """

    choice: StatementChoice
    linker: LinkModel
    classes: EntityClasses
    trust: LineTrust | None = None

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the parts as plain arrays."""
        parts = {
            "choice": self.choice.to_arrays(),
            "linker": self.linker.to_arrays(),
            "classes": self.classes.to_arrays(),
        }
        if self.trust is not None:
            parts["trust"] = self.trust.to_arrays()
        return {
            f"{part}_{name}": array
            for part, arrays in parts.items()
            for name, array in arrays.items()
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LedgerModel:
        """Return the model from the arrays of :meth:`to_arrays`."""
        return cls(
            StatementChoice.from_arrays(arrays_under("choice_", arrays)),
            LinkModel.from_arrays(arrays_under("linker_", arrays)),
            EntityClasses.from_arrays(arrays_under("classes_", arrays)),
            LineTrust.from_arrays(arrays_under("trust_", arrays)),
        )
