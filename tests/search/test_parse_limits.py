"""Whatever is typed: a ``Query`` or a ``QueryError``, and soon."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import QueryError
from index.text import clean, tokens
from search import marks
from search.lower import lower
from search.parse import MAX_LENGTH, parse
from search.parts import MAX_CLAUSES, Gathered
from search.query import Boost, Group, InKind, Node, Query
from search.syntax import tree
from search.tree import MAX_DEPTH

SOON = 0.5  # seconds of processor time, whatever else the machine does; ten times the promise of 50 ms


def attempt(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


def test_length_is_limited() -> None:
    assert parse("a" * MAX_LENGTH).scoring
    with pytest.raises(QueryError, match="1,001 characters"):
        parse("a" * (MAX_LENGTH + 1))


@pytest.mark.parametrize("piece", ["a ", "+a ", "a~ ", '"a" ', "a:", "a,", "by:x ", "a OR ", "(a) ", "a* ", "~a "])
def test_clauses_are_limited(piece: str) -> None:
    assert not parse(piece * (MAX_CLAUSES - 1) + "b").is_empty
    with pytest.raises(QueryError, match="more than 64"):
        parse(piece * MAX_CLAUSES + "b c")


def test_words_without_tokens_do_not_count() -> None:
    assert parse("& " * 400 + "war").scoring


def test_depth_is_limited() -> None:
    assert parse("(a OR " * MAX_DEPTH + "b" + ")" * MAX_DEPTH).must
    with pytest.raises(QueryError, match="deeper than 20"):
        parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))
    with pytest.raises(QueryError, match="deeper than 20"):
        parse("headline:" * (MAX_DEPTH + 1) + "a")


def test_brackets_without_partners_are_not_depth() -> None:
    assert parse("(" * 500 + "a").scoring
    assert parse("a" + ")" * 500).scoring


HOSTILE = [
    "(", ")", "()", "(a)", "(a OR ", "a OR (", "NOT (", "-(", "+(", "headline:(", '"', '"a" ', '"&" ', "“",
    "”", "«", "»", "a:", 'a:"', "by:", 'by:"', "by:a,", "in:x,", "in:", "on:", "on:abcd ",
    'on:"1 2 3 4 5 6 7" ', "headline:", "headline:-", "-+", "- + ", "+-", "--", "+a ", "~", "~~a", '~"', "a~",
    "a~ ", "~9", "^", "^1", "a^1 ", "a^^2 ", "=", "=*", "*", "* ", "?", "?a", "a*", "a&*", ",", "a,", "AND ",
    "OR & ", "NOT ", "a AND ", "NOT NOT a ", ":", "::", "://", "\\", "\x00", "\ud800 ", "\ufeff", "\u202e",
    "\xa0", "\u2028", "\U0001f600 ", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u4e2d", "\u4e2d ",
    "e\u0301", "\u0301", "\ufdfa", "a.", "a'", "[", "{", "<b>", "%s", "{0}", "'; DROP TABLE ", "../",
    "\x1b[2J", "٣", "ⅷ", "²", "ß", "İ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_the_same_over_and_over_is_soon_done(piece: str) -> None:
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    attempt("(warm) on:noon")
    start = time.thread_time()

    attempt(text)

    assert time.thread_time() - start < SOON


MARKS = [*HOSTILE, " ", "a", "war", "last week", "2014", "in:comment", "AND", "OR", "NOT", "headline:x", "~1", "^2"]
SOUP = st.lists(st.sampled_from(MARKS), max_size=60).map(lambda pieces: "".join(pieces)[:MAX_LENGTH])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=300), SOUP))
def test_any_text_gives_a_query_or_our_error(text: str) -> None:
    start = time.thread_time()

    query = attempt(text)

    assert time.thread_time() - start < 2 * SOON  # the first odd date brings dateparser
    assert query is None or (hash(query) and (query.warnings or not query.is_empty or not query.text.strip()))


WORDS = st.lists(
    st.sampled_from(["iran", "al-Maliki", "Iraq's", "中国", "U.S.", "war?", "1,000", "x,y", "&", "C++", "😀"])
)


@settings(max_examples=100, deadline=None)
@given(st.one_of(WORDS.map(" ".join), st.text(max_size=60)))
def test_plain_words_need_no_grammar(text: str) -> None:
    """The short cut for texts without marks gives what the grammar gives."""
    if marks.plain_words(clean(text)) is None:
        return
    text = clean(text)
    gathered = Gathered()
    root, notes = tree(text, None)  # type: ignore[arg-type] # no field to read
    parts = lower(root, gathered)
    query = parse(text)

    assert (tuple(parts.scoring), parts.must, parts.must_not, notes) == (query.scoring, [], [], [])
    assert " ".join(gathered.meaning) == query.meaning


ASKED = st.sampled_from(
    ["syria", "milit*", '"proxy war"', "khamenei~", "headline:oil", "by:somebody", "(a OR b)", "~far"]
)
BANNED = st.sampled_from(
    ["-{}", '-"{} {}"', "NOT {}", "-(x {})", "-headline:{}", "-{}*", "-{}~", "-={}", "a AND NOT {}"]
)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(ASKED, BANNED), min_size=1, max_size=12))
def test_meaning_never_holds_what_is_excluded(pieces: list[str]) -> None:
    query = parse(" ".join(piece.format("banned", "banned") for piece in pieces))

    assert "banned" not in {token.exact for token in tokens(query.meaning)}


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_no_group_is_empty_and_weights_stay_in_bounds(text: str) -> None:
    query = attempt(text)
    for node in () if query is None else (*query.scoring, *query.must, *query.must_not):
        check(node)


def check(node: Node) -> None:
    match node:
        case Group(must, should, must_not):
            assert must or should or must_not
            for child in (*must, *should, *must_not):
                check(child)
        case Boost(inner, weight):
            assert 0 <= weight <= 100
            check(inner)
        case InKind(_, inner):
            check(inner)
        case _:
            pass


def test_plain_words_do_not_import_whoosh() -> None:
    script = (
        "import sys; from search.parse import parse; parse('iran proxy war?');"
        "assert not {'whoosh', 'dateparser'} & set(sys.modules);"
        "parse('+iran after:2014'); assert 'whoosh' in sys.modules; assert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", script], check=True)
