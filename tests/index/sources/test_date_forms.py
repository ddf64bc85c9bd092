"""Dates of many languages, dates that need to know more than they print, and dates within a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.dates import Clock, Order, find_date, is_date, order_of, parse_date

NOW = Clock(now=datetime(2019, 10, 19, 12, 0, tzinfo=UTC))


def iso(moment: datetime | None) -> str | None:
    return moment and moment.replace(tzinfo=None).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Sunday, June 29th, 2014", "2014-06-29T00:00"),
        ("4:15 pm, June 29, 2014", "2014-06-29T16:15"),
        ("June 29, 2014 | 4:15pm", "2014-06-29T16:15"),
        ("June 29, 2014 4:15 p.m. ET", "2014-06-29T20:15"),
        ("January 29, 2014 4:15 p.m. ET", "2014-01-29T21:15"),
        ("June 29, 2014 10 PM Pacific Time", "2014-06-30T05:00"),
        ("29 June 2014 16:15 JST", "2014-06-29T07:15"),
        ("29 June 2014 16:15 KST", "2014-06-29T07:15"),
        ("29 June 2014 16:15 (GMT+2)", "2014-06-29T14:15"),
        ("May 5, 2014 10:00 +05:30", "2014-05-05T04:30"),
        ("Jun 29 08:15:00 EDT 2014", "2014-06-29T12:15"),
        ("29-Jun-14", "2014-06-29T00:00"),
        ("Sep 8 '10 at 6:28", "2010-09-08T06:28"),
        ("12.30.14 at 11:15 am", "2014-12-30T11:15"),
        ("29. Juni 2014, 16:15 Uhr MESZ", "2014-06-29T14:15"),
        ("29.06.2014 - 10:30h", "2014-06-29T10:30"),
        ("dimanche 29 juin 2014 à 16h15", "2014-06-29T16:15"),
        ("29 de junio de 2014, 16:15 h", "2014-06-29T16:15"),
        ("29 giugno 2014 ore 16.15", "2014-06-29T16:15"),
        ("29 de junho de 2014 às 16h15", "2014-06-29T16:15"),
        ("zondag 29 juni 2014, 16:15 uur", "2014-06-29T16:15"),
        ("29 июня 2014, 16:15", "2014-06-29T16:15"),
        ("2014. június 29. 10:30", "2014-06-29T10:30"),
        ("입력 2014.06.29 오후 4:15", "2014-06-29T16:15"),
        ("2014년 6월 29일 오후 4시 15분", "2014-06-29T16:15"),
        ("2014-06-29 (일) 16:15", "2014-06-29T16:15"),
        ("2014年6月29日(日) 10時30分", "2014-06-29T10:30"),
        ("2014/6/29(日) 10:30 配信", "2014-06-29T10:30"),
        ("令和元年5月1日", "2019-05-01T00:00"),
        ("2014年6月29日 下午4:15", "2014-06-29T16:15"),
        ("২৯ জুন ২০১৪, ১০:৩০", "2014-06-29T10:30"),
        ("29 มิถุนายน 2557 เวลา 10:30 น.", "2014-06-29T10:30"),
        ("29 มิ.ย. 57", "2014-06-29T00:00"),
        ("29/06/2557", "2014-06-29T00:00"),
    ],
)
def test_forms_of_many_languages(printed: str, expected: str) -> None:
    assert iso(parse_date(printed)) == expected


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("3 hours ago", "2019-10-19T09:00"),
        ("an hour ago", "2019-10-19T11:00"),
        ("vor 2 Stunden", "2019-10-19T10:00"),
        ("12 Stunden 33 Minuten her", "2019-10-18T23:27"),
        ("il y a 3 heures", "2019-10-19T09:00"),
        ("hace 2 días", "2019-10-17T00:00"),
        ("há 3 horas", "2019-10-19T09:00"),
        ("3 ore fa", "2019-10-19T09:00"),
        ("2 uur geleden", "2019-10-19T10:00"),
        ("3시간 전", "2019-10-19T09:00"),
        ("5分前", "2019-10-19T11:55"),
        ("3小时前", "2019-10-19T09:00"),
        ("yesterday at 5:12 PM", "2019-10-18T17:12"),
        ("gestern, 17:12 Uhr", "2019-10-18T17:12"),
        ("today", "2019-10-19T00:00"),
        ("just now", "2019-10-19T12:00"),
        ("Jun 20th at 1:38 pm", "2019-06-20T13:38"),
        ("December 24", "2018-12-24T00:00"),
    ],
)
def test_what_is_counted_from_now_needs_to_know_when_that_was(printed: str, expected: str) -> None:
    assert iso(parse_date(printed, clock=NOW)) == expected
    assert parse_date(printed) is None
    assert is_date(printed)


@pytest.mark.parametrize(
    "printed", ["3 years ago", "2 weeks ago", "vor 3 Monaten", "3 hours", "Monday 4:15pm", "June 2014"]
)
def test_too_little_to_be_a_time_even_with_a_clock(printed: str) -> None:
    assert parse_date(printed, clock=NOW) is None


def test_nothing_told_as_so_long_ago_is_older_than_the_article() -> None:
    clock = Clock(now=NOW.now, since=datetime(2019, 10, 19, 8, 0, tzinfo=UTC))
    assert iso(parse_date("3 hours ago", clock=clock)) == "2019-10-19T09:00"
    assert parse_date("5 hours ago", clock=clock) is None
    assert parse_date("Oct 1", clock=clock) is None


@pytest.mark.parametrize("printed", ["03/04/2014", "3-4-2014", "3/4/14", "14.06.29", "02/03/2014 10:30"])
def test_numbers_that_read_in_two_ways_are_unknown(printed: str) -> None:
    assert parse_date(printed) is None
    assert is_date(printed)


def test_the_order_of_numbers_is_told_by_other_dates_of_the_page() -> None:
    assert order_of(["03/04/2014", "on 25/04/2014 by Ann"]) is Order.DAY_FIRST
    assert order_of(["03/04/2014", "04/25/2014"]) is Order.MONTH_FIRST
    assert order_of(["03/04/2014", "04/04/2014"]) is None
    assert order_of(["25/04/2014", "04/25/2014"]) is None
    assert iso(parse_date("03/04/2014", clock=Clock(order=Order.DAY_FIRST))) == "2014-04-03T00:00"
    assert iso(parse_date("03/04/2014", clock=Clock(order=Order.MONTH_FIRST))) == "2014-03-04T00:00"
    assert iso(parse_date("3.4.2014", clock=Clock(order=Order.MONTH_FIRST))) == "2014-04-03T00:00"
    assert iso(parse_date("le 03/04/2014", clock=Clock(order=Order.MONTH_FIRST))) == "2014-04-03T00:00"


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("Ann said, on August 6, 2018 at 2:10 pm", "August 6, 2018 at 2:10 pm"),
        ("19.07.2007 um 16:40 | Antworten", "19.07.2007 um 16:40"),
        ("Comment by Ann — 2018-02-01 @ 00:30", "2018-02-01 @ 00:30"),
        ("2 hours ago · Reply", "2 hours ago"),
    ],
)
def test_a_date_is_found_within_a_line(line: str, printed: str) -> None:
    found = find_date(line)
    assert found is not None
    assert line[found.start : found.end] == printed
    assert not is_date(line)


@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9 :,./+'年月日-]{0,60}", fullmatch=True))
def test_any_line_gives_a_span_or_nothing(line: str) -> None:
    found = find_date(line, NOW)
    assert found is None or 0 <= found.start < found.end <= len(line)
