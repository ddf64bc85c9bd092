"""Comments in the plain text of whole pages, in each of the orders that pages print them in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.sources import text_page
from index.sources.dump_comments import find

TOP = ["Home", "News", "Goat rescued from roof", "Firefighters brought a goat down from the roof on Tuesday."]
SAYS = ["2 comments", "Ann says:", "June 3, 2014 at 10:30", "Good goat.", "Reply", "Bo says:", "June 3, 2014 at 11:30"]
SAYS += ["Bad goat.", "And more.", "Reply", "Leave a Reply", "Name *"]
BARE = [
    "Comments (2)",
    "Ann Lee",
    "3 June 2014",
    "Good goat.",
    "Reply",
    "Bo",
    "4 June 2014",
    "Bad goat.",
    "Reply",
    "About us",
]
LAST = [
    "Comments",
    "Ann",
    "Good goat.",
    "Le 13/06/2014 à 10:30",
    "Répondre",
    "Bo",
    "Bad goat.",
    "Le 14/06/2014 à 10:30",
    "Répondre",
]
FIRST = [
    "Comments",
    "12.19.13 at 7:05 pm",
    "Ann",
    "Good goat.",
    "Reply",
    "12.20.13 at 7:05 pm",
    "Bo",
    "Bad goat.",
    "Reply",
]
SIGNED = ["Visitor comments", "Good goat.", "Posted by:", "Ann Lee, 17 Sep 2012 | 14:21", "Bad goat.", "Posted by:"]
SIGNED += ["Bo, 18 Sep 2012 | 14:21"]
TIMES = [
    "Comments",
    "April 4, 2017",
    "6:30 PM",
    "Ann",
    "Good goat.",
    "reply",
    "April 7, 2017",
    "2:25 AM",
    "Bo",
    "Bad goat.",
    "reply",
]


def told(lines: list[str]) -> list[tuple[str | None, str, str | None]]:
    found = find([*TOP, *lines], [0] * (len(TOP) + len(lines)))
    comments = found.comments if found else ()
    return [(c.author, c.text, c.posted and f"{c.posted:%Y-%m-%d %H:%M}") for c in comments]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (SAYS, [("Ann", "Good goat.", "2014-06-03 10:30"), ("Bo", "Bad goat.\nAnd more.", "2014-06-03 11:30")]),
        (SAYS[1:], [("Ann", "Good goat.", "2014-06-03 10:30"), ("Bo", "Bad goat.\nAnd more.", "2014-06-03 11:30")]),
        (BARE, [("Ann Lee", "Good goat.", "2014-06-03 00:00"), ("Bo", "Bad goat.", "2014-06-04 00:00")]),
        (LAST, [("Ann", "Good goat.", "2014-06-13 10:30"), ("Bo", "Bad goat.", "2014-06-14 10:30")]),
        (FIRST, [("Ann", "Good goat.", "2013-12-19 19:05"), ("Bo", "Bad goat.", "2013-12-20 19:05")]),
        (SIGNED, [("Ann Lee", "Good goat.", "2012-09-17 14:21"), ("Bo", "Bad goat.", "2012-09-18 14:21")]),
        (TIMES, [("Ann", "Good goat.", "2017-04-04 18:30"), ("Bo", "Bad goat.", "2017-04-07 02:25")]),
    ],
    ids=["says", "no-heading", "bare", "date-last", "date-first", "signed", "time-below"],
)
def test_orders(lines: list[str], expected: list[tuple[str, str, str]]) -> None:
    assert told(lines) == expected


def test_the_page_is_an_article_with_its_story_and_its_comments() -> None:
    text = "\n\n".join(["Goat rescued from roof", "3 June 2014", TOP[-1], *SAYS])
    assert text_page.looks_like(text)
    article = text_page.read(text, "x")
    assert [comment.author for comment in article.comments] == ["Ann", "Bo"]
    assert article.reported_comments == 2
    assert "Good goat." not in " ".join(article.paragraphs)


def test_indentation_tells_who_answers_whom() -> None:
    lines = [
        "Comments",
        "Ann",
        "3 June 2014",
        "Good.",
        "Reply",
        "Bo",
        "4 June 2014",
        "Bad.",
        "Reply",
        "Cy",
        "5 June 2014",
        "So.",
        "Reply",
    ]
    indents = [0, 0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0]
    found = find(lines, indents)
    assert found is not None
    assert [comment.parent for comment in found.comments] == [None, "1", None]


@pytest.mark.parametrize(
    "lines",
    [
        ["Comments", "Nobody has written yet."],
        ["Archive", "June 2014 (3)", "May 2014 (2)"],
        ["Latest", "A sheep in the bank", "3 June 2014", "A cow in the church", "4 June 2014"],
        ["Comments", "On 3 June 2014 the harbour was empty, and nobody knew why it had been so.", "The end."],
    ],
)
def test_what_is_no_comment(lines: list[str]) -> None:
    assert told(lines) == []


@given(
    st.lists(
        st.sampled_from([*SAYS, *LAST, *FIRST, *SIGNED, *TIMES, "", "0", "@Ann", "[deleted]"]) | st.text(max_size=9),
        max_size=40,
    )
)
@settings(deadline=None)
def test_any_lines(lines: list[str]) -> None:
    squashed = [" ".join(line.split()) for line in lines]
    found = find(squashed, [0] * len(squashed))
    assert found is None or all(comment.text for comment in found.comments)
