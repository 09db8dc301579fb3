"""Ops on single elements, reductions, products."""

import ml_dtypes
import numpy as np
import tensorflow as tf
from sweep_case import Case, Const, Made, allowed, const

UNARY = (
    "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor Imag IsFinite IsInf IsNan LeakyRelu Log "
    "Log1p LogSoftmax Neg OnesLike Real Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax Softplus "
    "Sqrt Square Tan Tanh ZerosLike Rank Shape Size Snapshot StopGradient Where"
).split()
BINARY = (
    "Add AddV2 Sub Mul Div RealDiv DivNoNan FloorDiv FloorMod Mod Maximum Minimum Pow SquaredDifference Atan2 "
    "Equal NotEqual Greater GreaterEqual Less LessEqual BitwiseAnd"
).split()

NEAR_ZERO = ("Acos", "Asin", "Atanh")
ABOVE_ONE = ("Acosh", "Log", "Rsqrt", "Sqrt", "Log1p")


def numpy_type(name):
    """Of the types that NumPy has only with ml_dtypes, too."""
    return {"bfloat16": ml_dtypes.bfloat16, "string": object}.get(name) or np.dtype(name)


def sample(name, second=False):
    """Eight ordinary values of a type: no overflow in 32 bits."""
    if name == "string":
        return np.array([b"a", b"B", b"", b"d", b"a", b"ab", b"x", b"z"], object).reshape(2, 4)
    if name == "bool":
        return np.array([1, 1, 0, 0, 1, 0, 1, 0] if second else [1, 0, 1, 0, 1, 1, 0, 1], bool).reshape(2, 4)
    if name.startswith(("float", "bfloat")):
        values = [2, -1.5, 0.5, 3, -2, 2, 1.5, -0.5] if second else [-2.5, -1.5, -0.5, 0.25, 0.5, 1.5, 2.5, 3]
    elif name.startswith("complex"):
        values = [1 + 2j, -1, 2j, 1.5, -1j, 2, 3 - 1j, 1] if second else [1, 2 - 1j, -3, 0.5j, 1j, -1 - 1j, 2, 4]
    elif name.startswith("uint"):
        values = [3, 2, 7, 2, 3, 5, 2, 1] if second else [1, 2, 3, 5, 7, 100, 200, 250]
    else:
        values = [2, -3, 2, 3, -2, 2, 3, 5] if second else [-100, -7, -1, 1, 2, 7, 50, 120]
    return np.array(values).astype(numpy_type(name)).reshape(2, 4)


def unary():
    """Each op in each type."""
    for op in UNARY:
        for name in allowed(op):
            x = sample(name)
            if op in NEAR_ZERO:
                x = (x / 4).astype(x.dtype) if x.dtype.kind != "O" else x
            if op in ABOVE_ONE and x.dtype.kind not in "OcbV":
                x = (np.abs(x.astype(np.float64)) + 1).astype(x.dtype)
            argument = {"Softmax": "logits", "LogSoftmax": "logits", "Rank": "input", "Shape": "input", "Size": "input"}
            names = {"Where": "condition", "Real": "input", "Imag": "input", "Snapshot": "input", "StopGradient": "input"}
            features = dict.fromkeys(["Elu", "LeakyRelu", "Relu", "Relu6", "Selu", "Softplus"], "features")
            names = {**argument, **names, **features}
            attrs = {"Tout": "float32" if name == "complex64" else "float64"} if op in ("Real", "Imag") else {}
            yield Case(op, {names.get(op, "input" if op == "StopGradient" else "x"): x}, attrs)
    x = sample("float32")
    yield Case("LeakyRelu", {"features": x}, {"alpha": 0.3})
    yield Case("Softmax", {"logits": x[0]})
    yield Case("Softmax", {"logits": np.stack([x, x * 2])})
    yield Case("LogSoftmax", {"logits": np.stack([x, x * 2])})
    for op in ("Shape", "Size"):
        yield Case(op, {"input": x}, {"out_type": "int64"})
    yield Case("ShapeN", {"input": [x, x[0]]}, {"out_type": "int32"})
    yield Case("ComplexAbs", {"x": sample("complex64")}, {"Tout": "float32"})
    yield Case("Complex", {"real": x, "imag": x * 2})
    yield Case("LogicalNot", {"x": sample("bool")})
    for op in ("LogicalAnd", "LogicalOr"):
        yield Case(op, {"x": sample("bool"), "y": sample("bool", True)})
    for name in allowed("ClipByValue"):
        values = np.array([1, 5], numpy_type(name)) if name not in ("string", "bool") else None
        if values is not None:
            inputs = {"t": sample(name), "clip_value_min": values[0:1].reshape(()), "clip_value_max": values[1:].reshape(())}
            yield Case("ClipByValue", inputs)
    yield Case("ClipByValue", {"t": x, "clip_value_min": x * 0, "clip_value_max": np.abs(x)})
    yield Case("AddN", {"inputs": [x, x, x]})
    yield Case("AddN", {"inputs": [sample("uint8"), sample("uint8")]})


