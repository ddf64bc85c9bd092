"""A small engine in memory, invented news to search, and what keeps screens the same on every run."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from index.analyser import STOP_WORDS
from index.errors import NotFound
from index.model import Article, ArticleInfo, Comment, Kind, Passage
from index.protocol import IndexInfo
from index.text import tokens
from search.explain import Explanation, Part
from search.facets import Bucket, FacetCount, Facets, Histogram
from search.fuse import Method
from search.results import Hit, Mode, Results, Snippet, Sort, Span
from search.suggest import Suggestion, ending
from tui import clock
from tui.app import BroadsheetApp
from tui.screens import asking, completing
from tui.widgets import query_line
from tui.widgets.awaited_row import AwaitedRow
from tui.widgets.fold_row import FoldRow
from tui.widgets.hit_list import HitList
from tui.widgets.hit_row import HitRow
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

    from textual.app import App
    from textual.pilot import Pilot

    from tui.widgets.laid_out import LaidOut

    Until = Callable[[App[None], Callable[[], object]], Awaitable[None]]
    Write = Callable[[App[None], str], None]
    Ask = Callable[[Pilot[None], str], Awaitable[None]]

HOSTILE = (
    "Look [/ here [red]x[/red] and [@click=app.bell]ring[/] "
    "\x1b[2J\x1b]52;c;Z290Y2hh\x07 \x9b31m \u202eesrever\u202c \ud800 zero\u200bwidth [Foo] \\"
)


def article(number: int, title: str, *paragraphs: str, comments: Sequence[Comment] = (), **more: object) -> Article:
    facts: dict[str, object] = {
        "source": "Harbour Gazette",
        "place": "Veldhaven",
        "published": datetime(2019, 3, number, 8, 15, tzinfo=UTC),
        "authors": ("Ilse Marrow",),
        "reported_comments": len(comments),
    }
    return Article(
        id=f"a{number}",
        title=title,
        paragraphs=paragraphs,
        comments=tuple(comments),
        **(facts | more),  # type: ignore[arg-type]
    )


def comment(number: int, author: str, text: str, parent: str | None = None) -> Comment:
    posted = datetime(2019, 3, 9, 10, 0, tzinfo=UTC) + timedelta(hours=number)
    return Comment(id=f"c{number}", author=author, posted=posted, text=text, parent=parent)


NEWS = (
    article(
        1,
        "Council votes to raise the old sea wall before the winter storms",
        "VELDHAVEN - The harbour council voted nine to four on Thursday to raise the old sea wall by two metres, "
        "ending a quarrel that has divided the town since the flood of last November.",
        "Engineers had warned that the wall, built when the herring fleet still filled the inner basin, would not "
        "withstand another storm of the same strength. “We have been lucky twice,” said Joost Albering, who led "
        "the survey. “Nobody should plan on a third time.”",
        "The work will cost eleven million and close the fish market for most of a summer. Stallholders asked for "
        "compensation; the council promised to look at it in spring.",
        "Residents of the low streets behind the quay, where the water stood knee-deep for two days, followed the "
        "vote from the gallery and cheered when it was read out.",
        "Opponents said that the money would be better spent on pumps and on moving the power station uphill.",
        captions=("The sea wall at Veldhaven after the November flood. Photo: R. Quist",),
        comments=(
            comment(1, "tidewatcher", "Double talk again: last year the same people told us the wall was sound."),
            comment(2, "Marta_V", "They had no survey last year. Now they have one.", "c1"),
            comment(3, "tidewatcher", "A survey that was ready before the election, as it happens.", "c2"),
            comment(4, "NorthQuay", "Pumps fail when the power fails. A wall does not need electricity."),
            comment(5, "old herring", "My stall has been there forty years. Who pays for a summer without fish?"),
        ),
    ),
    article(
        2,
        "Night ferry to the islands returns after eleven years",
        "The night ferry will sail again from June, three times a week, with cabins for two hundred passengers.",
        "The company that runs it hopes for students, cyclists and people who dislike flying.",
        authors=("Pieter Dunn", "Ana Sol"),
        comments=(comment(1, "isla", "Will the harbour wall works close the ferry pier too?"),),
    ),
    article(
        3,
        "Beekeepers count their losses after a mild winter",
        "A mild winter woke the bees early, and a cold April starved them, beekeepers in the valley say.",
        "Some lost two hives in three; the wall of the old monastery garden sheltered the rest.",
    ),
    article(
        4,
        f"A page that means harm {HOSTILE}",
        f"Hostile paragraph: {HOSTILE}",
        authors=(f"Mallory {HOSTILE}",),
        comments=(comment(1, f"nobody {HOSTILE}", f"Hostile comment: {HOSTILE}"),),
    ),
)


def passages_of(news: Article) -> Iterator[Passage]:
    """Yield the passages of an article in reading order."""

    def passage(kind: Kind, position: int, text: str, **more: object) -> Passage:
        mark = kind.mark if kind is Kind.HEADLINE else f"{kind.mark}{position}"
        facts = {"id": f"{news.id}#{mark}", "article_id": news.id, "kind": kind, "position": position}
        return Passage(text=text, **facts, **more)  # type: ignore[arg-type]

    yield passage(Kind.HEADLINE, 1, news.title or "")
    for kind, texts in ((Kind.CAPTION, news.captions), (Kind.PARAGRAPH, news.paragraphs)):
        for position, text in enumerate(texts, 1):
            yield passage(kind, position, text)
    ids = {said.id: f"{news.id}#c{position}" for position, said in enumerate(news.comments, 1)}
    for position, said in enumerate(news.comments, 1):
        parent = ids.get(said.parent or "")
        yield passage(Kind.COMMENT, position, said.text, author=said.author, posted=said.posted, parent=parent)


class FakeEngine:
    """Finds passages that hold any of the words; what it is asked, and when it answers, is for tests to say."""

    def __init__(self, news: Iterable[Article] = NEWS, *, warm: bool = True) -> None:
        self.articles = {one.id: one for one in news}
        self.passages = {id_: list(passages_of(one)) for id_, one in self.articles.items()}
        self.asked: list[tuple[str, Mode]] = []
        self.held: dict[str, threading.Event] = {}
        self.gone: set[str] = set()
        self.warming = threading.Event()
        self.failure: Exception | None = None
        self.stale: Iterable[Article] | Exception | None = None
        self.warm_failure: Exception | None = None
        self.extra: dict[str, object] = {}
        self.asked_how: list[tuple[int, str | None, Sort]] = []
        self.reprints: dict[str, tuple[str, ...]] = {}
        self.links = {"a1#c1": "a1#p2", "a1#c2": "a1#p2", "a1#c4": "a1#p5"}
        self.completed: list[str] = []
        self.asked_alpha: list[float | None] = []
        self.held_completions: dict[str, threading.Event] = {}
        self.judged: list[tuple[str, str, bool | None]] = []
        self._warm = warm

    def alpha(self, query: str) -> float:
        return 0.7

    @property
    def is_warm(self) -> bool:
        return self._warm

    def warm(self) -> None:
        assert self.warming.wait(10)
        if self.warm_failure:
            raise self.warm_failure
        self._warm = True

    def hold(self, query: str) -> threading.Event:
        """Make searches for ``query`` wait for the event returned."""
        return self.held.setdefault(query, threading.Event())

    def hold_meaning(self, query: str) -> threading.Event:
        """Make searches for ``query`` by more than words wait for the event returned."""
        return self.held.setdefault(f"meaning of {query}", threading.Event())

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        mode: Mode = Mode.HYBRID,
        group_by: str | None = None,
        sort: Sort = Sort.RELEVANCE,
        alpha: float | None = None,
        explain: bool = False,
    ) -> Results:
        self.asked.append((query, mode))
        self.asked_how.append((offset, group_by, sort))
        self.asked_alpha.append(alpha)
        for held in (query, f"meaning of {query}" if mode is not Mode.KEYWORD else ""):
            if held in self.held:
                assert self.held[held].wait(10)
        if self.failure:
            raise self.failure
        hits = sorted(self._hits(query, explain=explain), key=lambda hit: -hit.score)
        if mode is Mode.KEYWORD:
            hits.sort(key=lambda hit: hit.passage.id)
        if sort is not Sort.RELEVANCE:
            hits.sort(key=lambda hit: str(hit.when), reverse=sort is Sort.NEWEST)
        if group_by:
            hits = list(self._by_article(hits))
        in_all = len(hits) if offset + limit >= len(hits) else None
        facts: dict[str, object] = {"total": len(hits), "in_all": in_all, "took": {"total": 4.2}} | self.extra
        return Results(query=query, mode=mode, hits=tuple(hits[offset : offset + limit]), **facts)  # type: ignore[arg-type]

    def similar(self, passage_id: str, *, limit: int = 10, offset: int = 0) -> Results:
        like = self.passage(passage_id)
        hits = tuple(hit for hit in self._hits(like.text) if hit.passage.id != passage_id)[offset : offset + limit]
        return Results(query=f"similar:{passage_id}", mode=Mode.SEMANTIC, hits=hits, total=len(hits))

    def facets(self, query: str, mode: Mode = Mode.HYBRID) -> Facets:
        hits = [hit for hit in self._hits(query) if "in:comment" not in query or hit.passage.kind is Kind.COMMENT]
        months = Counter(hit.when.replace(day=1, hour=0, minute=0) for hit in hits if hit.when)
        counts = {
            "kind": Counter(hit.passage.kind.value for hit in hits),
            "author": Counter(hit.author or "" for hit in hits),
            "source": Counter(hit.article.source or "" for hit in hits),
        }
        named = {name: tuple(FacetCount(*one) for one in found.most_common()) for name, found in counts.items()}
        dates = Histogram("month", tuple(Bucket(start, count) for start, count in sorted(months.items())))
        return Facets(
            **named, section=(), place=(), topic=(), dates=dates, undated=0, total=len(hits), is_exact=True
        )  # fmt: skip

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        self.completed.append(prefix)
        if prefix in self.held_completions:
            assert self.held_completions[prefix].wait(10)
        last = ending(prefix)
        if last.name == "by":
            names = Counter(one.author for passages in self.passages.values() for one in passages if one.author)
            found = [(name, count) for name, count in names.items() if name.startswith(last.value)]
            return tuple(Suggestion(n, "author", c, f'{last.head}"{n}"') for n, c in found)[:limit]
        words = Counter(token.exact for passages in self.passages.values() for one in passages
                        for token in tokens(one.text) if token.exact not in STOP_WORDS)  # fmt: skip
        found = [(word, count) for word, count in words.most_common() if last.value and word.startswith(last.value)]
        return tuple(Suggestion(word, "word", count, last.head + word) for word, count in found)[:limit]

    def passage(self, passage_id: str) -> Passage:
        return next(one for passages in self.passages.values() for one in passages if one.id == passage_id)

    def answers(self, passages: Sequence[Passage]) -> dict[str, str]:
        return {one.id: self.links[one.id] for one in passages if one.id in self.links}

    def answered_by(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        found = {one.id: tuple(c for c, p in self.links.items() if p == one.id) for one in passages}
        return {paragraph: comments for paragraph, comments in found.items() if comments}

    def judge(self, query: str, passage_id: str, relevant: bool | None) -> bool:
        if self.failure:
            raise self.failure
        self.judged.append((query, passage_id, relevant))
        return True

    @staticmethod
    def _by_article(hits: list[Hit]) -> Iterator[Hit]:
        for id_ in dict.fromkeys(hit.article.id for hit in hits):
            first, *rest = [hit for hit in hits if hit.article.id == id_]
            yield replace(first, more=tuple(hit.passage.id for hit in rest))

    def _hits(self, query: str, *, explain: bool = False) -> Iterator[Hit]:
        for id_, passages in self.passages.items():
            news = self.articles[id_]
            info = ArticleInfo(**{name: getattr(news, name) for name in ArticleInfo.__slots__})
            for passage, spans in zip(passages, self.highlight(query, passages), strict=True):
                if spans:
                    score = len(spans) + 10 / len(passage.text)
                    snippet = Snippet(passage.text, spans)
                    part = Part(name="words (BM25)", raw=score, share=score, weight=1.0)
                    words = (("[wall]", score),) if explain else ()
                    told = Explanation(method=Method.WORDS, score=score, parts=(part,), words=words)
                    copies = self.reprints.get(passage.id, ())
                    hit = Hit(passage=passage, article=info, score=score, snippet=snippet, explanation=told)
                    yield replace(hit, duplicates=copies, why="the word [here]")

    def article(self, article_id: str) -> Article:
        if article_id in self.gone:
            raise NotFound(f"No article {article_id}: rebuild the index.")
        return self.articles[article_id]

    def passages_of(self, article_id: str) -> list[Passage]:
        return self.passages[article_id]

    def highlight(self, query: str, passages: Sequence[Passage]) -> list[tuple[Span, ...]]:
        wanted = {token.stem for token in tokens(query)}
        return [
            tuple(Span(token.start, token.end) for token in tokens(passage.text) if token.stem in wanted)
            for passage in passages
        ]

    @property
    def is_stale(self) -> bool:
        return self.stale is not None

    def reload(self) -> bool:
        """Take up what a test put into ``stale``: other articles, or an error."""
        stale = self.stale
        if isinstance(stale, Exception):
            raise stale
        if stale is None:
            return False
        self.stale = None
        self.articles = {one.id: one for one in stale}
        self.passages = {id_: list(passages_of(one)) for id_, one in self.articles.items()}
        return True

    def info(self) -> IndexInfo:
        kinds = [passage.kind for passages in self.passages.values() for passage in passages]
        return IndexInfo(
            path=Path("news"),
            snapshot="one",
            synced=None,
            built=datetime(2019, 4, 1, 9, 30, tzinfo=UTC),
            format_version=1,
            text_version=1,
            engine="memory",
            model="hash",
            awaits=None,
            dimension=8,
            articles=len(self.articles),
            passages={kind: kinds.count(kind) for kind in Kind},
            vectors=len(kinds),
            undated=0,
            bytes=1000,
        )


def hits_of(start: int, count: int) -> tuple[Hit, ...]:
    """Return hits that only their ids tell apart."""
    told = Explanation(method=Method.WORDS, score=1.0, parts=())
    return tuple(
        Hit(
            passage=Passage(id=f"a{number}#p1", article_id=f"a{number}", kind=Kind.PARAGRAPH, position=1, text="x"),
            article=ArticleInfo(id=f"a{number}", title=None),
            score=1.0,
            snippet=Snippet("x"),
            explanation=told,
        )
        for number in range(start, start + count)
    )


def entries(app: App[None]) -> list[LaidOut]:
    """Return what stands in the list of hits, as far as it is here."""
    hits = app.screen_stack[0].query_one(HitList)
    return [entry for row in range(hits.length) for entry in hits.entries(row) if not isinstance(entry, AwaitedRow)]


def name(entry: LaidOut | None) -> str | None:
    """Return a name for an entry of the list: a passage id, for what unfolds and is unfolded after a word for that."""
    if isinstance(entry, FoldRow):
        return f"fold {entry.leader_id}"
    if not isinstance(entry, HitRow):
        return None
    id_ = entry.hit.passage.id
    return id_ if id_ == entry.leader_id else f"under {entry.leader_id} {id_}"


def ids(app: App[None]) -> list[str | None]:
    """Return the names of all entries of the list of hits."""
    return [name(entry) for entry in entries(app)]


def place(app: App[None]) -> str | None:
    """Return the name of the entry the reader is at."""
    return name(app.screen_stack[0].query_one(HitList).entry)


@pytest.fixture
def engine() -> FakeEngine:
    """An engine whose model is loaded."""
    return FakeEngine()


@pytest.fixture
def cold_engine() -> FakeEngine:
    """An engine whose model takes until ``warming`` is set."""
    return FakeEngine(warm=False)


@pytest.fixture
def app(engine: FakeEngine) -> BroadsheetApp:
    """The program on ``engine``."""
    return BroadsheetApp(engine)


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cursor that blinks makes every snapshot a matter of luck; and tests need not rest while they type."""
    monkeypatch.setattr(Input, "cursor_blink", False)
    monkeypatch.setattr(query_line, "REST", 0.02)
    monkeypatch.setattr(asking, "REST", 0.02)
    monkeypatch.setattr(completing, "PAUSE", 0.03)
    monkeypatch.setattr(clock, "now", lambda: datetime(2019, 4, 4, 12, 0, tzinfo=UTC))


