"""The default model's forward pass as an ONNX graph without weights: ``python -m index.encode.graph`` writes it.

The graph is that of BERT (Devlin et al., 2019) with mean pooling and unit length, as all-MiniLM-L6-v2 prescribes. Its
few kilobytes are part of the package; the weights stay in the model's own verified file and are handed over when the
graph is opened, so nothing is converted, copied to disk or trusted twice. Only writing the graph needs ``onnx``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    Array = npt.NDArray[np.float32]

GRAPH: Final = Path(__file__).with_name("minilm.onnx")
LAYERS, HEADS, HIDDEN, INNER = 6, 12, 384, 1536
WORDS, POSITIONS = 30_522, 512
EPSILON: Final = 1e-12
MICROSOFT: Final = "com.microsoft"  # onnxruntime's own fused operators
_DENSE: Final = {
    "out": "attention.output",
    "inner": "intermediate",
    "outer": "output",
}  # as the model's file calls them


def shapes() -> dict[str, tuple[int, ...]]:
    """Return the name and shape of every weight the graph wants, all float32."""
    wanted: dict[str, tuple[int, ...]] = {"words": (WORDS, HIDDEN), "places": (POSITIONS, HIDDEN)}
    wanted |= {"norm.scale": (HIDDEN,), "norm.shift": (HIDDEN,)}
    for layer in range(LAYERS):
        wanted |= {
            f"{layer}.attention": (HIDDEN, 3 * HIDDEN),
            f"{layer}.attention.bias": (3 * HIDDEN,),
            f"{layer}.out": (HIDDEN, HIDDEN),
            f"{layer}.out.bias": (HIDDEN,),
            f"{layer}.out.scale": (HIDDEN,),
            f"{layer}.out.shift": (HIDDEN,),
            f"{layer}.inner": (HIDDEN, INNER),
            f"{layer}.inner.bias": (INNER,),
            f"{layer}.outer": (INNER, HIDDEN),
            f"{layer}.outer.bias": (HIDDEN,),
            f"{layer}.outer.scale": (HIDDEN,),
            f"{layer}.outer.shift": (HIDDEN,),
        }
    return wanted


def weights(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the graph's weights from the tensors of the model's file; raises ``KeyError`` where one is missing."""
    return plain_weights(tensors) | matrices(tensors)


