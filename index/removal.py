"""Removing articles and comments from the live snapshot, for good: they go on the deletion list first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index import rounds, snapshot
from index.errors import NotFound, UsageError
from index.model import Kind
from index.progress import Silent
from index.report import BuildReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.model import Passage
    from index.progress import Progress
    from index.rounds import Round
    from index.snapshot import IndexPaths
    from index.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """Removes articles by their ids and comments by theirs (``<article>#c2``); all of them or, on an error, none."""

    paths: IndexPaths
    ids: Sequence[str]
    encoder: Encoder | None
    """Of the snapshot; only a comment's placeholder is ever encoded, and it has no vector."""
    progress: Progress = field(default_factory=Silent)

    def run(self) -> BuildReport:
        """Remove them; raises ``NotFound`` for what is not there, ``UsageError`` for what cannot go by itself."""
        report = BuildReport()
        with rounds.begun(self.paths, self.progress, report) as begun:
            reader = begun.store.reader
            articles, comments = self._chosen(reader)
            self._list(begun, reader, articles, comments)
            for article_id in {comment.article_id for comment in comments} - articles:
                self._redact(begun, reader, article_id)
            for article_id in articles:
                self._remove(begun, article_id)
            report.removed = len(articles)
            begun.finish(self.encoder)
            begun.store.commit()
            snapshot.amend(begun.live, begun.manifest, tuple(_paths(begun)))
        return report

    def _chosen(self, reader: Store) -> tuple[set[str], list[Passage]]:
        """Return the ids of the articles, and the comments, that are to go."""
        articles: set[str] = set()
        comments: list[Passage] = []
        for wanted in self.ids:
            if reader.articles([wanted]):
                articles.add(wanted)
                continue
            row = reader.row(wanted)
            passage = reader.passages([row])[row]
            if passage.kind is not Kind.COMMENT:
                raise UsageError(
                    f"{wanted!r} is a {passage.kind}; remove its article {passage.article_id!r} or a comment"
                )
            comments.append(passage)
        return articles, comments

    @staticmethod
    def _list(begun: Round, reader: Store, articles: set[str], comments: list[Passage]) -> None:
        deletions = begun.intake.deletions
        for article_id in sorted(articles):
            deletions.add(reader.articles([article_id])[article_id])
        for comment in comments:
            deletions.add(reader.articles([comment.article_id])[comment.article_id], comment.comment_id)

    @staticmethod
    def _redact(begun: Round, reader: Store, article_id: str) -> None:
        """Write an article anew without its removed comments."""
        found = begun.intake.known(article_id)
        if found is not None:
            whole = reader.article(article_id)
            begun.intake.drop(found.number)
            begun.intake.take(whole, found.file)

    @staticmethod
    def _remove(begun: Round, article_id: str) -> None:
        """Take an article out; its file goes on holding it, should it ever be taken off the list."""
        found = begun.intake.known(article_id)
        if found is not None:
            begun.intake.drop(found.number)
            if found.file is not None:
                begun.intake.files.echo(found.file, article_id)


def restore(paths: IndexPaths, ids: Sequence[str]) -> None:
    """Take articles and comments off the deletion list; the next sync reads their files again.

    Raises ``NotFound`` for what is not on it; all of them then stay. Killed, it can be done again: an article is off
    the list only once its files are to be read.
    """
    with rounds.begun(paths, Silent(), BuildReport()) as begun:
        deletions, files = begun.intake.deletions, begun.intake.files
        chosen = [_parted(begun, wanted) for wanted in ids]
        for wanted, entry in zip(ids, chosen, strict=True):
            if not deletions.holds(*entry):
                raise NotFound(f"{wanted!r} is not on the deletion list; `broadsheet index remove --list` shows it")
        for article_id, _ in chosen:
            known = begun.intake.known(article_id)
            owner = [] if known is None or known.file is None else [known.file]
            for file in [*files.echoing(article_id), *owner]:
                files.unread(file)
        begun.store.commit()
        for entry in chosen:
            deletions.take_back(*entry)


def _parted(begun: Round, wanted: str) -> tuple[str, str | None]:
    """Return the article id, and the comment's id in its source, of what is to be restored."""
    reader = begun.store.reader
    try:
        row = reader.row(wanted)
    except NotFound:
        return wanted, None
    passage = reader.passages([row])[row]
    return passage.article_id, passage.comment_id


def _paths(begun: Round) -> list[Path]:
    from pathlib import Path

    return list(map(Path, begun.manifest.sources))
