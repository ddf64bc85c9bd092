"""The deletion list: articles and comments that somebody removed, and that must not come back.

``deletions.jsonl`` stands beside the snapshots, one entry a line, and is only appended to: a later line for the same
id takes an earlier one back. A removed comment keeps its place in the thread, without its words and its author.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from index.durable import append_durably
from index.errors import UsageError
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

    from index.model import Article, ArticleInfo, Comment
    from index.snapshot import IndexPaths

FILE: Final = "deletions.jsonl"
REMOVED: Final = "[removed]"
_UNREADABLE: Final = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One removed article, known again by its id or its address; or one comment of it, by its id in its source."""

    id: str
    url: str | None
    comment: str | None
    when: str
    """ISO 8601, UTC."""


class Deletions:
    """The list as it was when it was read, with what was added since."""

    def __init__(self, paths: IndexPaths) -> None:
        """Read the list; raises ``UsageError`` where it cannot be read, for to go on would bring articles back."""
        self._path = paths.root / FILE
        self._entries = _read(self._path)
        self._look_up()

    def __contains__(self, article: ArticleInfo) -> bool:
        return (article.id, None) in self._entries or (article.url is not None and article.url in self._urls)

    def holds(self, article_id: str, comment: str | None = None) -> bool:
        """Tell whether an article, or a comment by its id in its source, is on the list."""
        return (article_id, comment) in self._entries

    def entries(self) -> list[Deletion]:
        """Return what is on the list, the latest last."""
        return list(self._entries.values())

    def redacted(self, article: Article) -> Article:
        """Return an article without the comments that were removed from it."""
        if article.id not in self._redacted:
            return article
        return replace(article, comments=tuple(self._shown(article.id, comment) for comment in article.comments))

    def add(self, article: ArticleInfo, comment: str | None = None) -> None:
        """Put an article, or the comment of that id in its source, on the list; durable when it returns."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        self._append({"id": article.id, "url": article.url, "comment": comment, "when": now})
        self._entries[article.id, comment] = Deletion(article.id, article.url, comment, now)
        self._look_up()

    def take_back(self, article_id: str, comment: str | None = None) -> bool:
        """Take an article or a comment off the list, durably; return whether it was on it."""
        if self._entries.pop((article_id, comment), None) is None:
            return False
        self._append({"id": article_id, "comment": comment, "back": True})
        self._look_up()
        return True

    def _look_up(self) -> None:
        whole = [entry for entry in self._entries.values() if entry.comment is None]
        self._urls = {entry.url for entry in whole if entry.url}
        self._redacted = {entry.id for entry in self._entries.values() if entry.comment is not None}

    def _shown(self, article_id: str, comment: Comment) -> Comment:
        if (article_id, comment.id) not in self._entries:
            return comment
        return replace(comment, text=REMOVED, author=None, removed=True)

    def _append(self, entry: dict[str, Any]) -> None:
        append_durably(self._path, json.dumps(entry) + "\n", _is_entry)


def _read(path: Path) -> dict[tuple[str, str | None], Deletion]:
    """Return what is on the list; the last line, cut off by a crash, was never acknowledged."""
    found: dict[tuple[str, str | None], Deletion] = {}
    try:
        *lines, tail = path.read_bytes().split(b"\n")
        for line in lines + [tail] * _is_entry(tail):
            if line.strip():
                _take(found, line)
    except FileNotFoundError:
        return {}
    except (OSError, *_UNREADABLE) as error:
        raise refusal(path, error) or UsageError(f"{path} cannot be read ({error}); mend or remove it") from error
    return found


def _is_entry(line: bytes) -> bool:
    try:
        _take({}, line)
    except _UNREADABLE:
        return False
    return True


def _take(found: dict[tuple[str, str | None], Deletion], line: bytes) -> None:
    entry = json.loads(line)
    key = (str(entry["id"]), entry["comment"])
    if entry.get("back"):
        found.pop(key, None)
    else:
        found[key] = Deletion(key[0], entry["url"], key[1], str(entry["when"]))
