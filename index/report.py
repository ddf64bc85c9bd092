"""What a rebuild or a sync did: filled while it runs, told at its end."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Any

from index.sources.records import Note, Skip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.model import Kind


@dataclass(slots=True)
class BuildReport:
    """Counts of articles, passages and texts; ``on_event`` hears each skip and note at once."""

    on_event: Callable[[Skip | Note], None] = lambda _event: None
    snapshot: str = ""
    files: int = 0
    """Files that were read."""
    files_unchanged: int = 0
    """Files that a sync did not have to read."""
    articles: int = 0
    """Articles written: new ones and those that changed."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    """Articles that a sync met again as they were."""
    removed: int = 0
    """Articles gone from the sources."""
    kept: int = 0
    """Articles gone from the sources, or out of reach, and kept all the same."""
    duplicates: int = 0
    """Articles left out because one of the same id was read before."""
    banned: int = 0
    """Articles left out because they are on the deletion list."""
    passages: Counter[Kind] = field(default_factory=Counter)
    """Passages written, by the kind they are found as."""
    skipped: list[Skip] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    texts: int = 0
    """Windows of text that needed a vector."""
    encoded: int = 0
    """Those the model had to be asked for; the others were known."""
    awaits: str | None = None
    """The model that has yet to encode what a stopgap gave its vectors; ``None`` once it has."""
    stacks: int = 0
    stacked: int = 0
    """Passages that stand in a stack, the leaders among them."""
    linked: int = 0
    """Comments tied to the paragraph they answer."""
    learnt: int = 0
    """Paragraphs and captions that turned out to be furniture."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Per stage; words and encoding go on beside the others, and count only where they are waited for."""

    def hear(self, event: Skip | Note) -> None:
        """Take note of something skipped or noticed."""
        if isinstance(event, Skip):
            self.skipped.append(event)
        else:
            self.notes.append(event)
        self.on_event(event)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Count the seconds of a stage."""
        began = perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + perf_counter() - began

    def complete(self, then: BuildReport) -> None:
        """Take up what was done to complete this."""
        self.snapshot, self.awaits = then.snapshot, None
        self.texts, self.encoded = then.texts, then.encoded
        self.stacks, self.stacked, self.linked = then.stacks, then.stacked, then.linked
        for stage, seconds in then.seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + seconds

    def as_dict(self) -> dict[str, Any]:
        """Return the report as a JSON object."""
        reasons = Counter(skip.reason for skip in self.skipped)
        return {
            "snapshot": self.snapshot,
            "files": {"read": self.files, "unchanged": self.files_unchanged},
            "articles": {
                "new": self.new,
                "changed": self.changed,
                "unchanged": self.unchanged,
                "removed": self.removed,
                "kept": self.kept,
                "duplicate": self.duplicates,
                "banned": self.banned,
            },
            "passages": {kind.value: count for kind, count in sorted(self.passages.items())},
            "skipped": dict(reasons.most_common()),
            "skips": [{"path": skip.path, "reason": skip.reason} for skip in self.skipped],
            "notes": [{"path": note.path, "text": note.text} for note in self.notes],
            "texts": {"needed": self.texts, "encoded": self.encoded},
            "stacks": {"stacks": self.stacks, "passages": self.stacked},
            "linked": self.linked,
            "learnt": self.learnt,
            "seconds": {stage: round(seconds, 3) for stage, seconds in self.seconds.items()},
        }