def binary():
    """Each op in each type, and with shapes that are not the same."""
    for op in BINARY:
        for name in allowed(op):
            yield Case(op, {"x": sample(name), "y": sample(name, True)})
        for name in ("float32", "int32"):
            if name in allowed(op):
                x = sample(name)
                y = np.abs(sample(name, True)) if op == "Pow" else sample(name, True)
                yield Case(op, {"x": x, "y": y})
                yield Case(op, {"x": x[:, :1], "y": y[:1]})
                yield Case(op, {"x": x, "y": y[0, 0].reshape(())})
                yield Case(op, {"x": x[:0], "y": y[:0]})
    yield Case("BiasAdd", {"value": sample("float32"), "bias": sample("float32")[0]})
    bias = sample("float32")[0, :2]
    yield Case("BiasAdd", {"value": np.ones([1, 2, 2, 2], np.float32), "bias": bias}, {"data_format": "NCHW"})
    big = np.array([2**30, -(2**31), 123456789], np.int32)
    for op in ("Mul", "AddV2", "Sub"):
        yield Case(op, {"x": big, "y": big[::-1].copy()})


def reductions():
    """Over one axis, all of them and none."""
    for op in ("Max", "Mean", "Min", "Sum", "Prod", "EuclideanNorm", "All", "Any"):
        types = ["bool"] if op in ("All", "Any") else allowed(op)
        for name in types:
            yield Case(op, {"input": sample(name), "axis": const([1])})
        x = sample(types[0])
        for axis in ([0], [-1], [0, 1], [], 1):
            for keep in (False, True):
                yield Case(op, {"input": x, "axis": const(axis)}, {"keep_dims": keep})
        yield Case(op, {"input": x[0, 0].reshape(()), "axis": const([])})
        yield Case(op, {"input": x, "axis": const([1], np.int64)})
        yield Case(op, {"input": x[:, :0], "axis": const([1])})
        yield Case(op, {"input": np.stack([x, x]), "axis": const([0, 2])})
        yield Case(op, {"input": np.stack([[x, x]]), "axis": const([1])})
    for op in ("ArgMax", "ArgMin"):
        for name in allowed(op):
            yield Case(op, {"input": sample(name), "dimension": const(1)})
        for dimension in (0, -1, -2):
            yield Case(op, {"input": sample("float32"), "dimension": const(dimension)}, {"output_type": "int32"})
        yield Case(op, {"input": np.ones([2, 3], np.float32), "dimension": const(1)})
    for op in ("Cumsum", "Cumprod"):
        for name in allowed(op):
            yield Case(op, {"x": sample(name), "axis": const(1)})
        for axis in (0, -1):
            for exclusive in (False, True):
                for reverse in (False, True):
                    attrs = {"exclusive": exclusive, "reverse": reverse}
                    yield Case(op, {"x": sample("float32"), "axis": const(axis)}, attrs)
        cube = np.arange(1, 9, dtype=np.float32).reshape(2, 2, 2)
        yield Case(op, {"x": cube, "axis": const(1)})


