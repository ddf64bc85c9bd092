"""Events become how far a job is; whatever else comes through the pipe changes nothing."""

from __future__ import annotations

import json

import pytest

from tui.jobs.course import MOST_NAMED, Course, Told, after
from tui.widgets.course_view import amount, spell


def heard(*events: object, start: float = 10.0) -> Course:
    course = Course(since=start)
    for second, event in enumerate(events, start=1):
        course = after(course, json.dumps(event).encode(), start + second)
    return course


STAGE = {"event": "stage", "stage": "reading", "total": 300, "unit": "byte"}


def test_a_stage_has_a_share_a_rate_and_time_left() -> None:
    course = heard(STAGE, {"event": "done", "done": 100})
    assert (course.stage, course.share, course.rate) == ("reading", pytest.approx(1 / 3), 100)
    assert course.left(12.0) == 2.0
    assert heard(STAGE).left(12.0) is None
    assert heard(STAGE | {"total": None}, {"event": "done", "done": 5}).share is None


def test_stages_that_are_over_are_kept_with_their_seconds() -> None:
    course = heard(STAGE, STAGE | {"stage": "words"}, {"event": "report", "summary": ["2 articles"]})
    assert course.past == (("reading", 1.0), ("words", 1.0))
    assert course.summary == ("2 articles",)


def test_skips_are_named_up_to_a_bound_and_counted_beyond() -> None:
    skip = {"event": "skip", "path": "a.csv:3", "reason": "no text"}
    course = heard(*[skip] * (MOST_NAMED + 5), {"event": "note", "path": "b", "text": "odd"})
    assert course.named[0] == Told("a.csv:3", "no text", True)
    assert len(course.named) == MOST_NAMED
    assert (course.skipped, course.noted) == (MOST_NAMED + 5, 1)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"3",
        b"{",
        b"{}",
        b'{"event": "stage"}',
        b'{"event": "done", "done": "many"}',
        b'{"event": "stage", "stage": 1, "total": "x", "unit": 2}',
        b'{"event": "report", "summary": 7}',
        b'{"event": "unheard of"}',
        b"[" * 100_000,
    ],
)
def test_a_line_that_is_no_event_changes_nothing(line: bytes) -> None:
    course = heard(STAGE)
    assert after(course, line, 20.0) == course


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0.4 s"), (0, "0 s"), (3.2, "3 s"), (59.7, "1 min"), (125, "2 min 5 s"), (4800, "1 h 20 min")],
)
def test_times_as_people_say_them(seconds: float, said: str) -> None:
    assert spell(seconds) == said


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1, "passage", "1 passage"),
        (1234, "passage", "1,234 passages"),
        (999, "byte", "999 B"),
        (5.2e6, "byte", "5.2 MB"),
    ],
)
def test_amounts_as_people_read_them(number: float, unit: str, said: str) -> None:
    assert amount(number, unit) == said
