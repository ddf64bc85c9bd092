"""Ids: safe, stable, and the same for the same page saved twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.identity import MAX_ID, article_id, canonical, comment_ids, given_id


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a/b",
        "http://news.example/a/b",
        "https://NEWS.example:443/a/b/",
        "https://news.example/a/b#comments",
        "https://news.example/a/b?utm_source=x&utm_medium=y&fbclid=z",
    ],
)
def test_one_page_has_one_id(url: str) -> None:
    assert article_id(url, "t", ["p"]) == article_id("https://news.example/a/b", "other", [])


def test_a_query_that_is_no_tracking_counts() -> None:
    assert canonical("https://news.example/a?id=1&utm_source=x") == "news.example/a?id=1"
    assert article_id("https://news.example/a?id=1", "t", []) != article_id("https://news.example/a?id=2", "t", [])


@pytest.mark.parametrize("url", [None, "", "not an address", "http://[::1", "mailto:a@b"])
def test_without_an_address_the_text_decides(url: str | None) -> None:
    assert article_id(url, "t", ["p"]) == article_id(None, "t", ["p"])
    assert article_id(url, "t", ["p"]) != article_id(url, "t", ["q"])


@pytest.mark.parametrize(
    ("given_value", "safe"),
    [("a b#c\nd", "a_b_c_d"), (" 12 ", "12"), ("\x1b[31m", "[31m"), ("", None), (None, None), ("\u202e", None)],
)
def test_given_ids_are_made_safe(given_value: str | None, safe: str | None) -> None:
    assert given_id(given_value) == safe


def test_long_ids_are_hashed() -> None:
    assert given_id("x" * (MAX_ID + 1)) != given_id("x" * (MAX_ID + 2))
    assert len(given_id("x" * 10_000) or "") <= MAX_ID


def test_missing_comment_ids_are_positions() -> None:
    assert comment_ids([None, "7", None, "7"]) == ["1", "7", "3", "7-2"]
    assert comment_ids(["2", None]) == ["2", "2-2"]


@given(st.lists(st.none() | st.text(max_size=3)))
def test_comment_ids_differ(given_values: list[str | None]) -> None:
    ids = comment_ids(given_values)
    assert len(set(ids)) == len(given_values)
    assert all(ids)


@given(st.text())
def test_safe_ids_are_stable(text: str) -> None:
    safe = given_id(text)
    assert given_id(safe) == safe
    assert safe is None or not any(char.isspace() or char == "#" for char in safe)
