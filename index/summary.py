"""What a rebuild or a sync did, in lines for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from index import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.report import BuildReport
    from index.sources.records import Note, Skip

_REASONS: Final = 5


def tell(event: Skip | Note) -> None:
    """Say at once what was skipped or noticed."""
    from index.sources.records import Skip

    console.say(f"skipped {event.path}: {event.reason}" if isinstance(event, Skip) else f"{event.path}: {event.text}")


def summarise(report: BuildReport) -> None:
    """Say what was done."""
    for line in lines(report):
        console.say(line)


def lines(report: BuildReport) -> Iterator[str]:
    """Yield what was done, line by line."""
    kinds = ", ".join(kind.counted(count) for kind, count in sorted(report.passages.items()) if count > 0)
    yield from _articles(report, kinds)
    if report.learnt:
        yield f"{report.learnt:,} passages learnt to be furniture; `broadsheet index furniture` lists the lines"
    if report.duplicates:
        yield f"{report.duplicates:,} articles were there already (same address or same text) and left out"
    if report.banned:
        yield f"{report.banned:,} articles are on the deletion list and left out"
    if report.skipped:
        reasons = Counter(skip.reason for skip in report.skipped).most_common(_REASONS)
        told = ", ".join(f"{count:,} {reason}" for reason, count in reasons)
        yield f"{len(report.skipped):,} skipped by name ({told})"
    if report.texts:
        yield f"encoded {report.encoded:,} texts, {report.texts - report.encoded:,} were known already"
    if report.stacks:
        yield f"{report.stacked:,} near-identical passages in {report.stacks:,} stacks"
    if report.linked:
        yield f"{report.linked:,} comments linked to the paragraph they answer"
    yield "published (" + ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in report.seconds.items()) + ")"


def _articles(report: BuildReport, kinds: str) -> Iterator[str]:
    """Yield what became of the articles; a rebuild has new ones only."""
    if not (report.files_unchanged or report.changed or report.unchanged or report.removed or report.kept):
        yield f"{report.articles:,} articles: {kinds}"
        return
    counts = {
        "new": report.new,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "kept though gone from the sources": report.kept,
    }
    told = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count) or "nothing changed"
    yield f"articles: {told}" + (f" (written: {kinds})" if kinds else "")
    yield f"files: {report.files:,} read, {report.files_unchanged:,} as they were"
