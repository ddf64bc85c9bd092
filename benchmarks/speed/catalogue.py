"""Which systems there are, what each needs and how far it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from benchmarks.speed.systems.protocol import System

OURS: Final = "broadsheet"
SCAN: Final = "scans"
"""The name dense scans are measured under; they are no system."""
MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One system: the class that speaks to it, the packages whose versions are told, what to know of its figures."""

    name: str
    shown: str
    where: str
    """``module:class`` below ``benchmarks.speed.systems``."""
    packages: tuple[str, ...]
    about: str
    modes: tuple[str, ...] = ("keyword",)
    most: int = MILLION
    """The largest number of passages it is asked to take."""
    why: str = ""
    """Why not more."""

    @property
    def is_ours(self) -> bool:
        """Whether it runs in this project's environment, not in that of the rivals."""
        return self.name == OURS

    def create(self) -> System:
        """Return a new one; imports its library."""
        import importlib

        module, name = self.where.split(":")
        system: System = getattr(importlib.import_module(f"benchmarks.speed.systems.{module}"), name)()
        return system


_ALL: Final = ("keyword", "semantic", "hybrid")

SYSTEMS: Final = {
    entry.name: entry
    for entry in (
        Entry(
            name=OURS,
            shown="Broadsheet",
            where="broadsheet:Broadsheet",
            packages=("broadsheet", "tantivy", "onnxruntime", "numpy"),
            about="through `Searcher`, ten hits with snippets, reprints stacked, comments taking turns",
            modes=_ALL,
        ),
        Entry(
            name="tantivy",
            shown="tantivy",
            where="tantivy_raw:Tantivy",
            packages=("tantivy",),
            about="the library itself: numbers of the hits, no text kept, no snippets",
        ),
        Entry(
            name="bm25s",
            shown="bm25s",
            where="bm25s_raw:BM25S",
            packages=("bm25s", "numba"),
            about="Lucene's formula, arrays mapped, no text kept",
        ),
        Entry(
            name="fts5",
            shown="SQLite FTS5",
            where="fts5:FTS5",
            packages=(),
            about="Porter's stems, text kept, no stop words in the questions",
        ),
        Entry(
            name="whoosh",
            shown="Whoosh",
            where="whoosh_raw:Whoosh",
            packages=("Whoosh",),
            about="its stemming analyser, no text kept",
            most=200_000,
            why="some 600 passages a second: half an hour to build a million",
        ),
        Entry(
            name="rank-bm25",
            shown="rank-bm25",
            where="rank:RankBM25",
            packages=("rank-bm25",),
            about="`BM25Okapi` over stems; no files: built whenever it is opened",
            most=200_000,
            why="four seconds a question and some 10 GB of memory at a million",
        ),
        Entry(
            name="lancedb",
            shown="LanceDB",
            where="lance:LanceDB",
            packages=("lancedb",),
            about="its own full-text index with stems and stop words, exact vectors, its `RRFReranker`",
            modes=_ALL,
        ),
        Entry(
            name="txtai",
            shown="txtai",
            where="txt:Txtai",
            packages=("txtai", "faiss-cpu"),
            about="`hybrid=True, content=True`, else its defaults: faiss, inverted lists from 5,000 on; filters come "
            "after its candidates",
            modes=_ALL,
        ),
        Entry(
            name="milvus",
            shown="Milvus Lite",
            where="milvus:MilvusLite",
            packages=("milvus-lite", "pymilvus"),
            about="its standard analyser (no stems), its BM25 function, exact vectors, its `RRFRanker`",
            modes=_ALL,
            most=200_000,
            why="it took 2.3 GB of memory to build 200,000, in proportion some 10 GB at a million",
        ),
        Entry(
            name="naive",
            shown="rank-bm25 + numpy",
            where="rank:Naive",
            packages=("rank-bm25", "numpy"),
            about="a script: both legs in memory, vectors mapped, reciprocal rank fusion of 100 each",
            modes=_ALL,
            most=200_000,
            why="as rank-bm25",
        ),
    )
}
MODEL_PACKAGES: Final = ("sentence-transformers", "torch")


def versions(entry: Entry) -> dict[str, str]:
    """Return the versions of a system's packages, as they are installed where this runs."""
    import importlib.metadata
    import sqlite3

    wanted = entry.packages if entry.is_ours or "hybrid" not in entry.modes else (*entry.packages, *MODEL_PACKAGES)
    found = {} if wanted else {"SQLite": sqlite3.sqlite_version}
    for name in wanted:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
