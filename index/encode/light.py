"""The default model through ONNX Runtime: the same vectors as sentence-transformers, without torch.

The graph is part of the package (``index.encode.graph``); the weights are mapped from the model's own file, whose
sha256 is checked first. Loading takes a fraction of a second, a short query a few milliseconds.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from index.encode import DEFAULT_MODEL, model_files
from index.encode.forward import Forward
from index.encode.graph import HIDDEN
from index.encode.protocol import ModelCard
from index.encode.questions import QuestionForward
from index.encode.windows import spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from index.encode.protocol import Vectors

WINDOW: Final = 256  # tokens the model was trained for; it could take more


class LightEncoder:
    """The default model; safe to use from several threads."""

    is_instant = False

    def __init__(self) -> None:
        self._folder = model_files.packaged()
        sha256 = model_files.verify(DEFAULT_MODEL, self._folder)
        self._card = ModelCard(DEFAULT_MODEL, model_files.PACKAGE, sha256, HIDDEN, WINDOW)
        self._lock = threading.Lock()
        self._forward = Forward(self._folder / model_files.WEIGHTS)
        self._questions = QuestionForward(self._folder / model_files.WEIGHTS)
        self._tokenizer: Tokenizer | None = None

    @property
    def card(self) -> ModelCard:
        """Say which model this is."""
        return self._card

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, 384) float32; what lies beyond the window is not looked at."""
        encodings = self._tokens().encode_batch(model_files.joined(texts))
        return self._forward.run([_fitting(tokens.ids) for tokens in encodings])

    def encode_question(self, text: str) -> Vectors:
        """Return the unit vector of a question, (384,) float32, from the model at eight bits."""
        tokens = self._tokens().encode(model_files.joined([text])[0])
        return self._questions.run(_fitting(tokens.ids))

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return, for each text, the overlapping character spans that each fit the model's window."""
        return spans(texts, self._tokens(), WINDOW)

    def _tokens(self) -> Tokenizer:
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = model_files.tokenizer(self._folder)
            return self._tokenizer


def _fitting(tokens: Sequence[int]) -> Sequence[int]:
    """Return the tokens of one text cut to the window, its closing mark kept."""
    return tokens if len(tokens) <= WINDOW else [*tokens[: WINDOW - 1], tokens[-1]]
