"""Print figures with their floors: ``python -m tests.gate [--update [--allow-lower]]``."""

from __future__ import annotations

import argparse
import sys

from reportedly import Assessor
from reportedly.bundle import load_bundle
from tests.gate import gate


def main() -> int:
    """Print the figures; write them as floors if asked to and allowed."""
    parser = argparse.ArgumentParser(prog="python -m tests.gate", description=__doc__)
    parser.add_argument("--update", action="store_true", help="write the figures as floors")
    parser.add_argument("--allow-lower", action="store_true", help="even where one falls")
    parser.add_argument("--bundle", help="measure another bundle than the one that ships")
    options = parser.parse_args()
    assessor = Assessor(load_bundle(options.bundle) if options.bundle else None)
    figures, kept = gate.measure(assessor), gate.read_floors()
    for name, figure in figures.items():
        floor = kept["floors"].get(name)
        sys.stdout.write(f"{name:34} {figure['value']:.4f}  floor {floor}\n")
    if not options.update:
        return bool(gate.fallen(kept["floors"], figures))
    try:
        gate.write(gate.updated(kept["floors"], figures, allow_lower=options.allow_lower))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


sys.exit(main())
