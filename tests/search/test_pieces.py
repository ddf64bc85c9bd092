"""What is typed, cut into pieces as the parser cuts it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parse import MAX_LENGTH, parse
from search.pieces import Role, is_prepared, pieces, prepare


def cut(typed: str) -> list[tuple[str, str]]:
    return [(typed[piece.start : piece.end], piece.role.value) for piece in pieces(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("river flood warning", []),
        ('"proxy war" iran', [('"proxy war"', "phrase")]),
        ('"iran war"~5', [('"iran war"~5', "phrase")]),
        ("“iran”", [("“iran”", "phrase")]),
        ("+syria -assad", [("+", "sign"), ("-", "sign")]),
        ("(a AND b) OR NOT c", [("(", "sign"), ("AND", "operator"), (")", "sign"), ("OR", "operator"),
                                ("NOT", "operator")]),
        ("milit* te?t khamenei~ =Iraq", [("milit*", "pattern"), ("te?t", "pattern"), ("~", "pattern"),
                                         ("=Iraq", "pattern")]),
        ("war?", []),
        ('~"foreign meddling" ~oil', [('~"foreign meddling"', "meaning"), ("~oil", "meaning")]),
        ("war^2", [("^2", "weight")]),
        ("headline:iran", [("headline:", "field")]),
        ('by:"Ann B",joe', [("by:", "field"), ('"Ann B"', "value"), ("joe", "value")]),
        ("-IN:comment,lead", [("-", "sign"), ("IN:", "field"), ("comment", "value"), ("lead", "unknown")]),
        ("after:2014-06 on:hier", [("after:", "field"), ("2014-06", "value"), ("on:", "field"), ("hier", "value")]),
        ("foo:bar", [("foo:", "unknown")]),
        ("war by:", [("by:", "field")]),
        ('by:"Ann', [("by:", "field"), ('"', "unknown")]),
        ('a "stray', [('"', "unknown")]),
        ("http://a.example/b?c", []),
    ],
)  # fmt: skip
def test_each_piece_has_its_role(typed: str, expected: list[tuple[str, str]]) -> None:
    assert cut(typed) == expected


def test_a_query_beyond_the_limit_has_no_pieces() -> None:
    assert pieces('"a" ' * MAX_LENGTH) == ()


def test_what_the_parser_warns_of_is_marked_as_unknown() -> None:
    for typed in ("foo:bar", "in:lead", 'a "stray'):
        assert parse(typed).warnings
        assert Role.UNKNOWN in {piece.role for piece in pieces(typed)}


def test_the_parser_is_imported_beforehand() -> None:
    prepare()
    assert is_prepared()


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text('by:in,foo "“”«»AND()+-~*?^2=ab中', max_size=40)))
def test_whatever_is_typed_its_pieces_follow_each_other(typed: str) -> None:
    end = 0
    for piece in pieces(typed):
        assert end <= piece.start < piece.end <= len(typed)
        end = piece.end
