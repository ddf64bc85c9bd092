"""Fixtures of the readers' tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.sources import html_door

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def _one_reader_of_pages() -> Iterator[None]:
    """Keep one process for all tests: starting it takes a second."""
    with html_door.held():
        yield
