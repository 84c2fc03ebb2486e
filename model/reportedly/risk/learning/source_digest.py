"""A digest of the code and word lists that features are computed with: a part of the key of cached features."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

PACKAGE = Path(str(files("reportedly")))
_EXTRACTION = "reportedly.risk.learning.extraction"


def source_digest(package: Path = PACKAGE) -> str:
    """Return a digest of the word lists of `package`, and of the modules that the extraction of features imports."""
    modules = [_file(package, name) for name in modules_behind(_EXTRACTION, package)]
    digest = hashlib.sha256()
    for path in sorted([*modules, *package.rglob("*.toml")]):
        digest.update(f"{path.relative_to(package).as_posix()}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def modules_behind(module: str, package: Path = PACKAGE) -> set[str]:
    """Return `module` and every module of `package` that it imports, itself or through others."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _imported(name, package)
    return found


def _imported(module: str, package: Path) -> Iterator[str]:
    """Yield the modules of `package` that `module` imports, within functions too."""
    for node in ast.walk(ast.parse(_file(package, module).read_bytes())):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (n for n in names if n.startswith("reportedly.") and _file(package, n).exists())


def _file(package: Path, module: str) -> Path:
    """Return the file that holds `module`: a package's is its ``__init__.py``."""
    place = package.joinpath(*module.split(".")[1:])
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