def counting():
    """Numbers of equal elements, and where they would go."""
    numbers = np.array([1, 0, 2, 1, 5, 1], np.int32)
    nothing = np.zeros([0], np.float32)
    weights = np.array([0.5, 1, 2, 3, 4, 5], np.float32)
    yield Case("Bincount", {"arr": numbers, "size": const(4), "weights": nothing})
    yield Case("Bincount", {"arr": numbers, "size": const(4), "weights": weights})
    for name in ("int32", "int64", "float64"):
        yield Case("Bincount", {"arr": numbers, "size": const(4), "weights": weights.astype(name)})
    for binary in (False, True):
        attrs = {"binary_output": binary}
        for name in ("float32", "int32"):
            yield Case("DenseBincount", {"input": numbers, "size": const(4), "weights": nothing.astype(name)}, attrs)
            yield Case("DenseBincount", {"input": numbers, "size": const(8), "weights": weights.astype(name)}, attrs)
        table, scales = numbers.reshape(2, 3), weights.reshape(2, 3)
        yield Case("DenseBincount", {"input": table, "size": const(8), "weights": scales}, attrs)
        yield Case("DenseBincount", {"input": table, "size": const(8), "weights": nothing.reshape(0, 0)}, attrs)
        yield Case("DenseBincount", {"input": table, "size": const(8), "weights": nothing}, attrs)
    for op in ("LowerBound", "UpperBound"):
        for name in ("float32", "int32", "string"):
            ordered = np.sort(sample(name).ravel()).reshape(1, 8)
            yield Case(op, {"sorted_inputs": ordered, "values": sample(name, True).reshape(1, 8)})
        rows = np.sort(sample("float32"))
        yield Case(op, {"sorted_inputs": rows, "values": rows[:, 1:3] + 0.1}, {"out_type": "int64"})
    for name in allowed("TopKV2"):
        yield Case("TopKV2", {"input": sample(name), "k": const(2)})
    repeated = np.array([[1, 3, 3, 2], [2, 2, 2, 2]], np.float32)
    yield Case("TopKV2", {"input": repeated, "k": const(3)})
    yield Case("TopKV2", {"input": repeated[0], "k": const(0)})
    yield Case("TopKV2", {"input": np.arange(40, dtype=np.float32)[::-1].copy(), "k": const(3)}, {"sorted": False})
    for name in ("float32", "int32", "int64", "string", "bool", "uint8"):
        yield Case("Unique", {"x": sample(name).ravel()})
        yield Case("UniqueV2", {"x": sample(name).ravel(), "axis": const([], np.int64)})
        yield Case("UniqueV2", {"x": sample(name).ravel(), "axis": const([0], np.int64)})
    yield Case("Unique", {"x": repeated.ravel()}, {"out_idx": "int64"})
    for axis in (0, 1):
        yield Case("UniqueV2", {"x": np.array([[1, 0, 1], [1, 0, 1], [2, 3, 2]], np.float32), "axis": const([axis], np.int64)})
    for name in ("float32", "int32", "int64", "string"):
        yield Case("ListDiff", {"x": sample(name).ravel(), "y": sample(name).ravel()[2:5]})
    yield Case("ListDiff", {"x": numbers, "y": numbers[:1]}, {"out_idx": "int64"})


