"""The people of a printed line: all of them, nothing else, and no name in two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sources.byline import from_header
from index.sources.names import people


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ann Lee, Bo Ray and Cy Dee", ["Ann Lee", "Bo Ray", "Cy Dee"]),
        ("Anna Klein und Bert Groß", ["Anna Klein", "Bert Groß"]),
        ("Von Peter Müller", ["Peter Müller"]),
        ("Par Anne Dupont et Luc Petit", ["Anne Dupont", "Luc Petit"]),
        ("Por María López y Juan Pérez", ["María López", "Juan Pérez"]),
        ("de Juan Pérez", ["Juan Pérez"]),
        ("Door Jan de Vries en Piet Jansen", ["Jan de Vries", "Piet Jansen"]),
        ("Anna Rossi e Luca Bianchi", ["Anna Rossi", "Luca Bianchi"]),
        ("글=홍길동", ["홍길동"]),
        ("홍길동 기자 hong@paper.example", ["홍길동"]),
        ("[서울=홍길동 기자]", ["홍길동"]),
        ("山田太郎 記者", ["山田太郎"]),
        ("Jane Doe, Staff writer", ["Jane Doe"]),
        ("Jane Doe, BBC News, Washington", ["Jane Doe"]),
        ("By Jane Doe, Reuters", ["Jane Doe"]),
        ("Jane Doe, Political correspondent", ["Jane Doe"]),
        ("Jane Doe (BBC)", ["Jane Doe"]),
        ("Ann Lee in Paris and Bo Ray in London", ["Ann Lee", "Bo Ray"]),
        ("Jane Doe jane@paper.example", ["Jane Doe"]),
        ("Jane Doe @janedoe", ["Jane Doe"]),
        ("Jane Doe | Updated 3 March 2014", ["Jane Doe"]),
        ("By Jane Doe, August 12, 2021 2:20 pm", ["Jane Doe"]),
        ("Ann Lee; Bo Ray", ["Ann Lee", "Bo Ray"]),
        ("Reuters", ["Reuters"]),
    ],
)
def test_people_of_a_line(line: str, expected: list[str]) -> None:
    assert list(people(line)) == expected


@pytest.mark.parametrize(
    "name",
    [
        *(
            "José Ortega y Gasset",
            "Martin Luther King, Jr.",
            "Doe, Ann",
            "J. R. R. Tolkien",
            "Robert De Niro",
            "De Gaulle",
        ),
        *("von Trapp", "Ludwig van Beethoven", "Mary-Jane O'Neil", "Sammy Davis Jr.", "April Jones", "John May"),
    ],
)
def test_a_name_is_never_split(name: str) -> None:
    assert list(people(name)) == [name]


@given(st.text(max_size=120))
def test_any_line_gives_names_of_one_line(line: str) -> None:
    assert all(name and "\n" not in name for name in people(line))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("3 June 2014, by Ann Lee", ("Ann Lee",)),
        ("By Ann Lee, 3 June 2014 10:30", ("Ann Lee",)),
        ("By the time they came on 3 June 2014 the harbour was empty.", ()),
        ("On 3 June 2014 the harbour was empty.", ()),
    ],
)
def test_a_byline_may_have_its_date(line: str, expected: tuple[str, ...]) -> None:
    assert from_header(line) == expected
