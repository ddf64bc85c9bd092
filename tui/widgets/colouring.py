"""The colours of the query line: what the parser takes for a field, a phrase, a sign, and what it does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from search.pieces import Role, is_prepared, pieces

if TYPE_CHECKING:
    from textual.widget import Widget

    from search.pieces import Piece

CLASSES: Final = {role: f"query-line--{role}" for role in Role}
"""The component class whose style each kind of piece has."""


class Styled(Protocol):
    """Text as an input renders it."""

    plain: str

    def stylize(self, style: Any, start: int, end: int) -> None:
        """Put a style on the characters ``[start, end)``."""


T = TypeVar("T", bound=Styled)


class Colouring:
    """Colours the text of a widget that has the component classes ``CLASSES``; the text itself stays as it is.

    Until the parser is imported there are no colours: a key press does not wait for it.
    """

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._known: tuple[str, tuple[Piece, ...]] = ("", ())

    def __call__(self, text: T) -> T:
        """Put the styles on the text: what an input asks of its highlighter."""
        if is_prepared():
            if self._known[0] != text.plain:
                self._known = text.plain, pieces(text.plain)
            for piece in self._known[1]:
                text.stylize(self._widget.get_component_rich_style(CLASSES[piece.role]), piece.start, piece.end)
        return text
