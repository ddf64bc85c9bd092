"""What an encoder is: the seam behind which real models and the hash encoder of the tests are equals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model made a vector; vectors of different cards are never compared."""

    name: str
    revision: str
    sha256: str
    """Hash of the weights."""
    dimension: int
    window: int
    """How many of the model's own tokens one text may have."""

    @property
    def identity(self) -> str:
        """The key under which its embeddings are cached."""
        return f"{self.name}@{self.revision}:{self.sha256}:{self.window}"


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    @property
    def card(self) -> ModelCard:
        """Say which model this is."""

    @property
    def is_instant(self) -> bool:
        """Whether encoding a text again takes no longer than looking up what came of it before."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, dimension) float32."""

    def encode_question(self, text: str) -> Vectors:
        """Return the unit vector of what somebody asks, (dimension,) float32: always the same for a text.

        It may be encoded more coarsely than passages are, where that is quicker and costs no measurable quality.
        """

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return, for each text, the overlapping character spans that each fit the model's window."""
