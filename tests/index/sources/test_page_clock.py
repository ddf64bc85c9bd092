"""What a page says about its dates: when it was saved, and in which order their numbers stand."""

from __future__ import annotations

import pytest

from index.sources import html_page
from index.sources.dates import Order
from index.sources.markup import parse
from index.sources.page_clock import clock_of

STORY = "<p>Firefighters brought a goat down from the roof of the town hall on Tuesday, after a long night.</p>"


def page(head: str = "", dates: tuple[str, ...] = (), lang: str = "") -> str:
    comments = "".join(
        f'<div class="comment"><b class="author">u{number}</b><span class="date">{date}</span>'
        f"<p>Good goat {number}.</p></div>"
        for number, date in enumerate(dates)
    )
    body = f"<body><h1>A goat</h1>{STORY}{comments}</body>"
    return f'<html lang="{lang}"><head><title>A goat</title>{head}</head>{body}</html>'


def posted(text: str) -> list[str | None]:
    return [c.posted and f"{c.posted:%Y-%m-%d %H:%M}" for c in html_page.read(text, "x").comments]


def meta(name: str, stamp: str) -> str:
    return f'<meta property="article:{name}_time" content="{stamp}">'


def test_what_is_so_long_ago_is_counted_from_when_the_page_was_saved() -> None:
    text = (
        page(dates=("3 hours ago", "yesterday at 5:12 PM"))
        + "<!-- saved date: Sat Oct 19 2019 12:00:00 GMT+0000 (UTC) -->"
    )
    assert posted(text) == ["2019-10-19 09:00", "2019-10-18 17:12"]
    archived = page(dates=("3 hours ago",)) + "<!-- FILE ARCHIVED ON 12:00:00 Oct 19, 2019 AND RETRIEVED FROM THE -->"
    assert posted(archived) == ["2019-10-19 09:00"]


def test_or_from_its_last_change_where_nothing_speaks_against_it() -> None:
    head = meta("published", "2019-10-18T08:00:00Z") + meta("modified", "2019-10-19T12:00:00Z")
    assert posted(page(head, ("3 hours ago",))) == ["2019-10-19 09:00"]
    assert posted(page(head, ("3 hours ago", "2 days ago"))) == [None, None]  # before there was an article
    assert posted(page(head, ("3 hours ago", "20 October 2019"))) == [None, "2019-10-20 00:00"]  # after the change


def test_without_such_a_time_it_stays_unknown_and_as_printed() -> None:
    (comment,) = html_page.read(page(meta("published", "2019-10-18T08:00:00Z"), ("3 hours ago",)), "x").comments
    assert (comment.posted, comment.posted_text) == (None, "3 hours ago")


@pytest.mark.parametrize(
    ("dates", "lang", "expected"),
    [
        (("03/04/2014",), "", [None]),
        (("03/04/2014", "25/04/2014"), "", ["2014-04-03 00:00", "2014-04-25 00:00"]),
        (("03/04/2014", "04/25/2014"), "", ["2014-03-04 00:00", "2014-04-25 00:00"]),
        (("03/04/2014",), "fr", ["2014-04-03 00:00"]),
        (("03/04/2014",), "en-GB", ["2014-04-03 00:00"]),
        (("03/04/2014",), "en-US", ["2014-03-04 00:00"]),
        (("03/04/2014",), "en", [None]),
    ],
)
def test_the_order_of_day_and_month(dates: tuple[str, ...], lang: str, expected: list[str | None]) -> None:
    assert posted(page(dates=dates, lang=lang)) == expected


def test_the_language_gives_way_to_the_dates_of_the_page() -> None:
    text = page(dates=("03/04/2014", "04/25/2014"), lang="fr")
    assert clock_of(parse(text), text, []).order is Order.MONTH_FIRST
