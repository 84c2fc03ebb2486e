"""The licences of every package that an installation needs: ``python -m tests.torture.licences [--write]``.

Walks the requirements in `pyproject.toml`, extras `plots`, `dask`, `export` and `pdf` included, and theirs as they are
installed here.
"""

from __future__ import annotations

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "licences.md"
EXTRAS = ("plots", "dask", "export", "pdf")
ALLOWED = re.compile(
    r"MIT|BSD|Apache|PSF|Python Software|ISC|HPND|MPL|Zlib|0BSD|Unlicense|CNRI|GPL-2.0-or-later OR|LGPL",
    re.IGNORECASE,
)
_KNOWN = {"sentencex": "MIT", "skops": "MIT"}
"""Licences that are in a package's repository but not in its metadata."""


def packages() -> dict[str, Distribution]:
    """Return every distribution that is required, directly or not, by its name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = [line for name in EXTRAS for line in project["optional-dependencies"][name]]
    waiting = [(Requirement(line), "") for line in (*project["dependencies"], *extra)]
    found: dict[str, Distribution] = {}
    while waiting:
        needed, asked = waiting.pop()
        key = re.sub(r"[-_.]+", "-", needed.name).lower()
        if key in found or (needed.marker and not needed.marker.evaluate({"extra": asked})):
            continue
        try:
            found[key] = distribution(needed.name)
        except PackageNotFoundError:
            continue
        for extra_name in ("", *needed.extras):
            waiting += [(Requirement(line), extra_name) for line in found[key].requires or []]
    found.pop("reportedly", None)  # an extra names the package itself
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """Return a package's licence: its SPDX expression, else its classifiers, else its licence field."""
    about = package.metadata
    if str(about["Name"]).lower() in _KNOWN:
        return _KNOWN[str(about["Name"]).lower()]
    if about["License-Expression"]:
        return str(about["License-Expression"])
    classifiers = [
        c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")
    ]
    if classifiers:
        return ", ".join(sorted(classifiers))
    first = (about["License"] or "").strip().split("\n")[0][:60]
    return first or "unknown"


def page() -> str:
    """Return the page of licences."""
    lines = [
        "# Licences",
        "",
        "The packages that `pip install 'reportedly[plots,dask,export,pdf]'` installs, with their licences. Written by",
        "`python -m tests.torture.licences --write`. `reportedly` itself is under Apache-2.0; none of these is copied into it.",
        "",
        "| package | licence |",
        "|---|---|",
    ]
    return "\n".join([*lines, *(f"| {n} | {licence(p)} |" for n, p in packages().items()), ""])


def main() -> int:
    """Write or print the page; fail if a licence is unknown or does not allow the package's use."""
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    odd = [
        f"{name}: {licence(p)}" for name, p in packages().items() if not ALLOWED.search(licence(p))
    ]
    sys.stdout.write(f"{len(packages())} packages, {len(odd)} with a licence to look at\n")
    sys.stdout.writelines(line + "\n" for line in odd)
    return bool(odd)


if __name__ == "__main__":
    sys.exit(main())
