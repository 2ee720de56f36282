"""Integers stand for fractions as well as eight bits can, and a row of them hangs on nothing but itself."""

from __future__ import annotations

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import TensorProto, numpy_helper
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info

from intelligence.text.quantised import LARGEST, MIDDLE, multiplying_integers

ROWS, WIDTH, COLUMNS = 5, 384, 6
INTEGERS = np.random.default_rng(0).integers(-127, 128, (WIDTH, COLUMNS)).astype(np.int8)
SCALES = np.linspace(0.001, 0.1, COLUMNS, dtype=np.float32)[None]
VALUES = np.random.default_rng(1).normal(size=(1, ROWS, WIDTH)).astype(np.float32)


def _model() -> onnx.ModelProto:
    """Two products of the same rows with the same kept integers, as a layer of a network has several."""
    nodes = [
        make_node("Cast", ["integers"], ["cast"], to=TensorProto.FLOAT),
        make_node("Mul", ["cast", "scales"], ["matrix"]),
        make_node("MatMul", ["rows", "matrix"], ["product"]),
        make_node("MatMul", ["rows", "matrix"], ["again"]),
    ]
    rows = make_tensor_value_info("rows", TensorProto.FLOAT, [1, None, WIDTH])
    made = [make_tensor_value_info(name, TensorProto.FLOAT, [1, None, COLUMNS]) for name in ("product", "again")]
    kept = [numpy_helper.from_array(INTEGERS, "integers"), numpy_helper.from_array(SCALES, "scales")]
    graph = make_graph(nodes, "layer", [rows], made, kept)
    return make_model(graph, opset_imports=[make_opsetid("", 17)], ir_version=10)


def _products(rows: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    session = onnxruntime.InferenceSession(multiplying_integers(_model()).SerializeToString())
    return [np.asarray(product) for product in session.run(None, {"rows": rows})]


def test_integers_give_nearly_what_fractions_give() -> None:
    exact = VALUES @ (INTEGERS * SCALES)
    for product in _products(VALUES):
        assert np.abs(product - exact).max() < 0.03 * np.abs(exact).max()


def test_a_row_far_larger_than_another_does_not_coarsen_it() -> None:
    beside = VALUES.copy()
    beside[0, 1:] *= 1_000
    alone, together = _products(VALUES[:, :1])[0], _products(beside)[0]
    assert np.array_equal(alone[0, 0], together[0, 0])


def test_no_two_products_are_too_much_for_sixteen_bits() -> None:
    """Some processors add them in pairs, and would cut off what is more."""
    model = multiplying_integers(_model())
    kept = next(numpy_helper.to_array(one) for one in model.graph.initializer if one.name == "integers")
    sides = [np.maximum(kept.astype(int), 0), np.maximum(-kept.astype(int), 0)]
    assert max(int((side[0::2] + side[1::2]).max()) for side in sides) * (LARGEST + MIDDLE) < 2**15
