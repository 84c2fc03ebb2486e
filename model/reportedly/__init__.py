"""Read a news article as a standards editor does: who vouches for what, and how sure they sound.

``assess(text)`` gives the whole answer; ``Assessor(load_bundle(path))`` gives it with another bundle.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from reportedly.datamodel.assessment import show_in_notebooks

if TYPE_CHECKING:
    from reportedly.assessment.assessor import Assessor, assess
    from reportedly.bundle import Bundle, load_bundle
    from reportedly.datamodel import Annotated, Assessment, Document
    from reportedly.errors import ReportedlyError
    from reportedly.reading import read_bytes, read_file, read_text
    from reportedly.signals import SIGNALS

_WHERE = {
    "SIGNALS": "signals",
    "Annotated": "datamodel",
    "Assessment": "datamodel",
    "Assessor": "assessment.assessor",
    "Bundle": "bundle",
    "Document": "datamodel",
    "ReportedlyError": "errors",
    "assess": "assessment.assessor",
    "load_bundle": "bundle",
    "read_bytes": "reading",
    "read_file": "reading",
    "read_text": "reading",
}
"""Public name -> module; each is imported when it is first used."""

__all__ = [
    "SIGNALS",
    "Annotated",
    "Assessment",
    "Assessor",
    "Bundle",
    "Document",
    "ReportedlyError",
    "assess",
    "load_bundle",
    "read_bytes",
    "read_file",
    "read_text",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    """Return the public name `name`, imported now."""
    if name not in _WHERE:
        raise AttributeError(f"module 'reportedly' has no attribute {name!r}")
    value = getattr(import_module(f"reportedly.{_WHERE[name]}"), name)
    globals()[name] = value
    return value


def _notebook_view(assessment: Assessment) -> str:
    """Return the report that a notebook shows of an assessment."""
    from reportedly.report.html import notebook  # noqa: PLC0415 - only notebooks render

    return notebook(assessment)


show_in_notebooks(_notebook_view)


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
