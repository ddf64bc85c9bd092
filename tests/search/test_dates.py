"""What people type for a time, and the period it names."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.dates import LONGEST, period

NOW = datetime(2014, 7, 2, 15, 30, 45, tzinfo=UTC)  # a Wednesday


def named(text: str) -> str | None:
    """The period as ``start/end``, midnights cut to days."""
    found = period(text, now=NOW, timezone=UTC)
    if found is None:
        return None
    return "/".join("…" if end is None else short(end) for end in found)


def short(moment: datetime) -> str:
    return moment.isoformat().removesuffix("+00:00").removesuffix("T00:00:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014", "2014-01-01/2015-01-01"),
        ("2014-06", "2014-06-01/2014-07-01"),
        ("2014-12", "2014-12-01/2015-01-01"),
        ("2014/6", "2014-06-01/2014-07-01"),
        ("2014-06-29", "2014-06-29/2014-06-30"),
        ("2014-6-9", "2014-06-09/2014-06-10"),
        ("2014.06.29", "2014-06-29/2014-06-30"),
        ("20140629", "2014-06-29/2014-06-30"),
        ("2012-02-29", "2012-02-29/2012-03-01"),
        ("9999-12-31", "9999-12-31/…"),
        ("2014-06-29T12:51", "2014-06-29T12:51:00/2014-06-29T12:52:00"),
        ("2014-06-29 12:51:07Z", "2014-06-29T12:51:07/2014-06-29T12:51:08"),
        ("29 June 2014", "2014-06-29/2014-06-30"),
        ("29th of june 2014", "2014-06-29/2014-06-30"),
        ("June 29, 2014", "2014-06-29/2014-06-30"),
        ("jun 29 2014", "2014-06-29/2014-06-30"),
        ("June 2014", "2014-06-01/2014-07-01"),
        ("Sept. 2013", "2013-09-01/2013-10-01"),
        ("29/06/2014", "2014-06-29/2014-06-30"),
        ("06/29/2014", "2014-06-29/2014-06-30"),
        ("5.6.2014", "2014-06-05/2014-06-06"),
        ("7/7/2014", "2014-07-07/2014-07-08"),
    ],
)
def test_calendar_dates(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", "2014-07-02/2014-07-03"),
        ("Yesterday", "2014-07-01/2014-07-02"),
        ("tomorrow", "2014-07-03/2014-07-04"),
        ("now", "2014-07-02T15:30:45/2014-07-02T15:31:45"),
        ("last week", "2014-06-23/2014-06-30"),
        ("this week", "2014-06-30/2014-07-07"),
        ("next month", "2014-08-01/2014-09-01"),
        ("last month", "2014-06-01/2014-07-01"),
        ("previous year", "2013-01-01/2014-01-01"),
        ("past week", "2014-06-25/2014-07-03"),
        ("the last 3 days", "2014-06-29/2014-07-03"),
        ("past two months", "2014-05-02/2014-07-03"),
        ("last 2 hours", "2014-07-02T13:00:00/2014-07-02T16:00:00"),
        ("3 days ago", "2014-06-29/2014-06-30"),
        ("a week  ago", "2014-06-25/2014-06-26"),
        ("one year ago", "2013-07-02/2013-07-03"),
        ("2 hours ago", "2014-07-02T13:00:00/2014-07-02T14:00:00"),
        ("monday", "2014-06-30/2014-07-01"),
        ("wednesday", "2014-07-02/2014-07-03"),
        ("last wednesday", "2014-06-25/2014-06-26"),
        ("june", "2014-06-01/2014-07-01"),
        ("august", "2013-08-01/2013-09-01"),
        ("29 feb", "2012-02-29/2012-03-01"),
        ("july 3", "2013-07-03/2013-07-04"),
    ],
)
def test_dates_seen_from_now(text: str, expected: str) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("next friday", "2014-07-04/2014-07-05"),
        ("5pm", "2014-07-02T17:00:00/2014-07-02T18:00:00"),
        ("-2 weeks", "2014-06-18/2014-06-19"),
        ("noon", "2014-07-02T12:00:00/2014-07-02T12:01:00"),
        ("june 29 2014 to july 1 2014", "2014-06-29/2014-07-02"),
        ("hier", "2014-07-01/2014-07-02"),
        ("il y a 3 jours", "2014-06-29/2014-06-30"),
        ("29 juin 2014", "2014-06-29/2014-06-30"),
        ("вчера", "2014-07-01/2014-07-02"),
        ("昨天", "2014-07-01/2014-07-02"),
    ],
)
def test_dates_in_other_words(text: str, expected: str) -> None:
    assert named(text) == expected
    assert period(text, now=NOW, timezone=UTC, thorough=False) is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "foo", "a", "week", "2014-13", "2014-02-30", "0000", "31 june", "05/06/2014", "999999 years ago",
     "foo ago", "1 2 3", "-99999 years", "x" * (LONGEST + 1), "29 foo 2014", "2014-06-29T25:00"],
)  # fmt: skip
def test_what_is_no_date(text: str) -> None:
    assert named(text) is None


def test_days_are_those_of_the_zone() -> None:
    zone = ZoneInfo("America/New_York")
    late = datetime(2014, 3, 10, 2, 0, tzinfo=UTC)  # still the 9th there, when clocks went forward

    found = period("today", now=late, timezone=zone)

    assert found is not None
    start, end = found
    assert end is not None
    assert (start.isoformat(), end.isoformat()) == ("2014-03-09T00:00:00-05:00", "2014-03-10T00:00:00-04:00")


BITS = [
    "last", "next", "this", "past", "3", "12", "31", "2014", "0", "june", "may", "days", "week", "months", "year",
    "ago", "in", "to", "now", "5pm", "10:30", "+", "-", "/", ".", "il", "y", "a", "jours",
]  # fmt: skip
ZONES = [ZoneInfo("UTC"), ZoneInfo("Asia/Tehran"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/New_York")]


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.text(max_size=45), st.lists(st.sampled_from(BITS), max_size=5).map(" ".join)), st.sampled_from(ZONES)
)
def test_any_text_is_a_sound_period_or_none(text: str, zone: ZoneInfo) -> None:
    found = period(text, now=NOW, timezone=zone)
    if found is not None:
        start, end = found
        assert start.tzinfo is not None
        assert end is None or start < end
