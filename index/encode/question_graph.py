"""The default model's forward pass for one question, its matrices at eight bits.

``python -m index.encode.question_graph`` writes it. It is the same BERT as in ``index.encode.graph``, without what only
batches need. Its products are ``MatMulNBits``, onnxruntime's own operator: each run of ``BLOCK`` weights has a scale of
its own, and so has each run of numbers they meet. Its few kilobytes are part of the package; only writing it needs
``onnx``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from index.encode import graph
from index.encode.graph import HEADS, HIDDEN, INNER, LAYERS, MICROSOFT, node, outside

QUESTION_GRAPH: Final = Path(__file__).with_name("minilm-question.onnx")
BLOCK: Final = 64  # weights that share a scale
BITS: Final = 8
_INT8_ARITHMETIC: Final = 4  # of MatMulNBits' levels of accuracy
_EMBEDDINGS: Final = ("words", "places")  # looked up before the graph begins


def matrices() -> dict[str, tuple[int, int]]:
    """Return the name and shape, (numbers in, numbers out), of every matrix at eight bits."""
    each = {
        "attention": (HIDDEN, 3 * HIDDEN),
        "out": (HIDDEN, HIDDEN),
        "inner": (HIDDEN, INNER),
        "outer": (INNER, HIDDEN),
    }
    return {f"{layer}.{name}": shape for layer in range(LAYERS) for name, shape in each.items()}


def exact_weights() -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every weight the graph wants in float32."""
    left_out = {*matrices(), *_EMBEDDINGS}
    return {name: shape for name, shape in graph.shapes().items() if name not in left_out}


def serialised() -> bytes:
    """Return the graph: embedded tokens of one text, (1, tokens, 384) float32, to its unit vector, (1, 384) float32."""
    from onnx import TensorProto, helper

    single = TensorProto.FLOAT
    weights = [outside(name, shape, single, 4) for name, shape in exact_weights().items()]
    for name, (rows, columns) in matrices().items():
        blocks = rows // BLOCK
        weights.append(outside(f"{name}.codes", (columns, blocks, BLOCK), TensorProto.UINT8, 1))
        weights.append(outside(f"{name}.scales", (columns * blocks,), single, 4))
    whole = helper.make_graph(
        _nodes(),
        "all-MiniLM-L6-v2 for questions",
        [helper.make_tensor_value_info("embedded", single, [1, "tokens", HIDDEN])],
        [helper.make_tensor_value_info("vectors", single, [1, HIDDEN])],
        [graph.constant("one", 1), *weights],
    )
    return graph.model(whole)


def _nodes() -> list[Any]:
    nodes = [graph.normalised("embedded", "norm", "0.in")]
    for layer in range(LAYERS):
        nodes += _layer_nodes(f"{layer}.", f"{layer + 1}.in")
    return [
        *nodes,
        node("ReduceSum", [f"{LAYERS}.in", "one"], "sum", keepdims=0),
        node("LpNormalization", ["sum"], "vectors", axis=-1, p=2),
    ]


def _layer_nodes(at: str, output: str) -> list[Any]:
    from onnx import helper

    parts = [f"{at}{part}" for part in ("query", "key", "value")]
    return [
        _product(f"{at}in", f"{at}attention", f"{at}parts"),
        helper.make_node("Split", [f"{at}parts"], parts, axis=-1),
        node("MultiHeadAttention", parts, f"{at}context", domain=MICROSOFT, num_heads=HEADS),
        _product(f"{at}context", f"{at}out", f"{at}mixed"),
        node("Add", [f"{at}mixed", f"{at}in"], f"{at}summed"),
        graph.normalised(f"{at}summed", f"{at}out", f"{at}middle"),
        _product(f"{at}middle", f"{at}inner", f"{at}wide"),
        node("Gelu", [f"{at}wide"], f"{at}active", domain=MICROSOFT),
        _product(f"{at}active", f"{at}outer", f"{at}narrow"),
        node("Add", [f"{at}narrow", f"{at}middle"], f"{at}end"),
        graph.normalised(f"{at}end", f"{at}outer", output),
    ]


def _product(value: str, matrix: str, output: str) -> Any:
    """Return the node that multiplies by a matrix and adds its bias."""
    rows, columns = matrices()[matrix]
    inputs = [value, f"{matrix}.codes", f"{matrix}.scales", "", "", f"{matrix}.bias"]
    how = {"K": rows, "N": columns, "bits": BITS, "block_size": BLOCK, "accuracy_level": _INT8_ARITHMETIC}
    return node("MatMulNBits", inputs, output, domain=MICROSOFT, **how)


if __name__ == "__main__":
    QUESTION_GRAPH.write_bytes(serialised())
