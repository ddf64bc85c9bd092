"""Texts become unit vectors; ``open_encoder`` is the one place that knows which encoders there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.encode.protocol import Encoder

DEFAULT_MODEL = "all-MiniLM-L6-v2"
STATIC_MODEL = "static"
HASH_MODEL = "hash"
NO_MODEL = "none"  # words only: what commands take in place of a name


def open_encoder(name: str = DEFAULT_MODEL, *, may_fetch: bool = True) -> Encoder:
    """Return the encoder of that name, its weights not loaded yet.

    ``all-MiniLM-L6-v2`` is the default model from the installed package; ``static`` adds up vectors of tokens that
    are distilled from it; ``hash`` compares words only and needs no weights; any other name is a
    sentence-transformers model, by hub name or folder. A hub model that is not on this machine is fetched only if it
    ``may_fetch``: where a user named it, never where an index did. Raises ``ModelError``.
    """
    if name == HASH_MODEL:
        from index.encode.hashing import HashEncoder

        return HashEncoder()
    if name == STATIC_MODEL:
        from index.encode.static import StaticEncoder

        return StaticEncoder()
    if name == DEFAULT_MODEL:
        from index.encode.light import LightEncoder

        return LightEncoder()
    from index.encode.transformer import TransformerEncoder

    return TransformerEncoder(name, may_fetch=may_fetch)
