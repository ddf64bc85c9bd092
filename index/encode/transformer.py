"""Any other sentence-transformers model. Importing this module is cheap; torch is loaded with the first text."""

from __future__ import annotations

import logging
import os
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.encode import model_files
from index.encode.protocol import ModelCard
from index.encode.windows import spans
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encode.protocol import Vectors

BATCH: Final = 8


class TransformerEncoder:
    """One sentence-transformers model; safe to use from several threads, which take turns."""

    is_instant = False

    def __init__(self, name: str, *, may_fetch: bool) -> None:
        self._name = name
        self._may_fetch = may_fetch
        self._folder = model_files.locate(name)
        self._model: Any = None
        self._card: ModelCard | None = None
        self._tokenizer: Any = None
        self._lock = threading.RLock()

    @property
    def card(self) -> ModelCard:
        """Say which model this is; loads it."""
        with self._lock:
            if self._card is None:
                self._card = self._describe(self._loaded())
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

    def encode_question(self, text: str) -> Vectors:
        """Return the unit vector of a question, (dimension,) float32, encoded as passages are."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return, for each text, the overlapping character spans that each fit the model's window."""
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                self._tokenizer = Tokenizer.from_str(self._loaded().tokenizer.backend_tokenizer.to_str())
                self._tokenizer.no_padding()
                self._tokenizer.no_truncation()
        return spans(texts, self._tokenizer, self.card.window)

    def _loaded(self) -> Any:
        with self._lock:
            if self._model is None:
                self._model = self._load()
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
            if not self._may_fetch:
                raise
            return _open(SentenceTransformer, self._name, local=False)  # the user named a hub model

    def _describe(self, model: Any) -> ModelCard:
        dimension, window = model.get_embedding_dimension(), model.max_seq_length
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
