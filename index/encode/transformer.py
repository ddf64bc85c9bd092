"""The sentence-transformers encoder. Importing this module is cheap; torch is loaded with the first text."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.encode import DEFAULT_MODEL, model_files
from index.encode.protocol import ModelCard
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from index.encode.protocol import Vectors

BATCH: Final = 8  # small batches of like length are fastest on a CPU; see docs/architecture.md
OVERLAP: Final = 4  # neighbouring windows share a quarter of their tokens
_CARD_FILE: Final = {"dimension": 384, "window": 256}  # of the default model, so that its card costs no torch


class TransformerEncoder:
    """One sentence-transformers model; safe to use from several threads, which take turns."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._folder = model_files.locate(name)
        self._model: Any = None
        self._tokenizer: Tokenizer | None = None
        self._card: ModelCard | None = None
        self._lock = threading.RLock()
        if name == DEFAULT_MODEL and self._folder is not None:
            sha256 = model_files.verify(name, self._folder)
            self._card = ModelCard(name, model_files.PACKAGE, sha256, **_CARD_FILE)

    @property
    def card(self) -> ModelCard:
        """Say which model this is; loads a model that is not the default one."""
        if self._card is None:
            self._loaded()
        if self._card is None:
            raise ModelError(f"{self._name} tells neither its dimension nor its window; choose another --model")
        return self._card

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, dimension) float32."""
        with self._lock:
            vectors = self._loaded().encode(
                list(texts),
                batch_size=BATCH,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return, for each text, the overlapping character spans that each fit the model's window."""
        size = self.card.window - 2  # the two marks every text gets
        spans: list[list[tuple[int, int]]] = [[(0, len(words))] for words in texts]
        long = [place for place, words in enumerate(texts) if len(words) > size or not words.isascii()]
        if not long:
            return spans
        found = self._tokens().encode_batch([texts[place] for place in long], add_special_tokens=False)
        for place, tokens in zip(long, found, strict=True):
            if len(tokens.offsets) > size:
                spans[place] = _windows(tokens.offsets, size)
        return spans

    def _tokens(self) -> Tokenizer:
        """Return the model's tokenizer, which needs no torch where its file is at hand."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = self._read_tokenizer()
                self._tokenizer.no_truncation()
                self._tokenizer.no_padding()
            return self._tokenizer

    def _read_tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        file = self._folder / "tokenizer.json" if self._folder is not None else None
        if file is not None and file.is_file():
            return Tokenizer.from_file(str(file))
        backend = self._loaded().tokenizer.backend_tokenizer
        return Tokenizer.from_str(backend.to_str())

    def _loaded(self) -> Any:  # the library is imported on demand, so its type has no name here
        with self._lock:
            if self._model is None:
                self._model = self._load()
                if self._card is None:
                    self._card = self._describe(self._model)
            return self._model

    def _load(self) -> Any:
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        from sentence_transformers import SentenceTransformer  # seconds, and only to encode
        from transformers.utils import logging as library_logging

        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        library_logging.set_verbosity_error()
        library_logging.disable_progress_bar()

        if self._folder is not None:
            model_files.verify(self._name, self._folder)
            return _open(SentenceTransformer, str(self._folder), local=True)
        try:
            return _open(SentenceTransformer, self._name, local=True)
        except ModelError:
            return _open(SentenceTransformer, self._name, local=False)  # the user named a hub model

    def _describe(self, model: Any) -> ModelCard:
        dimension, window = model.get_sentence_embedding_dimension(), model.max_seq_length
        if not dimension or not window:
            raise ModelError(f"{self._name} tells neither its dimension nor its window; choose another --model")
        revision = str(getattr(model[0].auto_model.config, "_commit_hash", None) or "local")
        sha256 = model_files.verify(self._name, self._folder) if self._folder is not None else "-"
        return ModelCard(self._name, revision, sha256, int(dimension), int(window))


def _open(library: Any, name: str, *, local: bool) -> Any:
    try:
        return library(
            name,
            local_files_only=local,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        reason = str(error).strip().split("\n", 1)[0]
        raise ModelError(f"the model {name!r} cannot be loaded ({reason}); choose another --model") from error


def _windows(tokens: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    """Return character spans of ``size`` tokens each, neighbours sharing a quarter, the last one full too."""
    step = size - size // OVERLAP
    starts = [*range(0, len(tokens) - size, step), len(tokens) - size]
    return [(tokens[start][0], tokens[start + size - 1][1]) for start in starts]
