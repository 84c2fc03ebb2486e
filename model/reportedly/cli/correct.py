"""``reportedly correct``: a person's word on the ledger, kept in a small file beside the article."""

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
from reportedly.report.markup import CLASS_NAMES


@click.command("correct")
@click.argument("file", metavar="FILE")
@click.option("--wrong", multiple=True, metavar="LINE", help="This line is no source.")
@click.option("--merge", multiple=True, metavar="LINE,LINE,…", help="These lines are one source: the first.")  # fmt: skip
@click.option("--rename", multiple=True, metavar="LINE=NAME", help="This line is called NAME.")
@click.option(
    "--class", "classes", multiple=True, metavar="LINE=CLASS",
    help=f"This line is of another class: {', '.join(SOURCE_CLASSES)}.",
)  # fmt: skip
@click.option("--right", is_flag=True, help="Nothing else is wrong: keep the ledger as annotation, even uncorrected.")  # fmt: skip
@click.option("--undo", multiple=True, metavar="LINE|all", help="Take back what was corrected of it.")  # fmt: skip
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
    """Correct the ledger of the article in FILE, and list it; LINE is a line's id, as s2.

    FILE.corrections.toml keeps the corrections; score, claims and compare honour and mark them while it stands there.
    Each option may be given often.
    """
    if not Path(file).is_file():
        raise InvalidRequest(
            f"{file}: no such file; corrections stand beside an article, so save the page first"
        )
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


def _lines(words: str) -> list[str]:
    lines = [line.strip() for line in words.split(",") if line.strip()]
    if len(set(lines)) < 2:
        raise InvalidRequest(f"--merge: got {words!r}, expected two lines or more, as s2,s4")
    return lines


def _pair(words: str, option: str) -> tuple[str, str]:
    line, sign, to = words.partition("=")
    if not (sign and line.strip() and to.strip()):
        raise InvalidRequest(f"{option}: got {words!r}, expected a line and what it is, as s2=…")
    if option == "--class" and to.strip() not in SOURCE_CLASSES:
        raise InvalidRequest(
            f"--class: got {to.strip()!r}, expected one of {', '.join(SOURCE_CLASSES)}"
        )
    return line.strip(), to.strip()


def _kept(path: Path, found: Annotated, name: str) -> Corrections:
    """Return the corrections that were made before; they begin anew where the text is another one.

    Raises
    ------
    InvalidRequest
        When they are of another text.
    """
    if not path.is_file():
        return corrections_of(found, name)
    made = read_corrections(path)
    if not made.fits(found.text):
        raise InvalidRequest(
            f"{path}: was made for another version of the text; move it away, and correct anew"
        )
    return made


def _corrected(made: Corrections, asked: Sequence[Correction], undo: Sequence[str]) -> Corrections:
    """Return `made` without what is taken back, and with what is `asked`.

    Raises
    ------
    InvalidRequest
        When the ledger has no such line.
    """
    known = [line.id for line in made.lines]
    named = {*undo, *(name for c in asked for name in (c.line, *c.others))} - {"all"}
    if unknown := sorted(named - set(known)):
        there = ", ".join(known) or "no line at all"
        raise InvalidRequest(f"{unknown[0]!r} is no line of the ledger, which has {there}")
    kept = [] if "all" in undo else without_lines(made.corrections, undo)
    for one in asked:  # a line is renamed, and classed, once
        kept = [
            k for k in kept if (k.action, k.line) != (one.action, one.line) or one.action == "merge"
        ]
        kept += [one] if one not in kept else []
    return replace(made, corrections=tuple(kept))


def _save(path: Path, made: Corrections, *, keep: bool) -> None:
    """Write corrections beside the article, or take the file away where there are none and it is not to be kept."""
    if made.corrections or keep:
        write([corrections_toml(made)], str(path))
        tell(f"{path}: {len(made.corrections)} correction{'s' * (len(made.corrections) != 1)}")
    elif path.exists():
        path.unlink()
        tell(f"{path}: taken away, nothing is corrected")


def ledger_text(annotated: Annotated) -> Iterator[str]:
    """Yield the lines of a ledger as `correct` lists them, and what was corrected."""
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
