"""Preparing what all systems are given: passages of news collections, and more of them by exchanging words.

Articles of Reuters come first, shuffled, then those of other English sources, shuffled, then Korean comments, then
copies of the English passages in which every word but the commonest is exchanged for its neighbour in the list of words
by frequency. So a copy shares no content word with its original and yet words are as common and as rare as in news.
Each text is there once.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.speed import data as names
from index.errors import UsageError
from index.sources.records import Limits, Source
from index.sources.walk import read_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from index.model import Article

VERSION: Final = 4
SEED: Final = 7
GROUPS: Final = (("reuters_2006_2013",), ("reuters21578", "bbc_news", "haacked_blog"), ("naver_ko_comments",))
"""Collections in their order, those of a group shuffled together; the questions are headlines of the first."""
COPIED: Final = 2  # groups that are English
QUERIES: Final = 400
QUERY_WORDS: Final = 8
LONGEST: Final = 400  # characters of a passage
COMMON: Final = 150  # words that are in every text anyway
_WORD: Final = re.compile(r"[A-Za-z]+")
_PLAIN: Final = re.compile(r"[a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Item:
    """One article as passages."""

    title: str
    paragraphs: tuple[str, ...]
    comments: tuple[tuple[str, str], ...] = ()
    """(author, text)."""

    def passages(self) -> Iterator[str]:
        """Yield the passages in order."""
        if self.title:
            yield self.title
        yield from self.paragraphs
        yield from (text for _, text in self.comments)


@dataclass(slots=True)
class _Once:
    """Lets each text pass once."""

    seen: set[int] = field(default_factory=set)

    def take(self, item: Item) -> Item | None:
        """Return what is new of an item, ``None`` where that is no article any more."""
        title = item.title if self._is_new(item.title) else ""
        paragraphs = tuple(text for text in item.paragraphs if self._is_new(text))
        comments = tuple((author, text) for author, text in item.comments if self._is_new(text))
        return Item(title, paragraphs, comments) if paragraphs or comments else None

    def _is_new(self, text: str) -> bool:
        key = hash(text)
        is_new = bool(text) and key not in self.seen
        self.seen.add(key)
        return is_new


def prepare(collections: Path, target: Path, size: int, tell: Callable[[str], None]) -> names.Data:
    """Write what is needed of ``size`` passages, all but the vectors, unless it is there; raises ``UsageError``."""
    about = target / names.ABOUT
    told = json.loads(about.read_text("utf-8")) if about.is_file() else {}
    if told.get("version") != VERSION or told.get("passages", 0) < size:
        target.mkdir(parents=True, exist_ok=True)
        if told.get("version") != VERSION:
            for name in (names.VECTORS, names.QUERY_VECTORS, names.ABOUT):
                (target / name).unlink(missing_ok=True)
        told = _write(collections, target, size, tell)
        about.write_text(json.dumps(told, indent=1), encoding="utf-8")
    return names.Data(target, size)


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Yield a text in pieces of at most ``longest`` characters, cut behind a sentence where one ends late enough."""
    text = " ".join(text.split())
    while len(text) > longest:
        end = text.rfind(". ", longest // 2, longest) + 1 or text.rfind(" ", 1, longest) + 1 or longest
        yield text[:end].strip()
        text = text[end:].strip()
    if text:
        yield text


def exchanged(counts: Counter[str]) -> dict[str, str]:
    """Return for each word its neighbour by frequency: the 151st for the 152nd and back, and so on."""
    ranked = [word for word, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))][COMMON:]
    pairs = zip(ranked[::2], ranked[1::2], strict=False)
    return {word: other for one, two in pairs for word, other in ((one, two), (two, one))}


def copied(text: str, exchange: dict[str, str]) -> str:
    """Return a text with its words exchanged, capitals where they were."""

    def other(found: re.Match[str]) -> str:
        word = found.group()
        new = exchange.get(word.lower(), word)
        return new.capitalize() if word[0].isupper() else new

    return _WORD.sub(other, text)


def query(title: str) -> str | None:
    """Return a headline as a question of eight plain words, ``None`` where it is shorter."""
    words = _PLAIN.findall(title.lower())
    return " ".join(words[:QUERY_WORDS]) if len(words) >= QUERY_WORDS else None


