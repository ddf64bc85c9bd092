"""The process that writes the keyword engine of a rebuild while that reads: ``python -m index.words_worker``.

It follows the store, of which it sees what is committed: articles are there whole or not at all. Rows go in in order,
by which equal scores are settled, as what the store says they are. Whether a line is furniture is only learnt when all
is read: where one that was written by then has become that, everything is written anew. What it has done for good it
tells on standard output, a JSON object a line. A line on standard input says that all is read; when that input ends, so
does this process, whatever it is about: nobody is left to use what it makes.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index import furniture
from index.documents import article_end, documents
from index.errors import BroadsheetError
from index.keyword.engines import open_writer
from index.refusals import told
from index.settling import merge
from index.spool import SpoolWriter

if TYPE_CHECKING:
    from index.keyword.protocol import KeywordWriter

_STEP: Final = 2000  # passages read at a time: SQLite cannot take back its journal while they are read
_PAUSE: Final = 0.02  # seconds between two looks for more


def main() -> None:
    """Write the engine named in the third argument into the folder in the second, from the store in the first.

    The fourth is the number of an open file, the spool.
    """
    complete = threading.Event()
    threading.Thread(target=_heed, args=(complete,), daemon=True).start()
    store, folder, engine = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    try:
        with told(store), os.fdopen(int(sys.argv[4]), "wb") as file:
            _write(store, folder, engine, SpoolWriter(file), complete)
    except BroadsheetError as fault:
        _tell(fault=type(fault).__name__, why=str(fault))
    except Exception as fault:  # noqa: BLE001 - it is told, and raised where somebody waits
        _tell(fault="", why=f"{type(fault).__name__}: {fault}")
    else:
        _tell(done=True)


def _write(store: Path, folder: Path, engine: str, spool: SpoolWriter, complete: threading.Event) -> None:
    with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, isolation_level=None)) as db:
        while not _is_written(db, folder, engine, spool, complete):
            shutil.rmtree(folder)
        merge(engine, folder)


def _is_written(
    db: sqlite3.Connection, folder: Path, engine: str, spool: SpoolWriter, complete: threading.Event
) -> bool:
    """Write everything into a new folder; return whether it is right."""
    with closing(open_writer(engine, folder, create=True)) as keyword:
        if follow(db, keyword, spool, complete):
            keyword.commit()
            return True
    return False


def follow(db: sqlite3.Connection, keyword: KeywordWriter, spool: SpoolWriter, complete: threading.Event) -> bool:
    """Write what is committed, in order, until all is read and written, and tell the spool the words.

    Returns false, at once, where something written before all was read is not what the store says now.
    """
    row, is_sure = 1, False
    while True:
        is_all = complete.is_set()  # asked first: what was committed before is then seen below
        if is_all and not is_sure:
            is_sure = True
            if furniture.is_learnt(db, row):
                return False
        end = article_end(db, row + _STEP)
        if end > row:
            keyword.add(documents(db, row, end, spool.add))
            spool.flush()
            row = end
        elif is_all:
            return True
        else:
            complete.wait(_PAUSE)
        if is_sure:
            _tell(row=row)


def _heed(complete: threading.Event) -> None:
    """Hear that all is read, and end when nobody listens any more."""
    while sys.stdin.buffer.readline():
        complete.set()
    os._exit(1)


def _tell(**what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
