from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import passages, text
from index.keyword.tantivy_engine import TantivyIndex
from index.keyword.tantivy_writer import TantivyWriter
from index.model import ArticleInfo, Kind, Passage
from index.restack import restack
from index.scratch import Scratch
from index.stacks import Sketches
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

LONG = (
    "councillors voted late on Monday to dredge the inner harbour to a depth of nine metres clearing the way for "
    "larger grain ships but defying a panel of marine scientists who had urged a long pause"
)
WORDS = LONG.split()


class Corpus:
    """A store and a keyword engine that passages come to and go from, each an article of its own."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._rows = count(1)
        self._writer = StoreWriter.create(root / "store.sqlite")
        self._engine = TantivyWriter(root / "keyword", create=True)
        self._engine.commit()
        self.reader = self._writer.reader

    def change(
        self,
        come: Iterable[tuple[str, int | None]] = (),
        go: Sequence[int] = (),
        kind: Kind = Kind.COMMENT,
        *,
        is_committed: bool = False,
    ) -> list[tuple[int, int | None]]:
        """Let (text, time) pairs come and rows go; bring the stacks up to date and return what changed in them."""
        leaders = set(self.reader.stacks(go).values())
        left = {row for rows in self.reader.members(sorted(leaders)).values() for row in rows} - set(go)
        self._writer.begin()
        self._writer._db.executemany("DELETE FROM passages WHERE row = ?", [(row,) for row in go])
        came = [self._add(words, time, kind) for words, time in come]
        self._writer.commit()
        self._engine.delete(go)
        if is_committed:
            self._engine.commit()
        with closing(TantivyIndex(self._root / "keyword")) as engine:
            changes = restack(came, sorted(left), self.reader, engine)
        self._writer.begin()
        self._writer._db.executemany("UPDATE passages SET stack = ?2 WHERE row = ?1", changes)
        self._writer.commit()
        self._engine.commit()
        return changes

    def _add(self, words: str, time: int | None, kind: Kind) -> int:
        row = next(self._rows)
        moment = None if time is None else datetime.fromtimestamp(time, UTC)
        article = ArticleInfo(id=str(row), published=moment)
        passage = Passage(id=f"{row}#", article_id=str(row), kind=kind, position=1, text=words, posted=moment)
        number = self._writer.add_article(article, b"", None, 1)
        self._writer.add_passages(number, article, [(row, passage)])
        self._engine.add([passages.document(row, passage, article)])
        return row

    def stacked(self) -> dict[int, int]:
        """Return row -> leader, as it stands."""
        return self.reader.stacks(self.rows())

    def from_scratch(self) -> dict[int, int]:
        """Return row -> leader, everything stacked anew."""
        used = (Kind.PARAGRAPH, Kind.COMMENT)
        with Scratch(None) as scratch:
            sketches = Sketches(scratch)
            sketches.add([(row, text.terms(words)[0]) for row, words in self._writer.stackable()])
            kinds = (sketches.stacks(self._writer.dated(kind), self._writer.text) for kind in used)
            return {row: leader for pairs in kinds for row, leader in pairs}

    def rows(self) -> list[int]:
        return [row for row, _ in self._writer.texts()]

    def close(self) -> None:
        self._writer.close()
        self._engine.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Iterator[Corpus]:
    with closing(Corpus(tmp_path)) as made:
        yield made


def test_a_copy_joins_and_its_leader_begins_to_lead(corpus: Corpus) -> None:
    assert corpus.change([(LONG, 10)]) == []
    assert corpus.change([(LONG.upper(), 20), ("Agreed.", 20)]) == [(1, 1), (2, 1)]


def test_new_passages_stack_with_each_other_before_the_engine_knows_them(corpus: Corpus) -> None:
    assert corpus.change([(LONG, 20), (LONG.replace("larger", "bigger"), 10)]) == [(1, 2), (2, 2)]


def test_an_earlier_copy_takes_the_lead_of_the_whole_stack(corpus: Corpus) -> None:
    corpus.change([(LONG, 20), (LONG.replace("larger", "bigger"), 30), (LONG, 40)])
    assert corpus.change([(LONG, 10)]) == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_stack_whose_leader_goes_finds_another(corpus: Corpus) -> None:
    corpus.change([(LONG, 20), (LONG.upper(), 30), (LONG, None)])
    assert corpus.change(go=[1]) == [(2, 2), (3, 2)]
    assert corpus.change(go=[2]) == [(3, None)]


def test_a_member_that_leaves_for_a_likelier_leader_leaves_the_other_alone(corpus: Corpus) -> None:
    words = WORDS * 2
    one, two = " ".join(["nil", "nought", *words[2:]]), " ".join([*words[:-3], "none", "no", "null"])
    corpus.change([(one, 10), (" ".join(words), 30)])
    assert corpus.stacked() == {1: 1, 2: 1}
    assert corpus.change([(" ".join([*words[:-1], "no"]), 20)], go=[1]) == [(2, 3), (3, 3)]
    assert corpus.change([(two, 5)]) != []
    assert corpus.stacked() == corpus.from_scratch()


def test_kinds_do_not_mix(corpus: Corpus) -> None:
    corpus.change([(LONG, 10)], kind=Kind.PARAGRAPH)
    assert corpus.change([(LONG, 20)], kind=Kind.COMMENT) == []
    assert corpus.change([(LONG, 30)], kind=Kind.COMMENT) == [(2, 2), (3, 2)]


def test_hundreds_of_copies_hide_no_near_text(corpus: Corpus) -> None:
    near = LONG.replace("larger", "bigger")
    corpus.change([(LONG, 10), *((LONG, 20) for _ in range(500)), (near, 30)], is_committed=True)
    assert corpus.change(go=[1]) == [(row, 2) for row in range(2, 503)]
    assert corpus.change([(LONG.replace("larger", "greater"), 40)]) == [(503, 2)]
    assert corpus.stacked() == corpus.from_scratch()


def test_nothing_is_asked_where_nothing_changed(corpus: Corpus) -> None:
    assert corpus.change() == []


NAMES = [f"w{chr(97 + a)}{chr(97 + b)}" for a in range(5) for b in range(8)] + ["12", "13"]


def edited(chance: random.Random, known: list[list[str]]) -> list[str]:
    """Return a text like one before, with a few words of it changed, or a new one."""
    if not known or chance.random() < 0.2:
        return [chance.choice(NAMES) for _ in range(chance.choice((3, 6, 30, 60, 150)))]
    words = list(chance.choice(known))
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        at = chance.randrange(len(words))
        words[at : at + chance.randrange(1, 3)] = chance.choices(NAMES, k=chance.randrange(1, 3))
    return words


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_stacks_are_those_of_stacking_everything(seed: int) -> None:
    """Undated passages, equal times, copies, chains and both kinds, coming and going in any order."""
    chance = random.Random(seed)
    known: list[list[str]] = []
    with TemporaryDirectory() as root, closing(Corpus(Path(root))) as corpus:
        for _ in range(6):
            come = []
            for _ in range(chance.choice((0, 1, 3, 25))):
                known.append(edited(chance, known))
                come.append((" ".join(known[-1]), chance.choice((None, *range(12)))))
            rows = corpus.rows()
            go = chance.sample(rows, min(len(rows), chance.choice((0, 1, 2, 8))))
            kind = chance.choice((Kind.COMMENT, Kind.COMMENT, Kind.PARAGRAPH))
            corpus.change(come, go, kind, is_committed=chance.random() < 0.5)
            assert corpus.stacked() == corpus.from_scratch()
