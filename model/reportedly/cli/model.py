"""``reportedly model``: show the model card of a bundle."""

from __future__ import annotations

import json

import click

from reportedly.bundle import load_bundle, shipped


@click.command("model")
@click.option("--bundle", metavar="FOLDER", help="Show this bundle instead of the one that ships.")
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
def command(bundle: str | None, form: str) -> int:
    """Show a bundle's model card, or with --format json its manifest."""
    loaded = load_bundle(bundle) if bundle else shipped()
    if form == "json":
        click.echo(json.dumps(dict(loaded.manifest), ensure_ascii=False, indent=1))
    else:
        click.echo(loaded.card or f"{loaded.name}: this bundle has no card")
    return 0
