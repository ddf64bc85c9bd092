"""The invented pages in seeds/, as `make run` reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.sources.records import Limits, Note, Skip
from index.sources.walk import read_sources
from search.searcher import Searcher

SEEDS = Path(__file__).parents[1] / "seeds"

COUNTS = {  # paragraphs, captions, comments: counted by hand in seeds/README.md
    "Port Callan votes to deepen inner harbour over silt warnings": (9, 1, 5),
    "Teachers walk out in Linden Falls as class sizes reach 36": (8, 1, 6),
    "Orrin barrier holds back record surge on its first real test": (9, 1, 4),
    "Ferry inquiry finds chain of small failures behind loss of Lady Maribel": (8, 1, 7),
    "Mesa Brava opens libraries all night as heat hits 47 degrees": (8, 1, 5),
    "Bank outage leaves two million Varnmere customers without cards": (8, 1, 5),
    "Mobile clinics bring measles vaccine to hill villages by mule and minibus": (7, 1, 0),
    "Villagers outbid hotel chain for lighthouse with jars of coins": (6, 0, 2),
    "Eight months old and leaking: Millrace Stadium to lose its roof": (8, 2, 6),
    "Meters show data centre drank six times what it promised": (9, 1, 5),
    "Museum’s bronze hare swapped for a painted potato": (8, 1, 4),
    "Recount leaves Telforth mayor’s race tied, to be settled by wooden ball": (8, 1, 7),
    "Tide gates save 4,200 homes downriver, and Kelding asks what comes next": (9, 1, 3),
    "Night-shift interpreters give a hospital forty languages": (8, 1, 6),
    "Ferry captain charged over sinking of Lady Maribel": (6, 2, 4),
    "Bees in the organ loft silence Hexley choir festival": (6, 0, 0),
    "Mobile library goes back on the road as a boat": (6, 1, 3),
    "Amateur finds lost moon probe with a sheet of squared paper": (6, 1, 4),
}


def test_every_page_gives_what_it_holds_and_no_furniture() -> None:
    events: list[Skip | Note] = []
    articles = list(read_sources([SEEDS], Limits(), events.append))
    found = {a.title: (len(a.paragraphs), len(a.captions), len(a.comments)) for a in articles}
    assert found == COUNTS
    for article in articles:
        for words in (*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)):
            assert "Report as abuse" not in words
            assert "cookie" not in words.lower()


def test_lost_comments_are_told() -> None:
    events: list[Skip | Note] = []
    list(read_sources([SEEDS], Limits(), events.append))
    told = [event.path for event in events if isinstance(event, Note)]
    assert any("election-recount" in path for path in told)
    assert any("wire-archive" in path for path in told)


@pytest.mark.parametrize("word", ["mudwashing", "swelterburg", "keelgate", "roastopolis"])
def test_a_word_behind_curly_quotes_and_emoji_is_lit_where_it_stands(seeds_index: Path, word: str) -> None:
    with Searcher.open(seeds_index) as searcher:
        (hit,) = searcher.search(word, mode="keyword")
    (span,) = hit.snippet.spans
    assert hit.snippet.text[span.start : span.end].lower() == word
