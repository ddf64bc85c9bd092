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
_EPSILON: Final = 1e-12
_MICROSOFT: Final = "com.microsoft"  # onnxruntime's own fused operators


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
    places = tensors["embeddings.position_embeddings.weight"] + tensors["embeddings.token_type_embeddings.weight"][0]
    found = {
        "words": tensors["embeddings.word_embeddings.weight"],
        "places": places,
        "norm.scale": tensors["embeddings.LayerNorm.weight"],
        "norm.shift": tensors["embeddings.LayerNorm.bias"],
    }
    for layer in range(LAYERS):
        found |= {f"{layer}.{name}": array for name, array in _layer(tensors, f"encoder.layer.{layer}.").items()}
    return {name: np.ascontiguousarray(array, dtype=np.float32) for name, array in found.items()}


def _layer(tensors: Mapping[str, Array], prefix: str) -> dict[str, Array]:
    parts = [prefix + f"attention.self.{part}" for part in ("query", "key", "value")]
    return {
        "attention": np.concatenate([tensors[f"{part}.weight"].T for part in parts], axis=1),
        "attention.bias": np.concatenate([tensors[f"{part}.bias"] for part in parts]),
        "out": tensors[prefix + "attention.output.dense.weight"].T,
        "out.bias": tensors[prefix + "attention.output.dense.bias"],
        "out.scale": tensors[prefix + "attention.output.LayerNorm.weight"],
        "out.shift": tensors[prefix + "attention.output.LayerNorm.bias"],
        "inner": tensors[prefix + "intermediate.dense.weight"].T,
        "inner.bias": tensors[prefix + "intermediate.dense.bias"],
        "outer": tensors[prefix + "output.dense.weight"].T,
        "outer.bias": tensors[prefix + "output.dense.bias"],
        "outer.scale": tensors[prefix + "output.LayerNorm.weight"],
        "outer.shift": tensors[prefix + "output.LayerNorm.bias"],
    }


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
        _constants() + [_outside(name, shape) for name, shape in shapes().items()],
    )
    model = helper.make_model(
        graph,
        opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
        ir_version=9,
        producer_name="broadsheet",
    )
    return bytes(model.SerializeToString(deterministic=True))


def _nodes() -> list[Any]:
    from onnx import TensorProto

    nodes = [
        _node("Shape", ["ids"], "shape"),
        _node("Gather", ["shape", "one"], "length"),
        _node("Slice", ["places", "zero", "length", "zero"], "place"),
        _node("Gather", ["words", "ids"], "word"),
        _node("Add", ["word", "place"], "embedded"),
        _normalised("embedded", "norm", "0.in"),
        _node("Cast", ["mask"], "attended", to=TensorProto.INT32),
    ]
    for layer in range(LAYERS):
        nodes += _layer_nodes(layer)
    return [
        *nodes,
        _node("Cast", ["mask"], "kept", to=TensorProto.FLOAT),
        _node("Unsqueeze", ["kept", "last"], "column"),
        _node("Mul", [f"{LAYERS}.in", "column"], "tokens"),
        _node("ReduceSum", ["tokens", "one"], "sum", keepdims=0),  # unit length makes the mean of the sum
        _node("LpNormalization", ["sum"], "vectors", axis=-1, p=2),
    ]


def _layer_nodes(layer: int) -> list[Any]:
    at = f"{layer}."
    attention = [f"{at}in", f"{at}attention", f"{at}attention.bias", "attended"]
    return [
        _node("Attention", attention, f"{at}context", domain=_MICROSOFT, num_heads=HEADS),
        _node("MatMul", [f"{at}context", f"{at}out"], f"{at}mixed"),
        _node("Add", [f"{at}mixed", f"{at}out.bias"], f"{at}shifted"),
        _node("Add", [f"{at}shifted", f"{at}in"], f"{at}summed"),
        _normalised(f"{at}summed", f"{at}out", f"{at}middle"),
        _node("MatMul", [f"{at}middle", f"{at}inner"], f"{at}wide"),
        _node("Add", [f"{at}wide", f"{at}inner.bias"], f"{at}wider"),
        _node("Gelu", [f"{at}wider"], f"{at}active", domain=_MICROSOFT),
        _node("MatMul", [f"{at}active", f"{at}outer"], f"{at}narrow"),
        _node("Add", [f"{at}narrow", f"{at}outer.bias"], f"{at}back"),
        _node("Add", [f"{at}back", f"{at}middle"], f"{at}end"),
        _normalised(f"{at}end", f"{at}outer", f"{layer + 1}.in"),
    ]


def _node(operator: str, inputs: list[str], output: str, **attributes: Any) -> Any:
    from onnx import helper

    return helper.make_node(operator, inputs, [output], **attributes)


def _normalised(value: str, norm: str, output: str) -> Any:
    return _node("LayerNormalization", [value, f"{norm}.scale", f"{norm}.shift"], output, axis=-1, epsilon=_EPSILON)


def _constants() -> list[Any]:
    from onnx import numpy_helper

    values = {"zero": 0, "one": 1, "last": -1}
    return [numpy_helper.from_array(np.array([value], dtype=np.int64), name) for name, value in values.items()]


def _outside(name: str, shape: tuple[int, ...]) -> Any:
    """Return a weight that is promised but not there: it is handed over when the graph is opened."""
    from onnx import TensorProto

    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    for key, value in (("location", "weights"), ("offset", "0"), ("length", str(4 * int(np.prod(shape))))):
        tensor.external_data.add(key=key, value=value)
    return tensor


if __name__ == "__main__":
    GRAPH.write_bytes(serialised())
