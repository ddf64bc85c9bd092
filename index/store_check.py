"""Whether the store is what was written, and agrees with itself."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from index import places, sums
from index.faults import FROM_INDEX, FROM_SOURCES
from index.model import Kind
from index.passages import cut, seconds, when
from index.relearning import Relearnt
from index.store import UNREADABLE, Store
from index.store_guard import check_schema, restrain

if TYPE_CHECKING:
    from pathlib import Path

    from index.faults import Findings
    from index.progress import Progress

FILE: Final = "store.sqlite"
_KINDS: Final = ", ".join(f"'{kind}'" for kind in Kind)
_WRONG: Final = {
    "passages of no article, in rows": "SELECT row FROM passages WHERE article NOT IN (SELECT number FROM articles)",
    "passages of no known kind, in rows": f"SELECT row FROM passages WHERE kind NOT IN ({_KINDS})",
    "articles whose passages are not numbered from 1 on, by number": (
        "SELECT DISTINCT article FROM passages GROUP BY article, kind HAVING min(position) != 1 "
        "OR max(position) != count(*)"
    ),
    "stacked under a passage that does not lead, in rows": (
        "SELECT p.row FROM passages p LEFT JOIN passages l ON l.row = p.stack "
        "WHERE p.stack IS NOT NULL AND (l.row IS NULL OR l.stack IS NOT l.row)"
    ),
    "stacks of one, in rows": (
        "SELECT min(row) FROM passages WHERE stack IS NOT NULL GROUP BY stack HAVING count(*) < 2"
    ),
    "furniture in stacks or links, in rows": (
        "SELECT row FROM passages WHERE furniture AND (stack IS NOT NULL OR answers IS NOT NULL)"
    ),
    "links that tie no comment to a paragraph of its article, in rows": (
        "SELECT c.row FROM passages c LEFT JOIN passages p ON p.row = c.answers WHERE c.answers IS NOT NULL AND NOT "
        f"(c.kind = '{Kind.COMMENT}' AND p.kind IS '{Kind.PARAGRAPH}' AND p.article IS c.article AND NOT p.furniture "
        "AND c.answers_score BETWEEN 0 AND 1)"
    ),
    "rows that are both there and gone": "SELECT row FROM gone WHERE row IN (SELECT row FROM passages)",
    "rows never given out": (
        "WITH last AS (SELECT cast(value AS INTEGER) AS row FROM meta WHERE key = 'next_row') "
        "SELECT row FROM passages WHERE row NOT BETWEEN 1 AND (SELECT row FROM last) - 1 "
        "UNION SELECT row FROM gone WHERE row NOT BETWEEN 1 AND (SELECT row FROM last) - 1 "
        "UNION SELECT row FROM chores WHERE row NOT BETWEEN 1 AND (SELECT row FROM last) - 1"
    ),
}


def check(path: Path, findings: Findings, progress: Progress, *, quick: bool) -> bool:
    """Check one store; return whether the rest can be compared with it."""
    before = len(findings.faults)
    with findings.reading(FILE, FROM_SOURCES), closing(opened(path)) as db:
        check_schema(db, path)
    if len(findings.faults) > before:
        return False
    with findings.reading(FILE), closing(opened(path)) as db:
        _structure(db, findings, quick=quick)
        if not quick:
            _content(db, findings)
        for what, wanted in _WRONG.items():
            findings.rows(FILE, what, [row for (row,) in _read(db, wanted, findings)])
        _numbers(db, findings)
    if not quick:
        with findings.reading(FILE), closing(Store(path)) as store:
            _derived(store, findings, progress)
    return len(findings.faults) == before


def opened(path: Path) -> sqlite3.Connection:
    """Open a store for reading it with its sums."""
    db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    restrain(db)
    sums.register(db)
    return db


def _structure(db: sqlite3.Connection, findings: Findings, *, quick: bool) -> None:
    """Have SQLite look at its pages, indexes and references."""
    told = [line for (line,) in _read(db, "PRAGMA quick_check" if quick else "PRAGMA integrity_check(20)", findings)]
    findings.rows(FILE, "SQLite finds damage", [line for line in told if line != "ok"])
    lost = _read(db, "PRAGMA foreign_key_check", findings)
    findings.rows(FILE, "passages of no article, in rows", [row for _, row, *_ in lost])


def _content(db: sqlite3.Connection, findings: Findings) -> None:
    """Compare what the records say with their sums."""
    try:
        damaged = sums.damaged_articles(db)
        names = dict(_read(db, "SELECT number, id FROM articles", findings))
        findings.rows(FILE, "damaged articles", [names.get(each, f"number {each}") for each in damaged], FROM_SOURCES)
        findings.rows(FILE, "damaged tables", sums.damaged_tables(db))
        findings.rows(FILE, "places that are not those of the passages, in rows from", places.differing(db))
    except UNREADABLE as error:
        findings.add(FILE, f"cannot be read: {error}", FROM_SOURCES)


def _numbers(db: sqlite3.Connection, findings: Findings) -> None:
    """Compare counts."""
    told = dict(_read(db, "SELECT key, value FROM meta", findings))
    for ((count,),) in [_read(db, "SELECT count(*) FROM passages", findings) or [(0,)]]:
        findings.checked["passages"] = count
        if told.get("passages") != str(count):
            findings.add(FILE, f"holds {count} passages and says {told.get('passages')}")
    for ((count,),) in [_read(db, "SELECT count(*) FROM articles", findings) or [(0,)]]:
        findings.checked["articles"] = count


def _read(db: sqlite3.Connection, statement: str, findings: Findings) -> list[tuple[Any, ...]]:
    try:
        return db.execute(statement).fetchall()
    except UNREADABLE as error:
        findings.add(FILE, f"cannot be read: {error}", FROM_INDEX)
        return []


def _derived(store: Store, findings: Findings, progress: Progress) -> None:
    """Compute anew, article by article, what was computed from its text: ids, threads, times, furniture."""
    ids = store.read("SELECT number, id FROM articles ORDER BY number", ())
    progress.start("store", len(ids), "article")
    relearnt = Relearnt(store.read("SELECT line FROM furniture_lines WHERE kept", ()))
    unequal: list[str] = []
    for number, name in ids:
        article, found = store.article(name), store.passages_of(name)
        rows = [row for (row,) in store.read("SELECT row FROM passages WHERE article = ? ORDER BY row", (number,))]
        wanted = [(each.id, each.parent, seconds(when(each, article))) for each in cut(article)]
        times = store.times(rows)
        if wanted != [(each.id, each.parent, times[row]) for row, each in zip(rows, found, strict=True)]:
            unequal.append(name)
        relearnt.add(number, article, list(zip(rows, found, strict=True)))
        progress.advance()
    findings.rows(FILE, "articles whose ids, threads or times are not what follows from their text", unequal)
    findings.rows(FILE, "furniture is not what would be learnt from these articles, in", relearnt.differences(store))
    progress.finish()
