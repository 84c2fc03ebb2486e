"""Run the behavioural cases and write docs/behaviour.md: ``python -m tests.behaviour --write``.

Cases that fail must have a reason in reasons.toml. A case that newly fails is listed, and nothing is written unless
``--accept-new`` is given: fix the case first.
"""

from __future__ import annotations

import argparse
import sys

from reportedly import Assessor
from reportedly.bundle import load_bundle
from tests.behaviour import page


def main() -> int:
    """Run all cases; write the results and the page if asked for and allowed."""
    parser = argparse.ArgumentParser(prog="python -m tests.behaviour", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write results.json and the page")
    parser.add_argument("--accept-new", action="store_true", help="accept new failures")
    parser.add_argument("--bundle", help="try another bundle than the one that ships")
    options = parser.parse_args()
    assessor = Assessor(load_bundle(options.bundle) if options.bundle else None)
    known = page.read_results()["fails"]
    results, said = page.measure(page.remembering(assessor))
    new = [name for name in results["fails"] if name not in known]
    unexplained = [name for name in results["fails"] if not page.reason_for(name)]
    for name in results["fails"]:
        mark = "FAILS, new" if name in new else "fails, known"
        sys.stdout.write(f"{mark}: {name}: {said[name]}\n")
    for name in set(known) - set(results["fails"]):
        sys.stdout.write(f"holds again: {name}\n")
    sys.stdout.write("\n" + page.render(results))
    if not options.write:
        return 0
    if unexplained or (new and not options.accept_new):
        sys.stdout.write("\nnot written: fix what fails, or give a reason and --accept-new\n")
        return 1
    page.write(results)
    return 0


sys.exit(main())
