"""Taking in articles: what becomes of each article that is read, given what the store holds already.

A round is one rebuild or one sync. An article met in a round is new, changed, unchanged, an echo of one that another
file has, or on the deletion list. What a round did not meet again in files that it read, or that are gone, is removed
at its end.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index import furniture, passages
from index.files import content_digest, looked_at
from index.sources.files import shown
from index.sources.jsonl import article_to_dict
from index.sources.records import STDIN, Limits, Note, Skip
from index.sources.walk import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from index.deletions import Deletions
    from index.files import Files
    from index.model import Article
    from index.report import BuildReport
    from index.sources.records import Source
    from index.store_writer import StoreWriter

_TOLD: Final = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store tells of an article."""

    number: int
    digest: bytes
    file: int | None
    seen: int


@dataclass(slots=True, kw_only=True)
class Intake:
    """One round of reading, within the store's open transaction."""

    store: StoreWriter
    files: Files
    learner: furniture.Furniture
    deletions: Deletions
    report: BuildReport
    round: int
    next_row: int
    limits: Limits = field(default_factory=Limits)
    gone: set[int] = field(default_factory=set)
    """Files that are not there any more."""
    read: set[int] = field(default_factory=set)
    """Files read from start to end."""
    passages: int = 0
    """By how many passages the store grew."""
    between: Callable[[], None] = lambda: None
    """Called after each article."""
    stacks: set[int] = field(default_factory=set)
    """Leaders of stacks that lost somebody."""

    def take_file(self, source: Source, progress: Callable[[int], None]) -> None:
        """Take every article of a file, or of standard input, which leaves nothing to come back to."""
        self.report.files += 1
        if source.path == STDIN:
            self._read(source, None, progress)
            return
        number = self.files.add(source.path)
        look, digest = looked_at(source.path, source.parts), content_digest(source.path, source.parts)
        if self._read(source, number, progress):
            self.read.add(number)
        if digest is not None:  # what is in the file will not change by reading it again
            self.files.settle(number, look, digest)

    def take_echoes(self, number: int, source: Source, ids: Collection[str]) -> int:
        """Take articles from a file read before, which other files had first and have no more; return how many."""
        before = self.report.new
        self._read(source, number, lambda _bytes: None, ids)
        taken, self.report.new = self.report.new - before, before
        self.report.unchanged += taken
        return taken

    def _read(
        self, source: Source, number: int | None, progress: Callable[[int], None], only: Collection[str] | None = None
    ) -> bool:
        """Take the articles of a file, or those in ``only``; return whether it could be read to its end."""
        failure = _Failure(shown(source.path), self.report)
        for article in read_source(source, self.limits, failure.hear, progress):
            if only is None or article.id in only:
                self.take(article, number)
                self.between()
        return not failure.happened

    def take(self, article: Article, file: int | None) -> None:
        """Put one article where it belongs."""
        known = self.known(article.id)
        article = self.deletions.redacted(article)
        if article in self.deletions:
            self.report.banned += 1
            self._echo(article, file)
        elif known is None:
            self._write(article, file)
            self.report.new += 1
        elif (known.file != file and not self._is_ownerless(known)) or known.seen == self.round:
            self.report.duplicates += 1
            self._echo(article, file)
            self.report.hear(Note(article.path or article.id, f"left out: article {article.id!r} was read before"))
        elif known.digest == digest_of(article):
            self._meet(known.number, article, file)
            self.report.unchanged += 1
        else:
            self.drop(known.number)
            self._write(article, file)
            self.report.changed += 1

    def drop(self, number: int) -> None:
        """Take an article out."""
        stacks, rows = self.store.remove_article(number)
        self.learner.remove(number)
        self.stacks |= stacks
        self.passages -= rows

    def missing(self) -> list[tuple[int, str]]:
        """Return (number, id) of the articles that were not met in files that were read or are gone."""
        wanted = (
            "SELECT a.number, a.id FROM json_each(?) AS chosen CROSS JOIN articles AS a ON a.file = chosen.value "
            "WHERE a.seen < ?"
        )
        touched = json.dumps(sorted(self.gone | self.read))
        return list(self.store.connection.execute(wanted, (touched, self.round)))

    def known(self, article_id: str) -> Known | None:
        """Return what the store tells of an article, ``None`` where it has none of that id."""
        wanted = "SELECT number, digest, file, seen FROM articles WHERE id = ?"
        found = self.store.connection.execute(wanted, (article_id,)).fetchone()
        return None if found is None else Known(*found)

    def _is_ownerless(self, known: Known) -> bool:
        """Tell whether the file an article was read from has it no more."""
        return known.seen < self.round and (known.file is None or known.file in self.gone or known.file in self.read)

    def _meet(self, number: int, article: Article, file: int | None) -> None:
        self.store.connection.execute(
            "UPDATE articles SET file = ?, path = ?, seen = ? WHERE number = ?",
            (file, article.path, self.round, number),
        )

    def _write(self, article: Article, file: int | None) -> None:
        number = self.store.add_article(article, digest_of(article), file, self.round)
        cut = list(enumerate(passages.cut(article), self.next_row))
        self.store.add_passages(number, article, cut)
        self.learner.add(number, furniture.origin(article), furniture.lines(cut))
        self.next_row += len(cut)
        self.passages += len(cut)
        self.report.articles += 1
        self.report.passages.update(passage.found_as for _, passage in cut)

    def _echo(self, article: Article, file: int | None) -> None:
        if file is not None:
            self.files.echo(file, article.id)


@dataclass(slots=True)
class _Failure:
    """Hears whether a file as a whole could not be read to its end."""

    name: str
    report: BuildReport
    happened: bool = False

    def hear(self, event: Skip | Note) -> None:
        self.happened |= isinstance(event, Skip) and event.path == self.name
        self.report.hear(event)


def digest_of(article: Article) -> bytes:
    """Return 16 bytes that tell whether an article is what it was; where it was read from does not count."""
    content = {name: value for name, value in article_to_dict(article).items() if name != "path"}
    told = _TOLD.encode(content).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=16).digest()


def nothing_read(sources: Sequence[Path], report: BuildReport) -> str:
    """Return what to tell where no article was in any of the sources."""
    names = ", ".join(str(source) for source in sources) or "nothing"
    reasons = "; ".join(f"{skip.path}: {skip.reason}" for skip in report.skipped[:3])
    return f"no article could be read from {names}" + (f" ({reasons})" if reasons else "") + "; name other sources"
