"""``reportedly correct``: a person's corrections of the ledger, kept in a small file beside the article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from reportedly.annotation.corrections import corrections_of
from reportedly.assessment import assessor as assessing
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import InputOptions, corrections_path, read_input
from reportedly.cli.output import tell, write
from reportedly.datamodel import SOURCE_CLASSES, Annotated
from reportedly.datamodel.corrections import (
    Correction,
    Corrections,
    corrections_toml,
    read_corrections,
    without_lines,
)
from reportedly.datamodel.payload import ledger_account, visible
from reportedly.datamodel.statements import unclear_statements
from reportedly.errors import InvalidRequest
from reportedly.reading.formats.files import nearest_name
from reportedly.report.markup import CLASS_NAMES


@click.command("correct")
@click.argument("file", metavar="FILE")
@click.option("--wrong", multiple=True, metavar="LINE", help="This line is not a source.")
@click.option("--merge", multiple=True, metavar="LINE,LINE,…", help="These lines are one source; the first is kept.")  # fmt: skip
@click.option("--rename", multiple=True, metavar="LINE=NAME", help="This line is called NAME.")
@click.option(
    "--class", "classes", multiple=True, metavar="LINE=CLASS",
    help=f"This line is of another class: {', '.join(SOURCE_CLASSES)}.",
)  # fmt: skip
@click.option("--right", is_flag=True, help="Everything else is right: keep the ledger as an annotation, even if nothing was corrected.")  # fmt: skip
@click.option("--undo", multiple=True, metavar="LINE|all", help="Undo the corrections of this line.")  # fmt: skip
@click.option("--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships.")  # fmt: skip
def correct_command(
    file: str,
    wrong: tuple[str, ...],
    merge: tuple[str, ...],
    rename: tuple[str, ...],
    classes: tuple[str, ...],
    undo: tuple[str, ...],
    right: bool,  # noqa: FBT001 - a command's flag
    bundle: str | None,
) -> int:
    """Correct the ledger of the article in FILE, and list it; LINE is the id of a ledger line, such as s2.

    The corrections are kept in FILE.corrections.toml; while it is there, score, claims and compare apply and mark them.
    Each option may be repeated.
    """
    _check_file(file)
    asked = [
        *(Correction("wrong", line.strip()) for line in wrong),
        *(
            Correction("merge", first, others=tuple(others))
            for first, *others in map(_lines, merge)
        ),
        *(Correction("rename", *_pair(words, "--rename")) for words in rename),
        *(Correction("class", *_pair(words, "--class")) for words in classes),
    ]
    assessor = assessing.Assessor(load_bundle(bundle) if bundle else None)
    document = read_input(file, InputOptions(no_corrections=True))
    path = corrections_path(file)
    found = assessor.assess(document).annotated
    made = _kept(path, found, Path(file).name)
    if asked or undo or right:
        made = _corrected(made, asked, undo)
        _save(path, made, keep=right)
    seen = assessor.assess(replace(document, corrections=made)).annotated
    write(ledger_text(seen), None)
    return 0


def _check_file(file: str) -> None:
    """Raise `InvalidRequest` if there is no such file: corrections need one to be kept beside."""
    if file == "-" or file.lower().startswith(("http://", "https://")):
        raise InvalidRequest(
            f"{file}: not a file; corrections are kept beside the article's file, so save the article first"
        )
    if not Path(file).is_file():
        what = "is a directory, expected a file" if Path(file).is_dir() else "no such file"
        raise InvalidRequest(
            f"{file}: {what}{nearest_name(file) if what == 'no such file' else ''}"
        )


def _lines(words: str) -> list[str]:
    lines = [line.strip() for line in words.split(",") if line.strip()]
    if len(set(lines)) < 2:
        raise InvalidRequest(f"--merge: got {words!r}, expected two or more lines, such as s2,s4")
    return lines


def _pair(words: str, option: str) -> tuple[str, str]:
    line, sign, to = words.partition("=")
    if not (sign and line.strip() and to.strip()):
        raise InvalidRequest(
            f"{option}: got {words!r}, expected a line and its value, such as s2=…"
        )
    if option == "--class" and to.strip() not in SOURCE_CLASSES:
        raise InvalidRequest(
            f"--class: got {to.strip()!r}, expected one of {', '.join(SOURCE_CLASSES)}"
        )
    return line.strip(), to.strip()


def _kept(path: Path, found: Annotated, name: str) -> Corrections:
    """Return the corrections made so far; none if there is no file of corrections.

    Raises
    ------
    InvalidRequest
        When they were made for another text.
    """
    if not path.is_file():
        return corrections_of(found, name)
    made = read_corrections(path)
    if not made.fits(found.text):
        raise InvalidRequest(
            f"{path}: was made for another version of the text; move it away, and correct again"
        )
    return made


def _corrected(made: Corrections, asked: Sequence[Correction], undo: Sequence[str]) -> Corrections:
    """Return the corrections `made`, without those that are undone, and with those that are `asked` for.

    Raises
    ------
    InvalidRequest
        When the ledger has no line of that id.
    """
    known = [line.id for line in made.lines]
    named = {*undo, *(name for c in asked for name in (c.line, *c.others))} - {"all"}
    if unknown := sorted(named - set(known)):
        there = ", ".join(known) or "no lines"
        raise InvalidRequest(f"{unknown[0]!r} is not a line of the ledger, which has {there}")
    kept = [] if "all" in undo else without_lines(made.corrections, undo)
    for one in asked:  # a line has one name and one class: the newest
        kept = [
            k for k in kept if (k.action, k.line) != (one.action, one.line) or one.action == "merge"
        ]
        kept += [one] if one not in kept else []
    return replace(made, corrections=tuple(kept))


def _save(path: Path, made: Corrections, *, keep: bool) -> None:
    """Write the corrections beside the article; without any, delete the file unless it is to be kept."""
    if made.corrections or keep:
        write([corrections_toml(made)], str(path))
        many = f"{len(made.corrections)} correction{'s' * (len(made.corrections) != 1)}"
        tell(f"{path}: {many if made.corrections else 'the ledger is kept as right'}")
    elif path.exists():
        path.unlink()
        tell(f"{path}: deleted, nothing is corrected")


def ledger_text(annotated: Annotated) -> Iterator[str]:
    """Yield the lines of a ledger as `correct` prints them, and what was corrected."""
    unclear = unclear_statements(annotated)
    if trust := ledger_account(annotated.sources, unclear)["trust"]:
        yield f"{trust}\n"
    for source in annotated.sources:
        marks = f"  ({', '.join(source.corrected)} corrected)" if source.corrected else ""
        yield (
            f"{source.id:>4}  {CLASS_NAMES[source.source_class]:20}  {source.statements:>3}  "
            f"{' '.join(visible(source.label).split())}{marks}\n"
        )
    yield from (f"   ?  {visible(one.shown)}\n" for one in unclear)
    if not annotated.sources and not unclear:
        yield "nobody is quoted or cited\n"
    for line in annotated.corrections:
        yield f"corrected: {' '.join(visible(line).split())}\n"
