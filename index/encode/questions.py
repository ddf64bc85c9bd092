"""One question through the default model at eight bits: token ids in, a vector out, in half the time.

A question is short, so that most of the time goes into reading weights: a quarter of the bytes are read here. Passages
are encoded by ``index.encode.forward``, in full; docs/quality.md says what the difference costs. One thread does it:
for so few tokens a second one costs more than it helps, and the search goes on beside.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from index.encode import runtime, safetensors
from index.encode.eight_bits import eight_bits
from index.encode.graph import matrices, plain_weights
from index.encode.question_graph import QUESTION_GRAPH, exact_weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encode.protocol import Vectors


class QuestionForward:
    """The model of one weights file, loaded with the first question; safe to use from several threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._parts: tuple[Any, Vectors, Vectors] | None = None

    def run(self, tokens: Sequence[int]) -> Vectors:
        """Return the vector of a text, (384,) float32 of unit length, given its token ids, marks included."""
        with self._lock:
            session, words, places = self._parts = self._parts or self._loaded()
        embedded = words[tokens] + places[: len(tokens)]
        vector: Vectors = session.run(["vectors"], {"embedded": embedded[None]})[0][0]
        return vector

    def _loaded(self) -> tuple[Any, Vectors, Vectors]:
        tensors = safetensors.tensors(self._file)
        exact = plain_weights(tensors)
        values = {name: exact[name] for name in exact_weights()} | eight_bits(lambda: matrices(tensors))
        return _session(values), exact["words"], exact["places"]


def _session(values: dict[str, Any]) -> Any:
    onnxruntime = runtime.onnx()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    # The next level joins Add and LayerNormalization into one operator, which takes six times as long.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    held = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in values.values()]
    options.add_external_initializers(list(values), held)
    return onnxruntime.InferenceSession(str(QUESTION_GRAPH), options, providers=["CPUExecutionProvider"])
