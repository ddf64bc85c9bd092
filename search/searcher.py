"""``Searcher``: the public way to ask. The only stateful class of the package; safe to use from several threads."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Self

from index import settings as settings_
from index.encode import DEFAULT_MODEL, open_encoder
from index.errors import IndexOutdated, UsageError
from index.local import LocalIndex
from search import retrieve
from search.explain import why
from search.parse import parse
from search.plan import plan
from search.results import Hit, Mode, Results
from search.snippet import Highlighter, snippet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.model import Article, Passage
    from index.protocol import IndexInfo, Vector
    from search.plan import Plan
    from search.query import Query
    from search.results import Span
    from search.retrieve import Fusion, Ranking

REMEMBERED: Final = 256  # vectors of recent queries
MAX_LIMIT: Final = 10_000
# A passage found by meaning alone must be at least this similar, in hybrid search. Measured: unrelated texts of the
# default model rarely reach it (docs/architecture.md). Models we have not measured have none.
MEANING_FLOORS: Final = {DEFAULT_MODEL: 0.25}


class Searcher:
    """Answers queries from one index."""

    def __init__(self, index: LocalIndex, encoder: Encoder | None = None, zone: tzinfo | None = None) -> None:
        self._index = index
        self._encoder = encoder
        self._zone = zone or settings_.Settings().zone
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()
        self._is_warm = False

    @classmethod
    def open(cls, path: str | Path | None = None, *, encoder: Encoder | None = None) -> Self:
        """Open the index in ``path``, by default the one of the settings; raises ``IndexUnusable``.

        The embedding model is loaded by the first search that needs it.
        """
        settings = settings_.load({"index": None if path is None else str(path)})
        return cls(LocalIndex.open(settings.index_dir), encoder, settings.zone)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        mode: Mode | str = Mode.HYBRID,
        fusion: Fusion | None = None,
    ) -> Results:
        """Return one page of hits, best first; raises ``QueryError`` for a query beyond the limits."""
        mode = _mode(mode)
        _check_page(limit, offset)
        took: dict[str, float] = {}
        began = time.perf_counter()
        with _timed(took, "parse"):
            parsed = parse(query, timezone=self._zone)
            asked = plan(parsed)
        used = self._usable(mode)
        warnings = parsed.warnings if used is mode else (*parsed.warnings, _NO_VECTORS)
        ranking = self._rank(asked, used, offset + limit, fusion, took)
        with _timed(took, "snippet"):
            hits = self._hits(parsed, ranking, offset, limit)
        took["total"] = (time.perf_counter() - began) * 1000
        return Results(
            query=query,
            mode=mode,
            hits=hits,
            total=ranking.total,
            total_is_exact=ranking.is_exact,
            warnings=warnings,
            took=took,
        )

    def highlight(self, query: str, passages: Sequence[Passage]) -> list[tuple[Span, ...]]:
        """Return the word spans of ``query`` over the whole text of each passage."""
        highlighter = Highlighter.of(parse(query, timezone=self._zone))
        return [highlighter.spans(passage.text) for passage in passages]

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        return self._index.article(article_id)

    def passage(self, passage_id: str) -> Passage:
        """Return one passage; raises ``NotFound``."""
        row = self._index.row(passage_id)
        return self._index.passages([row])[row]

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; raises ``NotFound``."""
        return self._index.passages_of(article_id)

    def info(self) -> IndexInfo:
        """Return facts of the index."""
        return self._index.info

    @property
    def is_warm(self) -> bool:
        """Whether a search by meaning would answer without loading the model first."""
        return self._is_warm or self._index.manifest.model is None

    def warm(self) -> None:
        """Load the model, so that the next search by meaning is quick; takes seconds."""
        if not self.is_warm:
            self._encode("news")

    def close(self) -> None:
        """Release the index."""
        self._index.close()

    def _usable(self, mode: Mode) -> Mode:
        """Return the mode the index can answer: one of words only answers hybrid questions by words."""
        return Mode.KEYWORD if mode is Mode.HYBRID and self._index.manifest.model is None else mode

    def _rank(self, asked: Plan, mode: Mode, wanted: int, fusion: Fusion | None, took: dict[str, float]) -> Ranking:
        has_meaning = bool(asked.meaning) and mode is not Mode.KEYWORD
        if has_meaning:
            with _timed(took, "encode"):
                vector = self._encode(asked.meaning)
            with _timed(took, "semantic" if mode is Mode.SEMANTIC else "fuse"):
                if mode is Mode.SEMANTIC:
                    return retrieve.by_meaning(self._index, asked, vector, wanted)
                return retrieve.by_both(self._index, asked, vector, wanted, fusion or self._fusion())
        with _timed(took, "keyword"):
            if asked.words is not None:
                return retrieve.by_words(self._index, asked.words, wanted)
            if asked.constraint is not None:
                return retrieve.by_time(self._index, asked.constraint)
        return retrieve.nothing()

    def _fusion(self) -> Fusion:
        model = self._index.manifest.model
        return retrieve.Fusion(floor=MEANING_FLOORS.get(model.name, -1.0) if model else -1.0)

    def _hits(self, parsed: Query, ranking: Ranking, offset: int, limit: int) -> tuple[Hit, ...]:
        """Return the hits of one page; the store is asked once for passages and once for articles."""
        page = slice(offset, offset + limit)
        rows = ranking.rows[page].tolist()
        passages = self._index.passages(rows)
        articles = self._index.articles([passage.article_id for passage in passages.values()])
        highlighter = Highlighter.of(parsed)
        hits: list[Hit] = []
        for place, row in enumerate(rows, offset):
            if row not in passages:
                continue
            passage = passages[row]
            keyword, semantic = ranking.legs(place)
            hits.append(
                Hit(
                    passage=passage,
                    article=articles[passage.article_id],
                    score=float(ranking.scores[place]),
                    snippet=snippet(passage.text, highlighter),
                    keyword=keyword,
                    semantic=semantic,
                    why=why(passage, highlighter, keyword, semantic),
                )
            )
        return tuple(hits)

    def _encode(self, words: str) -> Vector:
        with self._lock:
            if words in self._vectors:
                self._vectors.move_to_end(words)
                return self._vectors[words]
        vector: Vector = self._model().encode([words])[0]
        with self._lock:
            self._is_warm = True
            self._vectors[words] = vector
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return vector

    def _model(self) -> Encoder:
        """Return the encoder of the index; raises ``IndexOutdated`` where its model is not the one that built it."""
        card = self._index.manifest.model
        if card is None:
            raise UsageError(f"{_NO_VECTORS}; run `broadsheet index rebuild --model {DEFAULT_MODEL}`")
        with self._lock:
            if self._encoder is None:
                self._encoder = open_encoder(card.name)
        if self._encoder.card != card:
            raise IndexOutdated(
                f"the index was built with model {card.identity}, here is {self._encoder.card.identity}; "
                "run `broadsheet index rebuild`"
            )
        return self._encoder


_NO_VECTORS: Final = "this index has words only; searched by words"


def _mode(mode: Mode | str) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        raise UsageError(f"no mode {mode!r}; choose one of: {', '.join(Mode)}") from None


def _check_page(limit: int, offset: int) -> None:
    if not (0 < limit <= MAX_LIMIT and offset >= 0):
        raise UsageError(f"limit must be between 1 and {MAX_LIMIT} and offset 0 or more")


@contextmanager
def _timed(took: dict[str, float], step: str) -> Iterator[None]:
    """Add the milliseconds spent inside to ``took``."""
    began = time.perf_counter()
    yield
    took[step] = took.get(step, 0.0) + (time.perf_counter() - began) * 1000