def products():
    """Of matrices and of anything."""
    def numbers(*shape):
        return np.arange(np.prod(shape), dtype=np.float32).reshape(shape) - 3

    for name in allowed("MatMul"):
        yield Case("MatMul", {"a": numbers(2, 3).astype(numpy_type(name)), "b": numbers(3, 2).astype(numpy_type(name))})
    flags = [(False, False), (True, False), (False, True), (True, True)]
    for ta, tb in flags:
        shapes = [(3, 2) if ta else (2, 3), (4, 3) if tb else (3, 4)]
        a, b = numbers(*shapes[0]), numbers(*shapes[1])
        yield Case("MatMul", {"a": a, "b": b}, {"transpose_a": ta, "transpose_b": tb})
        for op in ("BatchMatMul", "BatchMatMulV2"):
            yield Case(op, {"x": np.stack([a, a * 2]), "y": np.stack([b, b * 2])}, {"adj_x": ta, "adj_y": tb})
    for name in allowed("BatchMatMulV2"):
        x, y = numbers(2, 2, 3).astype(numpy_type(name)), numbers(2, 3, 2).astype(numpy_type(name))
        yield Case("BatchMatMulV2", {"x": x, "y": y})
    for first, second in [((2, 2, 3), (3, 2)), ((2, 3), (2, 3, 2)), ((2, 1, 2, 3), (3, 3, 2)), ((1, 2, 3), (4, 3, 2)), ((0, 2, 3), (0, 3, 2))]:
        yield Case("BatchMatMulV2", {"x": numbers(*first), "y": numbers(*second)})
    ways = (
        lambda x: tf.reshape(x, [2, 1, 2, 2]),
        lambda x: tf.reshape(x, tf.stack([tf.shape(x)[0] // 4, 1, 2, 2])),
        lambda x: tf.transpose(tf.reshape(x, [1, 2, 2, 2]), [1, 0, 2, 3]),
        lambda x: tf.expand_dims(tf.reshape(x, [2, 2, 2]), -3),
        lambda x: tf.squeeze(tf.reshape(x, [2, 1, 2, 2, 1]), [-1]),
        lambda x: tf.matmul(tf.reshape(x, [2, 1, 2, 2]), tf.constant(numbers(1, 2, 2))),
    )
    for make in ways:
        for second in [(2, 3, 2, 2), (2, 1, 2, 2), (1, 3, 2, 2)]:
            yield Case("BatchMatMulV2", {"x": Made(numbers(8), make), "y": Const(numbers(*second))}, open_ranks=True)
    equations = {
        "ij,jk->ik": [(2, 3), (3, 4)],
        "ij,jk": [(2, 3), (3, 4)],
        "ij->ji": [(2, 3)],
        "ij->": [(2, 3)],
        "ij->i": [(2, 3)],
        "ii->i": [(3, 3)],
        "ii->": [(3, 3)],
        "iij->j": [(2, 2, 3)],
        "i->ii": [(3,)],
        "i,i->ii": [(3,), (3,)],
        "...ij,...jk->...ik": [(2, 2, 3), (2, 3, 2)],
        "...ij,jk->...ik": [(2, 2, 3), (3, 2)],
        "b...->b": [(2, 3)],
        "bij,bjk->bik": [(2, 2, 3), (2, 3, 2)],
        "abc,cd,def->abef": [(2, 2, 3), (3, 2), (2, 2, 2)],
        "i,j->ij": [(2,), (3,)],
        "ij,ij->": [(2, 3), (2, 3)],
        "ij,k->": [(2, 3), (2,)],
        "bqhd,bkhd->bhqk": [(1, 2, 2, 3), (1, 4, 2, 3)],
        "BNFH,BTNH->BNFT": [(1, 2, 2, 3), (1, 4, 2, 3)],
        "aBc,Bcd->ad": [(1, 2, 3), (2, 3, 2)],
        ",i->i": [(), (3,)],
        "ij,k->i": [(2, 3), (2,)],
        "ij,k->k": [(2, 3), (2,)],
        "ij,k->ik": [(2, 3), (2,)],
        "ij,k->ijk": [(2, 3), (2,)],
        "ij,jk->": [(2, 3), (3, 4)],
        "ij,jk->i": [(2, 3), (3, 4)],
        "ij,jk->k": [(2, 3), (3, 4)],
        "ij,jk->j": [(2, 3), (3, 4)],
        "ijk,jk->i": [(2, 3, 2), (3, 2)],
        "i,j->": [(2,), (3,)],
        "i->": [(3,)],
        "aA,A->a": [(2, 3), (3,)],
        "ab,bA->aA": [(2, 3), (3, 4)],
        "i j , j k -> i k": [(2, 3), (3, 4)],
    }
    for equation, shapes in equations.items():
        yield Case("Einsum", {"inputs": [numbers(*shape) for shape in shapes]}, {"equation": equation})
    yield Case("Einsum", {"inputs": [numbers(2, 1), numbers(3, 2)]}, {"equation": "...i,ji->...j"})
    for name in ("int32", "float64", "complex64", "float16"):
        yield Case("Einsum", {"inputs": [numbers(2, 3).astype(name), numbers(3, 2).astype(name)]}, {"equation": "ij,jk->ik"})
    square = numbers(2, 4, 3)
    for lower in (-1, 0, 1, 2, 3):
        for upper in (-1, 0, 1, 2):
            for kind in (np.int32, np.int64):
                yield Case("MatrixBandPart", {"input": square, "num_lower": const(lower, kind), "num_upper": const(upper, kind)})
    for name in ("int32", "bool", "complex64", "float64"):
        yield Case("MatrixBandPart", {"input": square.astype(name), "num_lower": const(1), "num_upper": const(0)})
    for name in ("float32", "int32", "bool", "string", "complex64", "int64"):
        yield Case("Transpose", {"x": sample(name), "perm": const([1, 0])})
    for perm in ([2, 0, 1], [0, 2, 1], [0, 1, 2]):
        yield Case("Transpose", {"x": square, "perm": const(perm)})
    for rank in (4, 5, 6, 7):
        yield Case("Transpose", {"x": numbers(*range(1, rank + 1)), "perm": const(list(range(rank))[::-1])})
    yield Case("Transpose", {"x": numbers(), "perm": const([])})


def cases():
    """All of them."""
    for make in (unary, binary, reductions, counting, products):
        yield from make()
