"""The one door through which containers have their HTML read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.model import Article


def read_html(html: str, name: str, url: str | None) -> Article:
    """Return the article on a page; ``url`` is where the container says it was."""
    from index.sources import html_page  # loads trafilatura: a second, for HTML only

    return html_page.read(html, name)
