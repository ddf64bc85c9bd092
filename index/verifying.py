"""The ``broadsheet index verify`` command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from index import console
from index.command_line import index_option, settings_of

if TYPE_CHECKING:
    from index.faults import Findings

DAMAGED: Final = 3


@click.command()
@index_option
@click.option("--quick", is_flag=True, help="Only what is cheap: structure, sizes, counts, whose vectors there are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: sound, faults, notes, checked.")
@click.pass_context
def verify(context: click.Context, index_dir: str | None, *, quick: bool, as_json: bool) -> None:
    """Check that the index is what was written and that its parts say the same.

    Names each fault with its file and what repairs it. Ends with 0 where all is sound and with 3 where it is not.
    """
    from index.progress import Silent
    from index.snapshot import IndexPaths
    from index.verify import Verification, told

    paths = IndexPaths(settings_of(index_dir).index_dir)
    findings = Verification(paths=paths, quick=quick, progress=Silent() if as_json else console.progress()).run()
    if as_json:
        console.data(told(findings))
    else:
        _print(findings)
    if not findings.is_sound:
        context.exit(DAMAGED)


def _print(findings: Findings) -> None:
    for fault in findings.faults:
        console.data(f"{fault.file}: {fault.what}; to repair it: {fault.repair}")
    for note in findings.notes:
        console.say(note)
    if findings.is_sound:
        counts = ", ".join(f"{count:,} {what}" for what, count in findings.checked.items())
        console.data(f"sound: {counts}")
