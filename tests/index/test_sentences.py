from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import MAX_SENTENCE, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. She left.", ["He came.", "She left."]),
        (
            "Mr. Smith of the U.S. Navy met Gen. J. R. Doe. Yes.",
            ["Mr. Smith of the U.S. Navy met Gen. J. R. Doe.", "Yes."],
        ),
        ("“Stop!” he said. “Why?” Nobody knew.", ["“Stop!”", "he said.", "“Why?”", "Nobody knew."]),
        ("It cost 3.5 million. That is much.", ["It cost 3.5 million.", "That is much."]),
        ("Well... not yet. OK", ["Well... not yet.", "OK"]),
        ("第一句。第二句！", ["第一句。", "第二句！"]),
        ("One line\n\nAnother", ["One line", "Another"]),
        ("no end", ["no end"]),
        ("  ", []),
        ("", []),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(max_size=2000))
def test_nothing_but_white_space_is_left_out(text: str) -> None:
    spans = sentences(text)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert all(0 < end - start <= MAX_SENTENCE for start, end in spans)
    covered = "".join(cut(text))
    assert "".join(covered.split()) == "".join(text.split())
