"""``reportedly model``: show the model card of a bundle, or export the model for scikit-learn."""

from __future__ import annotations

import json

import click

from reportedly.bundle import chosen
from reportedly.bundle.export import export_bundle
from reportedly.cli.output import PRIOR

BUNDLE = click.option(
    "--bundle", metavar="FOLDER", help="Use this bundle instead of the one that ships."
)


@click.group(
    "model",
    invoke_without_command=True,
    subcommand_metavar="[COMMAND] [ARGS]...",  # the wording of newer versions of click
)
@BUNDLE
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
@click.pass_context
def model_command(context: click.Context, bundle: str | None, form: str) -> int:
    """Show a bundle's model card, or with --format json its manifest."""
    context.obj = bundle
    if context.invoked_subcommand is not None:
        return 0
    loaded = chosen(bundle)
    if form == "json":
        click.echo(json.dumps(dict(loaded.manifest), ensure_ascii=False, indent=1))
    else:
        click.echo(loaded.card or f"{loaded.name}: this bundle has no card")
    return 0


@model_command.command("export", short_help="Write the model as a scikit-learn pipeline.")
@click.argument("file")
@BUNDLE
@PRIOR
@click.pass_context
def export_command(context: click.Context, file: str, bundle: str | None, prior: float) -> int:
    """Write the model as a fitted scikit-learn pipeline over texts to FILE.

    A .skops file is read back with reportedly.bundle.export.load_exported, which audits its types first. A .joblib
    file runs whatever code it holds when it is loaded: do not share such files.
    """
    loaded = chosen(bundle or context.obj)
    path = export_bundle(loaded, file, prior=prior)
    click.echo(f"{loaded.name}: written to {path}, {path.stat().st_size:,} bytes")
    if path.suffix == ".joblib":
        click.echo(
            "reportedly: warning: loading a .joblib file runs whatever code it holds; "
            "load only files that you wrote, and prefer .skops",
            err=True,
        )
    return 0
