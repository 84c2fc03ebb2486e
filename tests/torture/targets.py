"""The fuzzing targets by name: each takes bytes and returns, or raises if a property fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.torture import checks, surroundings
from tests.torture.texts import from_bytes

TARGETS: dict[str, Callable[[bytes], Any]] = {
    "reading": checks.reading,
    "html": checks.page,
    "tables": checks.table,
    "segment": lambda data: checks.segmentation(from_bytes(data)),
    "assess": lambda data: checks.assessment(from_bytes(data, 1_200)),
    "reports": lambda data: checks.reports(from_bytes(data, 1_200), from_bytes(data[:40], 200)),
    "compare": surroundings.versions,
    "bundle": checks.bundles,
    "policy": surroundings.rules,
    "url": surroundings.address,
    "cli": surroundings.command_line,
}