def plain_weights(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return all weights but the matrices of the layers; raises ``KeyError`` where one is missing."""
    places = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    found = {"words": tensors["embeddings.word_embeddings.weight"], "places": places}
    found |= _norm(tensors, "embeddings.LayerNorm", "norm")
    for layer in range(LAYERS):
        at, prefix = f"{layer}.", f"encoder.layer.{layer}."
        biases = [tensors[f"{part}.bias"] for part in _attention(prefix)]
        found |= {f"{at}attention.bias": np.concatenate(biases)}
        found |= {f"{at}{name}.bias": tensors[f"{prefix}{theirs}.dense.bias"] for name, theirs in _DENSE.items()}
        found |= _norm(tensors, f"{prefix}attention.output.LayerNorm", f"{at}out")
        found |= _norm(tensors, f"{prefix}output.LayerNorm", f"{at}outer")
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in found.items()}


def matrices(tensors: Mapping[str, Array]) -> dict[str, Array]:
    """Return the matrices of the layers, (numbers in, numbers out); raises ``KeyError`` where one is missing."""
    found = {}
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}."
        parts = [tensors[f"{part}.weight"].T for part in _attention(prefix)]
        found[f"{layer}.attention"] = np.concatenate(parts, axis=1)
        found |= {f"{layer}.{name}": tensors[f"{prefix}{theirs}.dense.weight"].T for name, theirs in _DENSE.items()}
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in found.items()}


def _attention(prefix: str) -> list[str]:
    return [f"{prefix}attention.self.{part}" for part in ("query", "key", "value")]


def _norm(tensors: Mapping[str, Array], theirs: str, name: str) -> dict[str, Array]:
    return {f"{name}.scale": tensors[f"{theirs}.weight"], f"{name}.shift": tensors[f"{theirs}.bias"]}


def serialised() -> bytes:
    """Return the graph: ids and mask, (texts, tokens) int64, to vectors and sum, (texts, 384) float32 each.

    ``sum`` adds up the vectors of a text's tokens; ``vectors`` is the same, of unit length.
    """
    from onnx import TensorProto, helper

    long, single = TensorProto.INT64, TensorProto.FLOAT
    graph = helper.make_graph(
        _nodes(),
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, long, ["texts", "tokens"]) for name in ("ids", "mask")],
        [helper.make_tensor_value_info(name, single, ["texts", HIDDEN]) for name in ("vectors", "sum")],
        [constant(name, value) for name, value in (("zero", 0), ("one", 1), ("last", -1))]
        + [outside(name, shape, single, 4) for name, shape in shapes().items()],
    )
    return model(graph)


def model(graph: Any) -> bytes:
    """Return an ONNX graph as the bytes of a model file, the same for the same graph."""
    from onnx import helper

    made = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=9,
        producer_name="broadsheet",
    )
    return bytes(made.SerializeToString(deterministic=True))


def _nodes() -> list[Any]:
    from onnx import TensorProto

    nodes = [
        node("Shape", ["ids"], "shape"),
        node("Gather", ["shape", "one"], "length"),
        node("Slice", ["places", "zero", "length", "zero"], "place"),
        node("Gather", ["words", "ids"], "word"),
        node("Add", ["word", "place"], "embedded"),
        normalised("embedded", "norm", "0.in"),
        node("Cast", ["mask"], "attended", to=TensorProto.INT32),
    ]
    for layer in range(LAYERS):
        nodes += _layer_nodes(layer)
    return [
        *nodes,
        node("Cast", ["mask"], "kept", to=TensorProto.FLOAT),
        node("Unsqueeze", ["kept", "last"], "column"),
        node("Mul", [f"{LAYERS}.in", "column"], "tokens"),
        node("ReduceSum", ["tokens", "one"], "sum", keepdims=0),  # unit length makes the mean of the sum
        node("LpNormalization", ["sum"], "vectors", axis=-1, p=2),
    ]


def _layer_nodes(layer: int) -> list[Any]:
    at = f"{layer}."
    attention = [f"{at}in", f"{at}attention", f"{at}attention.bias", "attended"]
    return [
        node("Attention", attention, f"{at}context", domain=MICROSOFT, num_heads=HEADS),
        node("MatMul", [f"{at}context", f"{at}out"], f"{at}mixed"),
        node("Add", [f"{at}mixed", f"{at}out.bias"], f"{at}shifted"),
        node("Add", [f"{at}shifted", f"{at}in"], f"{at}summed"),
        normalised(f"{at}summed", f"{at}out", f"{at}middle"),
        node("MatMul", [f"{at}middle", f"{at}inner"], f"{at}wide"),
        node("Add", [f"{at}wide", f"{at}inner.bias"], f"{at}wider"),
        node("Gelu", [f"{at}wider"], f"{at}active", domain=MICROSOFT),
        node("MatMul", [f"{at}active", f"{at}outer"], f"{at}narrow"),
        node("Add", [f"{at}narrow", f"{at}outer.bias"], f"{at}back"),
        node("Add", [f"{at}back", f"{at}middle"], f"{at}end"),
        normalised(f"{at}end", f"{at}outer", f"{layer + 1}.in"),
    ]


def node(operator: str, inputs: list[str], output: str, **attributes: Any) -> Any:
    """Return one step of a graph."""
    from onnx import helper

    return helper.make_node(operator, inputs, [output], **attributes)


def normalised(value: str, norm: str, output: str) -> Any:
    """Return the node that brings each row of a value to the mean and variance that a norm's weights say."""
    return node("LayerNormalization", [value, f"{norm}.scale", f"{norm}.shift"], output, axis=-1, epsilon=EPSILON)


def constant(name: str, value: int) -> Any:
    """Return a whole number that operators take as a tensor."""
    from onnx import numpy_helper

    return numpy_helper.from_array(np.array([value], dtype=np.int64), name)


def outside(name: str, shape: tuple[int, ...], kind: int, size: int) -> Any:
    """Return a weight that is promised but not there: it is handed over when the graph is opened.

    ``kind`` is one of ONNX's types, ``size`` how many bytes a number of it has.
    """
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "weights"), ("offset", "0"), ("length", str(size * int(np.prod(shape))))):
        tensor.external_data.add(key=key, value=value)
    return tensor


if __name__ == "__main__":
    GRAPH.write_bytes(serialised())
