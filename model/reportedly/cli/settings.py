"""A project's settings: ``reportedly.toml``, or ``[tool.reportedly]`` of ``pyproject.toml``, found upwards from where a command runs.

Keys are the names of options. At the top they hold for every command that has them, in a table of a command's name for that
one alone, which outranks the top. What is said on the command line outranks both. Paths are relative to the file.
"""

from __future__ import annotations

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
"""Command -> its options that settings may hold: what a house decides once, and not per run.

``--allow-private`` is none of them: a file that lies in a folder must not open a network.
"""

_PATHS = frozenset({"policy", "baseline", "bundle"})
_MANY = frozenset({"fail-on", "keep", "select", "ignore"})
_PARAMETERS = {"format": "form"}
"""Options whose parameters in the code have another name."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a settings file says, by command and option; `file` is empty where there is none."""

    file: str = ""
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def default_map(self) -> dict[str, dict[str, Any]]:
        """Return the settings as click takes defaults: by command and parameter."""
        return {
            command: {parameter_of(option): value for option, value in options.items()}
            for command, options in self.values.items()
        }


def parameter_of(option: str) -> str:
    """Return the name that an option's parameter has in the code."""
    return _PARAMETERS.get(option, option.replace("-", "_"))


def find_settings(start: Path) -> Settings:
    """Return the settings of the nearest file at or above the folder `start`; none where there is none.

    Raises
    ------
    InvalidRequest
        When the file is no TOML, or has a key that is no setting.
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
        raise InvalidRequest(f"{path}: no settings there; write options as keys, as in prior = 0.2")
    return _settings(path, table)


def _table(path: Path) -> dict[str, Any] | None:
    """Return the table of settings that a file holds, or None where it holds none."""
    try:
        with path.open("rb") as opened:
            data = opened.read(_MOST_BYTES)
    except OSError:
        return None
    project = path.name == _PROJECT
    if project and b"tool.reportedly" not in data:
        return None
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(f"{path}: is no TOML ({error})") from None
    return table.get("tool", {}).get("reportedly") if project else table


def _settings(path: Path, table: Mapping[str, Any]) -> Settings:
    """Return the settings of a table, each command with what holds for it."""
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
    """Raise InvalidRequest where a key is none that there is."""
    names = sorted(known)
    if key not in names:
        meant = did_you_mean(key.replace("_", "-"), names)
        raise InvalidRequest(f"{path}: no {what} {key!r}; there are {', '.join(names)}{meant}")


def _value(option: str, value: Any, path: Path) -> Any:  # noqa: ANN401 - what TOML holds
    """Return a setting as click takes it: a path as seen from the file, one of many as a list."""
    if option in _MANY and not isinstance(value, list):
        return [value]
    if option in _PATHS and isinstance(value, str) and (path.parent / value).exists():
        return str(path.parent / value)
    return value