def _write(collections: Path, target: Path, size: int, tell: Callable[[str], None]) -> dict[str, Any]:
    groups = [list(_group(collections, group, tell)) for group in GROUPS]
    if not any(groups):
        wanted = ", ".join(name for group in GROUPS for name in group)
        raise UsageError(
            f"{collections} holds none of {wanted} (NAME/articles.jsonl.gz); name their folder with --data"
        )
    first = next(place for place, group in enumerate(groups) if group)
    queries, groups[first] = _asked(groups[first])
    (target / names.QUERIES).write_text("\n".join(queries) + "\n", encoding="utf-8")
    counts: dict[str, int] = {}
    once, written = _Once(), _Writer(target, size)
    english = [item for group in groups[:COPIED] for item in group]
    told = {"+".join(named): items for named, items in zip(GROUPS, groups, strict=True)}
    for name, items in (*told.items(), ("copies with words exchanged", _copies(english))):
        before = written.passages
        for item in items:
            if written.passages >= size:
                break
            if (new := once.take(item)) is not None:
                written.add(new)
        counts[name] = written.passages - before
    written.close()
    if written.passages < size:
        raise UsageError(f"{collections} gives {written.passages:,} passages only, not {size:,}; ask for fewer")
    return {"version": VERSION, "passages": written.passages, "of": counts}


def _group(collections: Path, group: Iterable[str], tell: Callable[[str], None]) -> list[Item]:
    """Return the articles of some collections, shuffled."""
    items: list[Item] = []
    for name in group:
        if next((collections / name).glob("articles.jsonl*"), None) is None:
            tell(f"left out {name}: it is not in {collections.name}/")
            continue
        tell(f"reading {name}")
        items += _items(collections / name)
    random.Random(SEED).shuffle(items)
    return items


def _asked(items: list[Item]) -> tuple[list[str], list[Item]]:
    """Return questions from headlines, and the articles that are left without those they are from."""
    queries: list[str] = []
    left: list[Item] = []
    for item in items:
        asked = query(item.title) if len(queries) < QUERIES else None
        if asked is None or asked in queries:
            left.append(item)
        else:
            queries.append(asked)
    return queries, left


def _items(folder: Path) -> Iterator[Item]:
    source = next(folder.glob("articles.jsonl*"))
    for article in read_source(Source(source, source.stat().st_size), Limits(), lambda _event: None):
        item = _item(article)
        if item.paragraphs or item.comments:
            yield item


def _item(article: Article) -> Item:
    return Item(
        next(pieces(article.title or ""), ""),
        tuple(piece for text in article.paragraphs for piece in pieces(text)),
        tuple((comment.author or "", piece) for comment in article.comments for piece in pieces(comment.text)),
    )


def _copies(english: Iterable[Item]) -> Iterator[Item]:
    counts: Counter[str] = Counter()
    for item in english:
        for text in item.passages():
            counts.update(word.lower() for word in _WORD.findall(text))
    exchange = exchanged(counts)
    for item in english:
        yield replace(
            item,
            title=copied(item.title, exchange),
            paragraphs=tuple(copied(text, exchange) for text in item.paragraphs),
            comments=tuple((author, copied(text, exchange)) for author, text in item.comments),
        )


class _Writer:
    """Writes passages three times over: as lines, as articles, and the bucket of each."""

    def __init__(self, target: Path, size: int) -> None:
        self.passages = 0
        self._size = size
        self._chance = random.Random(SEED)
        self._lines = (target / names.PASSAGES).open("w", encoding="utf-8", newline="\n")
        self._articles = (target / names.ARTICLES).open("w", encoding="utf-8")
        self._buckets = (target / names.BUCKETS).open("wb")

    def add(self, item: Item) -> None:
        """Write one article."""
        texts = list(item.passages())
        bucket = self._chance.randrange(100)
        article = article_of(self.passages, item, bucket)
        self._articles.write(json.dumps(article, ensure_ascii=False) + "\n")
        self._lines.writelines(f"{text}\n" for text in texts)
        self._buckets.write(bytes([bucket]) * len(texts))
        self.passages += len(texts)

    def close(self) -> None:
        """Close all files."""
        for file in (self._lines, self._articles, self._buckets):
            file.close()


def article_of(first: int, item: Item, bucket: int) -> dict[str, Any]:
    """Return an article in broadsheet's own form; its id tells the number of each of its passages."""
    return {
        "id": f"{first}.{int(bool(item.title))}.{len(item.paragraphs)}",
        "title": item.title,
        "topics": [f"under{share}" for share in names.SHARES if bucket < share],
        "paragraphs": item.paragraphs,
        "comments": [
            {"id": f"{first}.{place}", "author": author, "text": text}
            for place, (author, text) in enumerate(item.comments)
        ],
    }


def synthetic(real: Any, block: int, size: int) -> Any:
    """Return the made-up unit vectors of a block, (size, 384) float32: real ones mixed in pairs and shaken."""
    chance = np.random.default_rng((SEED, block))
    one, two = chance.integers(0, len(real), (2, size))
    noise = chance.standard_normal((size, real.shape[1]), dtype=np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    mixed = 0.75 * real[one] + 0.35 * real[two] + 0.5 * noise
    return (mixed / np.linalg.norm(mixed, axis=1, keepdims=True)).astype(np.float32)
