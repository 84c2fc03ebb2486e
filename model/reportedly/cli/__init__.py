"""The command line: one module per command, thin over plain functions; nothing else in the package prints.

Exit status: 0 done; 1 done, and ``--fail-over``, ``--fail-on`` or a check was met; 2 bad usage or
unreadable input, reported in one line. Commands are imported only when they run, so that ``--help`` is quick.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource

from reportedly.cli.output import tell
from reportedly.cli.settings import Settings, find_settings, read_settings
from reportedly.errors import ReportedlyError, did_you_mean

COMMANDS: dict[str, tuple[str, str]] = {
    "score": ("score", "Assess articles: evidence, ledger, signals, risk."),
    "claims": ("claims", "List the claims to check, most urgent first."),
    "compare": ("compare", "Show what changed between two versions of an article."),
    "text": ("text", "Print the article text read from a page or a URL."),
    "correct": ("correct", "Correct an article's ledger, in a small file beside the article."),
    "serve": ("serve", "Serve one page on this machine: paste a text, get its report."),
    "batch": ("batch", "Assess a table of articles: parallel, resumable, on a cluster."),
    "evaluate": ("evaluate", "Measure detectors and risk on labelled data."),
    "corpus": ("corpus", "Check and count an annotated corpus."),
    "signals": ("signals", "Explain every signal and rule."),
    "policy": ("policy", "Write, check and list newsroom policies."),
    "config": ("config", "Show which settings apply, and where they come from."),
    "model": ("model", "Show the model card of a bundle; export the model for scikit-learn."),
}
"""Command name -> (module of this package, one line of help)."""


_EXTRAS = {"pandas": "tables", "pyarrow": "tables", "matplotlib": "plots", "skops": "export"}
"""Optional package -> the extra that installs it."""


class LazyGroup(click.Group):
    """A command group that imports a command only when it is called, and lists all of them from a table."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command `cmd_name`; None if there is no such command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = COMMANDS[cmd_name][0]
        command = getattr(import_module(f"{__name__}.{module}"), f"{module}_command")
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command named in `args`; for an unknown name, suggest the nearest one."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            meant = did_you_mean(name, COMMANDS)
            if Path(name).exists() or name.startswith(("http://", "https://")):
                meant = f"; did you mean 'reportedly score {name}'?"
            known = ", ".join(COMMANDS)
            raise click.UsageError(f"no command {name!r}; there are {known}{meant}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="reportedly", message="%(prog)s %(version)s")
@click.option(
    "--config",
    metavar="FILE",
    help="Take settings from this file  [the nearest reportedly.toml or pyproject.toml]",
)
@click.option("--no-config", is_flag=True, help="Take no settings from any file.")
@click.pass_context
def cli(context: click.Context, config: str | None, no_config: bool) -> None:  # noqa: FBT001 - a command's flag
    """Read news articles as a standards editor does: who vouches for what, and how sure they sound."""
    if no_config:
        context.obj = Settings()
    else:
        context.obj = read_settings(Path(config)) if config else find_settings(Path.cwd())
    context.default_map = context.obj.default_map()


def main() -> NoReturn:
    """Run the command line; a `ReportedlyError` becomes one line and exit status 2."""
    _make_output_safe()
    for variable in (
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
    ):  # the matrices are small: more threads would only wait for each other
        os.environ.setdefault(variable, "1")
    try:
        status = cli.main(prog_name="reportedly", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:  # no command was given: list them
        click.echo(error.format_message())
        sys.exit(0)
    except click.ClickException as error:
        tell(_from_settings(error) + error.format_message())
        sys.exit(2)
    except click.Abort:
        tell("interrupted")
        sys.exit(130)
    except ReportedlyError as error:
        tell(str(error))
        sys.exit(2)
    except (
        BrokenPipeError
    ):  # the program that reads our output (head, less) has ended: stop without an error
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        extra = _EXTRAS[error.name]
        tell(f"this needs {error.name}: install it with pip install 'reportedly[{extra}]'")
        sys.exit(2)
    except OSError as error:
        tell(f"{error.filename or 'output'}: {error.strerror}")
        sys.exit(2)
    sys.exit(status if isinstance(status, int) else 0)


def _from_settings(error: click.ClickException) -> str:
    """Return the settings file that the rejected value came from; empty if it came from the command line."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    if context is None or parameter is None or not isinstance(context.obj, Settings):
        return ""
    source = context.get_parameter_source(parameter.name)
    return f"{context.obj.file}: " if source is ParameterSource.DEFAULT_MAP else ""


def _make_output_safe() -> None:
    """Print characters that the terminal's encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
