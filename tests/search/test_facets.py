"""Facets against counting by hand: one passage at a time, from the index and from the file it was made of."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import text
from index.keyword.clause import Among, Everything, Facet
from index.model import Kind
from search.facets import MAX_BUCKETS, MAX_EMPTY, facets, histogram

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.local import LocalIndex
    from index.model import ArticleInfo, Passage
    from search.facets import FacetCount

    Make = Callable[..., LocalIndex]

NAMES = ["Bo", "bo", "BO ", "Cy Ember", "cy  ember", "Ünal", "ünal", "쿠팡", "", "Zoë", "O'Hara", "Ada"]
BERLIN = ZoneInfo("Europe/Berlin")
COUNTED = ("kind", "author", "source", "section", "place", "topic")


def made(random: Random, number: int) -> dict[str, Any]:
    """An article with names that differ in spelling only, and times at the edges of days."""

    def moment() -> str | None:
        seconds = random.choice([0, 1, 59, 86_399, 43_200]) + 86_400 * random.randrange(90)
        return random.choice([None, (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).isoformat()])

    comments = [
        {"id": str(i), "author": random.choice([*NAMES, None]), "posted": moment(), "text": f"Comment {number} {i}."}
        for i in range(random.randrange(5))
    ]
    return {
        "id": f"a{number}",
        "title": random.choice([None, f"Story {number}"]),
        "source": random.choice(["Gull", "gull", "Tern", None]),
        "section": random.choice(["World", "world", None]),
        "place": random.choice(["Öland", None]),
        "published": moment(),
        "authors": random.sample(NAMES, random.randrange(4)),
        "topics": random.sample(NAMES, random.randrange(4)),
        "paragraphs": [f"Paragraph {number} {i}." for i in range(1, random.randrange(2, 5))],
        "comments": comments,
    }


def values(passage: Passage, article: ArticleInfo) -> dict[str, Iterable[str | None]]:
    is_comment = passage.kind is Kind.COMMENT
    return {
        "kind": [passage.kind.value],
        "author": [passage.author] if is_comment else article.authors,
        "source": [article.source],
        "section": [article.section],
        "place": [article.place],
        "topic": article.topics,
    }


def counted(counts: Iterable[FacetCount]) -> dict[str, int]:
    return {text.key(item.value): item.count for item in counts}


@pytest.mark.parametrize("seed", range(6))
def test_counts_are_those_of_counting_one_by_one(index_of: Make, seed: int) -> None:
    random = Random(seed)
    index = index_of(*(made(random, number) for number in range(1, 15)), has_vectors=False)
    rows = index.matching(Everything())
    rows = rows[[random.random() < 0.7 for _ in rows]]
    found = facets(index, rows, is_exact=True, limit=1000, zone=BERLIN)
    passages = index.passages(rows.tolist()).values()
    articles = index.articles([passage.article_id for passage in passages])

    by_hand: dict[str, Counter[str]] = {name: Counter() for name in COUNTED}
    spellings: dict[str, Counter[str]] = {name: Counter() for name in by_hand}
    days: Counter[date] = Counter()
    for passage in passages:
        article = articles[passage.article_id]
        for name, given_values in values(passage, article).items():
            keys = {text.key(value): value for value in reversed(list(given_values)) if value}
            keys.pop("", None)
            by_hand[name].update(list(keys))
            spellings[name].update(keys.values())
        if when := (passage.posted if passage.kind is Kind.COMMENT else article.published):
            days[when.astimezone(BERLIN).date()] += 1

    for name, expected in by_hand.items():
        counts = getattr(found, name)
        assert counted(counts) == expected
        assert list(counts) == sorted(counts, key=lambda item: (-item.count, item.value))
        for item in counts:
            same = {value: n for value, n in spellings[name].items() if text.key(value) == text.key(item.value)}
            assert item.value in {text.squash(value) for value, n in same.items() if n == max(same.values())}
    assert found.total == len(passages)
    assert found.undated == found.total - days.total()
    assert sum(bucket.count for bucket in found.dates.buckets) == days.total()
    if found.dates.unit == "day":
        assert {bucket.start.date(): bucket.count for bucket in found.dates.buckets if bucket.count} == days


def test_a_count_is_what_the_filter_finds(index_of: Make) -> None:
    random = Random(11)
    index = index_of(*(made(random, number) for number in range(1, 15)), has_vectors=False)
    found = facets(index, index.matching(Everything()), is_exact=True)
    for facet in (Facet.KIND, Facet.SOURCE, Facet.SECTION, Facet.PLACE, Facet.TOPIC):
        for item in getattr(found, facet.value):
            assert index.count(Among(facet, (text.key(item.value),))) == item.count


def test_the_commonest_come_first_and_the_rest_is_cut(index_of: Make) -> None:
    names = ["Bo", "bo", "bo", "Cy", "Ada"]
    comments = [{"id": str(i), "author": name, "text": f"Text {i}."} for i, name in enumerate(names)]
    index = index_of({"id": "a", "title": None, "paragraphs": ["P."], "comments": comments}, has_vectors=False)
    found = facets(index, index.matching(Among(Facet.KIND, ("comment",))), is_exact=False, limit=2)
    assert [(item.value, item.count) for item in found.author] == [("bo", 3), ("Ada", 1)]
    assert found.to_dict() == {
        "total": 5,
        "is_exact": False,
        "kind": [{"value": "comment", "count": 5}],
        "author": [{"value": "bo", "count": 3}, {"value": "Ada", "count": 1}],
        "source": [],
        "section": [],
        "place": [],
        "topic": [],
        "dates": {"unit": "day", "buckets": []},
        "undated": 5,
    }


def at(*moment: int, zone: Any = UTC) -> int:
    return int(datetime(*moment, tzinfo=zone).timestamp())  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("first", "last", "unit", "buckets"),
    [
        (at(2020, 1, 31, 23, 59), at(2020, 1, 31, 23, 59), "day", 1),
        (at(2020, 1, 1), at(2020, 3, 2), "day", 62),
        (at(2020, 1, 1), at(2020, 3, 3), "month", 3),
        (at(2015, 6, 30), at(2020, 6, 1), "month", 61),
        (at(2015, 6, 30), at(2020, 9, 1), "year", 6),
        (at(1905, 6, 30), at(2020, 9, 1), "year", 116),
        (at(1066, 10, 14), at(2020, 9, 1), "year", 2),
        (-62_135_596_800, 253_402_300_799, "year", 2),
    ],
)
def test_the_unit_fits_the_span(first: int, last: int, unit: str, buckets: int) -> None:
    for zone in (UTC, BERLIN, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Pacific/Pago_Pago")):
        assert sum(bucket.count for bucket in histogram({first: 2, last: 3}, zone).buckets) in (3, 5)
    found = histogram({first: 2, last: 3})
    assert (found.unit, len(found.buckets)) == (unit, buckets)


def test_days_begin_at_midnight_of_the_zone_whatever_the_clocks_do() -> None:
    times = {at(2020, 3, 28, 23, 30, zone=BERLIN): 1, at(2020, 3, 29, 3, 30, zone=BERLIN): 1,
             at(2020, 3, 30, 0, 0, zone=BERLIN): 1}  # fmt: skip
    found = histogram(times, BERLIN)
    assert [(bucket.start.isoformat(), bucket.count) for bucket in found.buckets] == [
        ("2020-03-28T00:00:00+01:00", 1),
        ("2020-03-29T00:00:00+01:00", 1),
        ("2020-03-30T00:00:00+02:00", 1),
    ]


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu", "Pacific/Apia"])


@settings(max_examples=200, deadline=None)
@given(
    st.integers(at(1850, 1, 1), at(2150, 1, 1)),
    st.lists(st.integers(0, 86_400 * 40_000), min_size=1, max_size=30),
    st.sampled_from([1, 10, 500, 100_000]),
    ZONES,
)
def test_every_time_is_in_the_bucket_of_its_day(start: int, steps: list[int], shrink: int, name: str) -> None:
    zone = ZoneInfo(name)
    times = Counter(start + step // shrink for step in steps)
    found = histogram(times, zone)
    size = {"day": 10, "month": 7, "year": 4}[found.unit]  # of an ISO date, what names the bucket

    def label(moment: datetime) -> str:
        return moment.isoformat()[:size]

    expected: Counter[str] = Counter()
    for seconds, count in times.items():
        expected[label(datetime.fromtimestamp(seconds, zone))] += count
    assert {label(bucket.start): bucket.count for bucket in found.buckets if bucket.count} == expected
    starts = [bucket.start for bucket in found.buckets]
    assert starts == sorted(starts)
    assert len(starts) <= (MAX_EMPTY if found.unit == "year" else MAX_BUCKETS)
    assert all(bucket.start.utcoffset() is not None for bucket in found.buckets)


@pytest.mark.corpus
def test_comment_authors_of_a_real_blog(index_of: Make, shared: Path) -> None:
    source = shared / "data" / "haacked_blog" / "articles.jsonl.gz"
    if not source.exists():
        pytest.skip("the collection is not here")
    with gzip.open(source, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line, _ in zip(lines, range(250), strict=False)]
    index = index_of(*articles, has_vectors=False)
    rows = index.matching(Among(Facet.KIND, ("comment",)))
    by_hand = Counter(text.key(one["author"]) for article in articles for one in article["comments"] if one["author"])
    assert len(rows) == sum(len(article["comments"]) for article in articles) > 1000
    assert counted(facets(index, rows, is_exact=True, limit=100_000).author) == by_hand
