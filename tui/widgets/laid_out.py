"""Text laid out anew for whatever width it is given, where wrapping alone would not look well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.visual import Visual

from tui import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.content import Content
    from textual.css.styles import RulesMap
    from textual.strip import Strip
    from textual.style import Style
    from textual.visual import RenderOptions


class LaidOut(Visual):
    """Something that knows its lines at every width."""

    def __init__(self) -> None:
        self._laid_out: tuple[int, Content] | None = None

    def lines(self, width: int) -> Iterable[Content]:
        """Return the lines at ``width``; those that are too wide are wrapped."""
        raise NotImplementedError

    def content(self, width: int) -> Content:
        """Return the whole at ``width``."""
        if self._laid_out is None or self._laid_out[0] != width:
            self._laid_out = (width, text.join(self.lines(width), "\n"))
        return self._laid_out[1]

    def render_strips(self, width: int, height: int | None, style: Style, options: RenderOptions) -> list[Strip]:
        """Return it as lines of the terminal."""
        return self.content(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Return all the width there is."""
        return container_width

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return the number of lines at ``width``."""
        return self.content(width).get_height(rules, width)


def entry(label: Content, meaning: Content, column: int, width: int) -> Iterator[Content]:
    """Yield a label and, from ``column`` on, what it means; a long meaning keeps to its column."""
    first, *rest = meaning.wrap(max(width - column, 1))
    yield label.pad_right(column - label.cell_length) + first
    for part in rest:
        yield text.plain(" " * column) + part
