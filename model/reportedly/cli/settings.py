"""A project's settings: ``reportedly.toml``, or ``[tool.reportedly]`` of ``pyproject.toml``, found upwards from where a command runs.

Keys are the names of options. At the top they apply to every command that has them; in a table named after a command, to that
command only, before the top. Options on the command line come before both. Paths are relative to the file.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportedly.errors import InvalidRequest, did_you_mean

FILE = "reportedly.toml"
_PROJECT = "pyproject.toml"
_MOST_BYTES = 1_000_000

_COLUMNS = ("text-column", "title-column", "id-column")
_CHECKS = (
    "policy", "fail-on", "fail-over", "min-level", "select", "ignore", "baseline",
)  # fmt: skip
CONFIGURABLE: dict[str, tuple[str, ...]] = {
    "score": ("format", *_CHECKS, "reader", "prior", "bundle", *_COLUMNS),
    "claims": ("format", "support", "reader", "bundle", *_COLUMNS),
    "compare": ("format", "no-risk", "reader", "prior", "bundle"),
    "batch": ("jobs", "features", "keep", "scheduler", "prior", "bundle", "quiet", *_COLUMNS),
}
"""Command -> its options that settings may set: those that a newsroom decides once, not per run.

``--allow-private`` is not among them: a file found in a folder must not open the private network.
"""

_PATHS = frozenset({"policy", "baseline", "bundle"})
_MANY = frozenset({"fail-on", "keep", "select", "ignore"})
_PARAMETERS = {"format": "form"}
"""Options whose parameters have another name in the code."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of a settings file, by command and option; `file` is empty if there is none."""

    file: str = ""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def default_map(self) -> dict[str, dict[str, Any]]:
        """Return the settings in click's form of defaults: by command and parameter."""
        return {
            command: {parameter_of(option): value for option, value in options.items()}
            for command, options in self.values.items()
        }


def parameter_of(option: str) -> str:
    """Return the name of an option's parameter in the code."""
    return _PARAMETERS.get(option, option.replace("-", "_"))


def find_settings(start: Path) -> Settings:
    """Return the settings of the nearest file in the folder `start` or above it; empty settings if there is no file.

    Raises
    ------
    InvalidRequest
        When the file is not valid TOML, or has a key that is not a setting.
    """
    for folder in (start, *start.parents):
        for name in (FILE, _PROJECT):
            table = _table(folder / name)
            if table is not None:
                return _settings(folder / name, table)
    return Settings()


def read_settings(path: Path) -> Settings:
    """Return the settings in the file `path`.

    Raises
    ------
    InvalidRequest
        When there is no such file, or it breaks the rules of this module.
    """
    table = _table(path)
    if table is None:
        raise InvalidRequest(f"{path}: {_lack(path)}")
    return _settings(path, table)


def _lack(path: Path) -> str:
    """Return why `path` has no settings."""
    try:
        path.stat()
    except FileNotFoundError:
        from reportedly.reading.formats.files import nearest_name  # noqa: PLC0415 - only mistakes pay for it

        return f"no such file{nearest_name(path)}"
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"
    if path.is_dir():
        return "is a directory, expected a file"
    return "has no settings; write options as keys, as in prior = 0.2"


def _table(path: Path) -> dict[str, Any] | None:
    """Return the table of settings in a file, or None if it has none."""
    if not os.path.isfile(path):  # noqa: PTH113 - a folder that may not be searched is no error here
        return None
    try:
        with path.open("rb") as opened:
            data = opened.read(_MOST_BYTES)
    except OSError as error:
        raise InvalidRequest(f"{path}: cannot be read ({error.strerror})") from None
    project = path.name == _PROJECT
    if project and b"tool.reportedly" not in data:
        return None
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"{path}: not valid TOML ({error})") from None
    return table.get("tool", {}).get("reportedly") if project else table


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    """Return the settings of a table, by command."""
    common = {key: value for key, value in table.items() if not isinstance(value, dict)}
    known = {option for options in CONFIGURABLE.values() for option in options}
    for key, value in table.items():
        if isinstance(value, dict):
            _check(key, CONFIGURABLE, "command", path)
            for option in value:
                _check(option, CONFIGURABLE[key], f"setting of {key}", path)
        else:
            _check(key, known, "setting", path)
    values = {
        command: {
            option: _value(option, value, path)
            for option, value in (common | table.get(command, {})).items()
            if option in options
        }
        for command, options in CONFIGURABLE.items()
    }
    return Settings(str(path), values)


def _check(key: str, known: Iterable[str], what: str, path: Path) -> None:
    """Raise InvalidRequest if a key is unknown."""
    names = sorted(known)
    if key not in names:
        meant = did_you_mean(key.replace("_", "-"), names)
        raise InvalidRequest(f"{path}: no {what} {key!r}; there are {', '.join(names)}{meant}")


def _value(option: str, value: Any, path: Path) -> Any:  # noqa: ANN401 - what TOML holds
    """Return a setting as click expects it: a path relative to the file, a repeatable option as a list."""
    if option in _MANY and not isinstance(value, list):
        return [value]
    if option in _PATHS and isinstance(value, str) and (path.parent / value).exists():
        return str(path.parent / value)
    return value