@pytest.fixture
def until() -> Until:
    """Wait until a condition holds, and the screen has been drawn since."""

    async def wait(app: App[None], condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(0.01)
        drawn = asyncio.Event()
        app.screen.call_after_refresh(drawn.set)
        await drawn.wait()

    return wait


@pytest.fixture
def write() -> Write:
    """Type more of the query, faster than anybody can."""

    def insert(app: App[None], more: str) -> None:
        line = app.screen.query_one(QueryLine)
        for letter in more:
            line.insert_text_at_cursor(letter)

    return insert


@pytest.fixture
def ask(until: Until, write: Write) -> Ask:
    """Type more of the query, and wait for its answer."""

    async def type_and_wait(pilot: Pilot[None], more: str) -> None:
        await until(pilot.app, lambda: pilot.app.screen.query(QueryLine))
        screen = pilot.app.screen
        write(pilot.app, more)
        query = screen.query_one(QueryLine).value
        await until(pilot.app, lambda: screen.results is not None and screen.results.query == query.strip())
        if screen._engine.is_warm:
            await until(pilot.app, lambda: screen.results.mode is screen.question.mode or screen.better)
        if screen.results:
            await until(pilot.app, lambda: screen.page is not None and screen.page.query == query.strip())

    return type_and_wait
