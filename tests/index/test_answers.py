from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.answers import THRESHOLD
from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.encode.protocol import ModelCard
from index.local import LocalIndex
from index.snapshot import IndexPaths
from tests.conftest import SEED_PAGES, SHARED, write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encode.protocol import Encoder, Vectors

ALONE: None = None
PARAGRAPHS = [
    "The ferry sank in eleven minutes after water came in through the open bow door.",
    "Investigators blamed a missing warning lamp and a tired crew for the loss of the ship.",
    "The owner has promised every family a pension and a new inspection of the fleet.",
]


class Themes:
    """Encodes a text as the themes whose words it has: water, blame, money; unrelated texts stand at right angles."""

    card = ModelCard("themes", "1", "-", 4, 100)
    is_instant = False
    themes = (("ferry", "sea", "drowned"), ("investigators", "fault", "guilty"), ("owner", "money", "paid"))

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), 4), 0.01, dtype=np.float32)
        for at, words in enumerate(texts):
            for theme, names in enumerate(self.themes):
                vectors[at, theme] += sum(name in words.lower() for name in names)
            vectors[at, 3] += float(vectors[at].max() < 1)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Cut at each '|', so that a passage can have several windows."""
        return [[(0, len(words))] if "|" not in words else _halves(words) for words in texts]


def _halves(words: str) -> list[tuple[int, int]]:
    middle = words.index("|")
    return [(0, middle), (middle + 1, len(words))]


@pytest.fixture
def answered(tmp_path: Path) -> Callable[..., list[int | None]]:
    """Return a function that builds an index and says the number of the paragraph each comment answers."""

    def build(
        comments: Sequence[str], encoder: Encoder | None, paragraphs: Sequence[str] = PARAGRAPHS
    ) -> list[int | None]:
        article = {
            "id": "a",
            "title": "Ferry lost",
            "captions": ["The ferry sank, a lamp"],
            "paragraphs": list(paragraphs),
        }
        article["comments"] = [{"id": str(at), "text": words} for at, words in enumerate(comments)]
        before = {"id": "b", "title": "Another", "paragraphs": ["Something else."], "comments": []}
        source = write_articles(tmp_path / "articles.jsonl", [before, article])
        Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[source], encoder=encoder).run()
        with closing(LocalIndex.open(tmp_path / "index")) as index:
            rows = [index.row(f"a#c{at}") for at in range(1, len(comments) + 1)]
            found = index.answers(rows)
            assert all(THRESHOLD <= score <= 1 for _, score in found.values())
            back = {row: paragraph for paragraph, rows in index.answered_by(range(1, 99)).items() for row in rows}
            assert back == {row: paragraph for row, (paragraph, _) in found.items()}
            names = index.passages([paragraph for paragraph, _ in found.values()])
            return [names[found[row][0]].position if row in found else ALONE for row in rows]

    return build


def test_a_comment_answers_the_paragraph_of_its_meaning(answered: Callable[..., list[int | None]]) -> None:
    comments = ["My uncle drowned there.", "They are all guilty!", "Nobody paid for my boat", "Nice weather today."]
    assert answered(comments, Themes()) == [1, 2, 3, ALONE]


def test_a_comment_on_everything_answers_nothing(answered: Callable[..., list[int | None]]) -> None:
    assert answered(["The sea, the fault, the money."], Themes()) == [ALONE]


def test_a_passage_is_as_near_as_its_best_window(answered: Callable[..., list[int | None]]) -> None:
    paragraphs = [PARAGRAPHS[0], f"Nothing of note.|{PARAGRAPHS[1]}", PARAGRAPHS[2]]
    assert answered(["Long preface, no theme.|Guilty as hell."], Themes(), paragraphs) == [2]


@pytest.mark.parametrize("encoder", [None, HashEncoder()], ids=["words", "hash"])
def test_quoted_words_decide(answered: Callable[..., list[int | None]], encoder: Encoder | None) -> None:
    comments = [
        "> a missing warning lamp and a tired crew\n\nSo it was the ferry, its bow door, the water. Shame.",
        "“promised every family a pension”: I will believe it when I see it",
        "Agreed.",
        "🚢",
    ]
    assert answered(comments, encoder) == [2, 3, ALONE, ALONE]


def test_addresses_are_no_quotations(answered: Callable[..., list[int | None]]) -> None:
    address = "https://www.example.com/archive/harbour/pictures/index.html"
    assert answered([f"Try {address}?page=2"], None, [f"As seen on {address}?page=1", "Not here."]) == [ALONE]


def test_captions_headlines_and_other_articles_are_no_targets(answered: Callable[..., list[int | None]]) -> None:
    assert answered(["A lamp. The ferry sank, a lamp. Something else."], None, ["Quite another story."]) == [ALONE]


def test_comments_without_an_article_answer_nothing(answered: Callable[..., list[int | None]]) -> None:
    assert answered(["A missing warning lamp and a tired crew"], HashEncoder(), []) == [ALONE]


def test_comments_come_in_order_and_are_counted(tmp_path: Path) -> None:
    comments = [{"id": str(at), "text": f"{at}: a missing warning lamp and a tired crew"} for at in range(600)]
    source = write_articles(tmp_path / "a.jsonl", [{"id": "a", "paragraphs": PARAGRAPHS, "comments": comments}])
    report = Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[source], encoder=HashEncoder()).run()
    with closing(LocalIndex.open(tmp_path / "index")) as index:
        rows = [index.row(f"a#c{at}") for at in range(1, 601)]
        assert index.answered_by([index.row("a#p2")]) == {index.row("a#p2"): rows}
        assert len(index.answers(rows)) == report.linked == 600


def test_a_build_that_fails_while_linking_leaves_the_old_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_articles(
        tmp_path / "a.jsonl", [{"id": "a", "paragraphs": PARAGRAPHS, "comments": [{"text": "Hm."}]}]
    )
    rebuild = Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[source], encoder=HashEncoder())
    live = rebuild.run().snapshot
    monkeypatch.setattr("index.answers._cosines", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rebuild.run()
    with closing(LocalIndex.open(tmp_path / "index")) as index:
        assert index.info.snapshot == live
    assert len(list((tmp_path / "index" / "snapshots").iterdir())) == 1


@pytest.mark.model
def test_old_tanner_answers_the_plaice_nursery_without_its_words(tmp_path: Path) -> None:
    from index.encode import open_encoder

    pages = [SEED_PAGES / "harbour-dredging.txt", *SHARED.glob("seeds/000_*.txt")]
    Rebuild(paths=IndexPaths(tmp_path), sources=pages, encoder=open_encoder("all-MiniLM-L6-v2")).run()
    with closing(LocalIndex.open(tmp_path)) as index:
        passages = index.passages(range(1, 99))
        found = {
            passages[row].author: passages[paragraph].position
            for row, (paragraph, _) in index.answers(list(passages)).items()
        }
    assert found["Old Tanner"] == 4
    assert found["crabline41"] == 5
    assert "siltysue" not in found
    assert found.get("WestFlorida", 3) == 3
