"""``reportedly config``: the settings that apply to a command, and where they come from."""

from __future__ import annotations

import json
from typing import Any

import click

from reportedly.cli.settings import CONFIGURABLE, FILE, Settings, parameter_of


@click.command("config")
@click.argument(
    "command", required=False, metavar="[COMMAND]", type=click.Choice(list(CONFIGURABLE))
)
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
@click.pass_context
def config_command(context: click.Context, command: str | None, form: str) -> int:
    """Show the settings of each command, or of COMMAND (score, claims, compare or batch), and where each comes from: a settings file or the default."""
    found = context.obj if isinstance(context.obj, Settings) else Settings()
    rows = settings_rows(context, found, [command] if command else list(CONFIGURABLE))
    if form == "json":
        click.echo(
            json.dumps({"file": found.file or None, "settings": rows}, ensure_ascii=False, indent=1)
        )
    else:
        click.echo(config_text(found, rows))
    return 0


def settings_rows(
    context: click.Context, found: Settings, commands: list[str]
) -> list[dict[str, Any]]:
    """Return a row for each setting of the commands: its value, and the file it comes from or ``default``."""
    rows = []
    for name in commands:
        parameters = {p.name: p for p in _command(context, name).params}
        for option in CONFIGURABLE[name]:
            own = found.values.get(name, {})
            default = parameters[parameter_of(option)].to_info_dict()["default"]
            value = own.get(option, default)
            source = found.file if option in own else "default"
            rows.append({"command": name, "option": option, "value": value, "from": source})
    return rows


def config_text(found: Settings, rows: list[dict[str, Any]]) -> str:
    """Return the settings for a terminal, one section per command."""
    lines = [found.file or f"no {FILE} and no [tool.reportedly] in a pyproject.toml, here or above"]
    for name in dict.fromkeys(row["command"] for row in rows):
        lines += ["", name]
        for row in rows:
            if row["command"] == name:
                value = (
                    "not set"
                    if row["value"] in (None, [], ())
                    else json.dumps(row["value"], ensure_ascii=False)
                )
                where = "" if row["from"] == "default" else f"   ({row['from']})"
                lines.append(f"  {row['option']:14} {value}{where}")
    return "\n".join(lines)


def _command(context: click.Context, name: str) -> click.Command:
    """Return the command called `name`."""
    group = context.find_root().command
    assert isinstance(group, click.Group)
    command = group.get_command(context, name)
    assert command is not None
    return command
