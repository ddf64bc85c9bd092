"""The query line: its colours follow the parser, and can be done without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search.pieces import Role, is_prepared
from tui.themes import THEMES
from tui.widgets.colouring import CLASSES
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from rich.style import Style

    from tests.tui.conftest import Until
    from tui.app import BroadsheetApp


async def coloured(app: BroadsheetApp, until: Until, query: str) -> list[tuple[str, Style]]:
    """Return each styled piece of the line and its style."""
    await until(app, is_prepared)
    line = app.screen.query_one(QueryLine)
    line.value = query
    return [(query[span.start : span.end], span.style) for span in line._value.spans]  # type: ignore[misc]


async def test_each_piece_has_the_style_of_its_role(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test():
        found = await coloured(app, until, '"sea wall" -in:comment foo:bar (a OR b) ~"tides"')
        line = app.screen.query_one(QueryLine)
        roles = [('"sea wall"', Role.PHRASE), ("-", Role.SIGN), ("in:", Role.FIELD), ("comment", Role.VALUE),
                 ("foo:", Role.UNKNOWN), ("(", Role.SIGN), ("OR", Role.OPERATOR), (")", Role.SIGN),
                 ('~"tides"', Role.MEANING)]  # fmt: skip
        assert found == [(said, line.get_component_rich_style(CLASSES[role])) for said, role in roles]


async def test_plain_words_stay_plain(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test():
        assert await coloured(app, until, "the old sea wall") == []


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
async def test_what_is_not_known_is_told_without_colour(app: BroadsheetApp, until: Until, theme: object) -> None:
    app.theme = theme.name  # type: ignore[attr-defined]
    async with app.run_test():
        ((_, style),) = await coloured(app, until, "foo:bar")
        assert style.underline


async def test_the_screen_shows_the_colours(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test(size=(80, 24)):
        await coloured(app, until, "foo:bar wall")
        line = app.screen.query_one(QueryLine)
        shown = {segment.text: segment.style for segment in line.render_line(0) if segment.text.strip()}
        assert shown["foo:"].underline
        assert not shown["bar wall"].underline


async def test_hostile_text_is_coloured_as_text(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test():
        await coloured(app, until, '[red]"x[/red]" \x1b[2J foo:[@click=app.bell]')
        assert app.screen.query_one(QueryLine)._value.plain == '[red]"x[/red]" [2J foo:[@click=app.bell]'
