"""Printed dates become points in time, and what is not printed is never made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources import dates
from index.sources.date_forms import FORMS, YEARLESS
from index.sources.dates import parse_date


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Sun Jun 29, 2014 4:15am EDT", "2014-06-29T08:15"),
        ("Jun 30, 2014\u00a0 6:41pm EDT", "2014-06-30T22:41"),
        ("2014-06-29T08:15:00Z", "2014-06-29T08:15"),
        ("2014-06-29 10:15:00+02:00", "2014-06-29T08:15"),
        ("2012-08-03T05:10:00-0400", "2012-08-03T09:10"),
        ("2014-06-29", "2014-06-29T00:00"),
        ("Sun, 29 Jun 2014 08:15:00 +0200", "2014-06-29T06:15"),
        ("29 June 2014 11:30 BST", "2014-06-29T10:30"),
        ("Nov. 19, 2019, 4:45 p.m. EST", "2019-11-19T21:45"),
        ("Monday 7 February 2022, 17.20 CET", "2022-02-07T16:20"),
        ("24 November 2023 at 13:04", "2023-11-24T13:04"),
        ("Published: 3 March 2014", "2014-03-03T00:00"),
        ("20. November 2022 um 10:36 Uhr", "2022-11-20T10:36"),
        ("13. März 2015", "2015-03-13T00:00"),
        ("24 juin 2011 à 12:03", "2011-06-24T12:03"),
        ("Le 07/04/2013 à 17:29", "2013-04-07T17:29"),
        ("2014년 6월 29일", "2014-06-29T00:00"),
        ("2014年6月29日 10:30", "2014-06-29T10:30"),
        ("2014/03/04 10:11", "2014-03-04T10:11"),
        ("3.4.2014", "2014-04-03T00:00"),
        ("31-MAR-1987 22:58:00", "1987-03-31T22:58"),
        ("13/04/2014", "2014-04-13T00:00"),
    ],
)
def test_known_forms(printed: str, expected: str) -> None:
    assert parse_date(printed) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "printed",
    [
        None,
        "",
        "Sunday",
        "29 June",
        "June 2014",
        "2014",
        "2014-06",
        "12:30",
        "10:30 2014",
        "5:10am EDT",
        "2 hours ago",
        "2014-02-30",
        "99/99/2014",
        "0001-01-01",
        "1404036000",
        "x" * 200,
    ],
)
def test_missing_parts_are_not_made_up(printed: str | None) -> None:
    assert parse_date(printed) is None


@pytest.mark.parametrize("printed", ["03/04/2014", "29 June 2014 11:30 IST", "29 June 2014 11:30 XYZ"])
def test_what_reads_in_two_ways_is_not_guessed(printed: str) -> None:
    assert parse_date(printed) is None


def test_a_time_without_zone_is_in_the_zone_given() -> None:
    berlin = timezone(timedelta(hours=2))
    assert parse_date("29 June 2014 11:30", berlin) == datetime(2014, 6, 29, 9, 30, tzinfo=UTC)
    assert parse_date("29 June 2014", berlin) == datetime(2014, 6, 28, 22, 0, tzinfo=UTC)


@given(st.datetimes(min_value=datetime(1700, 1, 1), max_value=datetime(2190, 1, 1)))
def test_iso_dates_survive(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert parse_date(aware.isoformat()) == aware


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9 :,./+-]{0,40}", fullmatch=True))
def test_any_text_gives_a_utc_time_or_nothing(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is UTC


SHAPES = (
    *(
        "26-FEB-1987 15:01:01.79",
        "Mon Oct 23, 2006 4:34pm EDT",
        "13. März 2015",
        "Aug 3 05:10:00 -0400 2012",
        "Jun 3, '14",
    ),
    *(
        "2014-06-29T08:15:00Z",
        "03/04/2014",
        "le 3.4.14",
        "2014년 6월 29일 오후 4:15",
        "令和3年4月5日",
        "6月29日",
        "29 June, 11:30",
    ),
)


@given(st.sampled_from(SHAPES), st.lists(st.sampled_from("0123456789٣"), min_size=16, max_size=16))
def test_the_form_of_a_date_does_not_depend_on_its_digits(shape: str, digits: list[str]) -> None:
    left = iter(digits)
    printed = "".join(next(left) if char.isdigit() else char for char in shape)
    matches = [
        (found.start(), -found.end(), at)
        for at, form in enumerate((*FORMS, *YEARLESS))
        if (found := form.search(printed))
    ]
    chosen = dates._form(dates._DIGIT.sub("0", printed))
    assert chosen is ((*FORMS, *YEARLESS)[min(matches)[2]] if matches else None)
