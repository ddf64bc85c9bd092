"""The default model's forward pass on ONNX Runtime: token ids in, vectors out.

A few texts go through one session whose threads work together, for an answer as soon as can be. Many go through
another, one batch of like length to each core at a time: cores that need not wait for each other finish more of them.
Where ONNX Runtime has CUDA, many texts go there instead.
"""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from index.encode import runtime, safetensors
from index.encode.graph import GRAPH, HIDDEN, shapes, weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.encode.protocol import Vectors

    Output = Literal["vectors", "sum"]

BATCH: Final = 256  # tokens: what one core has in hand stays in its own cache
CUDA_BATCH: Final = 16_384
MANY: Final = 2048  # tokens: from there on the session for many is worth opening
_CPU: Final = "CPUExecutionProvider"
_CUDA: Final = "CUDAExecutionProvider"


class Forward:
    """The model of one weights file, loaded with the first text; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._few: Any = None
        self._many: Any = None

    def run(self, texts: Sequence[Sequence[int]], output: Output = "vectors") -> Vectors:
        """Return one vector a text, (n, 384) float32: of unit length, or the sum over its tokens.

        ``texts`` are token ids, marks included, at least one and at most 512 a text.
        """
        vectors = np.empty((len(texts), HIDDEN), dtype=np.float32)
        lengths = [len(text) for text in texts]

        def fill(session: Any, places: Sequence[int]) -> None:
            vectors[places] = session.run([output], _padded([texts[place] for place in places]))[0]

        if sum(lengths) < MANY:
            session = self._for_few()
            for places in batches(lengths, BATCH):
                fill(session, places)
            return vectors
        from concurrent.futures import ThreadPoolExecutor  # a question does without

        session = self._for_many()
        on_cuda = session.get_providers()[0] == _CUDA
        with ThreadPoolExecutor(1 if on_cuda else _cores(), thread_name_prefix="encoding") as pool:
            for _ in pool.map(lambda places: fill(session, places), batches(lengths, CUDA_BATCH if on_cuda else BATCH)):
                pass  # what went wrong in a thread is raised here
        return vectors

    def _for_few(self) -> Any:
        with self._lock:
            if self._few is None:
                self._few = _session(self._file, 0, (_CPU,))
            return self._few

    def _for_many(self) -> Any:
        with self._lock:
            if self._many is None:
                self._many = _session(self._file, 1, providers(runtime.onnx().get_available_providers()))
            return self._many


def batches(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Return the places of texts, the longest first, in batches of at most ``most`` tokens, padding included.

    A text that is longer by itself is a batch of its own.
    """
    found: list[list[int]] = []
    room = 0
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if not room:
            found.append([])
            room = max(1, most // max(1, lengths[place]))
        found[-1].append(place)
        room -= 1
    return found


def providers(available: Iterable[str]) -> tuple[Any, ...]:
    """Return where many texts are encoded: CUDA where there is any, in full float32, else the processor."""
    return ((_CUDA, {"use_tf32": "0"}), _CPU) if _CUDA in available else (_CPU,)


def _padded(texts: Sequence[Sequence[int]]) -> dict[str, Any]:
    ids = np.zeros((len(texts), max(map(len, texts))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(texts):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return {"ids": ids, "mask": mask}


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _session(file: Path, threads: int, chosen: Sequence[Any]) -> Any:
    """Open the graph with the weights of a file; ``threads`` 0 is one a core."""
    onnxruntime = runtime.onnx()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # Threads that spin after each run would starve the search that follows.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    values, names = weights(safetensors.tensors(file)), list(shapes())
    held = [onnxruntime.OrtValue.ortvalue_from_numpy(values[name]) for name in names]
    options.add_external_initializers(names, held)
    return onnxruntime.InferenceSession(str(GRAPH), options, providers=list(chosen))
