"""What moves elements about, makes them, or changes their type."""

import itertools

import numpy as np
import tensorflow as tf
from sweep_case import ALL_TYPES, Case, Const, Made, const
from sweep_math import numpy_type, sample


def numbers(*shape, dtype=np.float32):
    """0, 1, 2 and so on."""
    return np.arange(int(np.prod(shape))).astype(dtype).reshape(shape)


def casts():
    """Between all types, with numbers that do not fit too."""
    for source, target in itertools.product(ALL_TYPES, ALL_TYPES):
        yield Case("Cast", {"x": sample(source)}, {"DstT": target})
    for target in ("int8", "uint8", "int16", "uint16", "int32", "int64"):
        yield Case("Cast", {"x": np.array([300, -1, 70000, 255], np.int32)}, {"DstT": target})
        yield Case("Cast", {"x": np.array([0, 1.9, 127.5, 100], np.float32)}, {"DstT": target})
        yield Case("Cast", {"x": np.array([1, 0, 100], np.int32)}, {"DstT": target})
        yield Case("Cast", {"x": np.array([300.7, -1.5, 255.9], np.float32)}, {"DstT": target})
    yield Case("Cast", {"x": np.array([1.9, -1.9], np.float32)}, {"DstT": "int32", "Truncate": True})
    for name, least, most in (("uint8", 0, 255), ("int8", -128, 127), ("uint8", 0, 300)):
        yield Case("Cast", {"x": lambda least=least, most=most: _clipped(least, most)}, {"DstT": name})


def _clipped(least, most):
    values = tf.constant([300.7, -200.5, 12.5], tf.float32)
    return tf.raw_ops.Round(x=tf.raw_ops.Maximum(x=tf.raw_ops.Minimum(x=values, y=float(most)), y=float(least)))


def joining():
    """Concat, Pack, Split and their like."""
    for name in ("float32", "int32", "int64", "bool", "string", "uint8", "complex64", "float16"):
        x = sample(name)
        yield Case("ConcatV2", {"values": [x, x], "axis": const(0)})
        yield Case("Pack", {"values": [x, x]}, {"axis": 0})
        yield Case("Unpack", {"value": x, "num": 2}, {"axis": 0})
        yield Case("Split", {"axis": const(1), "value": x, "num_split": 2})
        yield Case("Tile", {"input": x, "multiples": const([2, 1])})
        yield Case("Identity", {"input": x})
        yield Case("ExpandDims", {"input": x, "axis": const(1)})
        yield Case("Squeeze", {"input": x[:1]}, {"axis": [0]})
        yield Case("Reshape", {"tensor": x, "shape": const([4, -1])})
        yield Case("Fill", {"dims": const([2, 2]), "value": x[0, 0].reshape(()) if name != "string" else const(b"x", object)})
    x = numbers(2, 3, 2)
    for axis in (-1, 1, 2):
        yield Case("ConcatV2", {"values": [x, x * 2], "axis": const(axis)})
        yield Case("Concat", {"values": [x, x * 2], "concat_dim": const(axis % 3)})
        yield Case("Pack", {"values": [x, x * 2]}, {"axis": axis})
        yield Case("Unpack", {"value": x, "num": x.shape[axis]}, {"axis": axis})
        yield Case("ExpandDims", {"input": x, "axis": const(axis)})
    yield Case("Pack", {"values": [x, x]}, {"axis": 3})
    yield Case("Pack", {"values": [x]}, {"axis": -4})
    yield Case("ExpandDims", {"input": x, "axis": const([1])})
    yield Case("ConcatV2", {"values": [x, x[:0]], "axis": const(0)})
    yield Case("ConcatV2", {"values": [numbers(2), numbers(0)], "axis": const(0)})
    yield Case("Pack", {"values": [numbers(0), numbers(0)]})
    yield Case("Split", {"axis": const(-2), "value": x, "num_split": 3})
    for sizes in ([1, 2], [2, -1], [-1, 0], [3, 0]):
        yield Case("SplitV", {"value": x, "size_splits": const(sizes), "axis": const(1), "num_split": 2})
        yield Case("SplitV", {"value": x, "size_splits": const(sizes, np.int64), "axis": const(-2), "num_split": 2})
    yield Case("SplitV", {"value": x, "size_splits": const([3]), "axis": const(1), "num_split": 1})
    for repeats in ([1, 1, 1], [2, 1, 3], [0, 1, 1]):
        yield Case("Tile", {"input": x, "multiples": const(repeats)})
    for axis in ([], [0], [0, 2], [-1], [-3, 2]):
        yield Case("Squeeze", {"input": numbers(1, 3, 1)}, {"axis": axis})
    for shape in ([-1], [6, 2], [2, -1, 1], [1, 12]):
        yield Case("Reshape", {"tensor": x, "shape": const(shape)})
    yield Case("Reshape", {"tensor": numbers(0, 3), "shape": const([-1, 3])})
    yield Case("Reshape", {"tensor": numbers(1), "shape": const([])})
    for shape in ([2, 3, 2], [4, 2, 3, 2]):
        yield Case("BroadcastTo", {"input": numbers(2, 3, 2), "shape": const(shape)})
        yield Case("BroadcastTo", {"input": numbers(3, 1), "shape": const(shape)})
        yield Case("BroadcastTo", {"input": numbers(), "shape": const(shape)})
    for name in ("int32", "bool", "string", "int64", "complex64"):
        yield Case("BroadcastTo", {"input": sample(name)[0], "shape": const([3, 4])})
    yield Case("BroadcastArgs", {"s0": const([2, 1]), "s1": const([3])})
    yield Case("BroadcastArgs", {"s0": const([1, 2, 1], np.int64), "s1": const([4, 1, 3], np.int64)})
    yield Case("IdentityN", {"input": [x, numbers(2, dtype=np.int32)]})
    yield Case("PlaceholderWithDefault", {"input": const([1, 2], np.float32), "shape": [2]})
    for name in ("float32", "int32", "string", "bool"):
        for dims in ([0], [0, 4], [1], []):
            axes = np.isin(np.arange(2), dims)
            yield Case("Reverse", {"tensor": sample(name), "dims": const(axes, bool)})
    for axis in ([0], [1, -1 - 2], [], [-1]):
        yield Case("ReverseV2", {"tensor": x, "axis": const(axis)})
    yield Case("ReverseV2", {"tensor": numbers(1, 2, 1, 2, 2), "axis": const([1, 4])})


def slicing():
    """Slice and StridedSlice, with all masks on their own and in pairs."""
    x = numbers(3, 4, 2)
    for begin, size in (([0, 0, 0], [3, 4, 2]), ([1, 0, 1], [2, 2, 1]), ([1, 1, 0], [-1, -1, -1]), ([0, 0, 0], [0, 1, 1])):
        for kind in (np.int32, np.int64):
            yield Case("Slice", {"input": x, "begin": const(begin, kind), "size": const(size, kind)})
    for name in ("int32", "bool", "string", "complex64", "int64", "uint8"):
        yield Case("Slice", {"input": sample(name), "begin": const([0, 1]), "size": const([2, 2])})
        yield Case("StridedSlice", {"input": sample(name), "begin": const([0, 1]), "end": const([2, 3]), "strides": const([1, 1])})
    for rank in (1, 2, 4, 5, 6):
        whole = numbers(*([2] * rank))
        yield Case("Slice", {"input": whole, "begin": const([1] * rank), "size": const([1] * rank)})
        yield Case("StridedSlice", {"input": whole, "begin": const([1] * rank), "end": const([2] * rank), "strides": const([1] * rank)})
    spans = [
        ([0, 0, 0], [3, 4, 2], [1, 1, 1]),
        ([0, 1, 0], [3, 4, 1], [2, 2, 1]),
        ([-1, -1, -1], [3, 4, 2], [1, 1, 1]),
        ([2, 3, 1], [0, 0, 0], [-1, -1, -1]),
        ([2, 3, 1], [-4, -5, -3], [-1, -2, -1]),
        ([-1, -2, -1], [-3, -4, -2], [-1, -1, -1]),
        ([0, 2, 0], [1, 1, 2], [1, -1, 1]),
        ([1, 0, 0], [9, 9, 9], [1, 3, 1]),
        ([0, 0, 0], [-1, -1, -1], [1, 1, 1]),
        ([5, 0, 0], [9, 4, 2], [1, 1, 1]),
    ]
    for span in spans:
        inputs = {"input": x, **{name: const(value) for name, value in zip(("begin", "end", "strides"), span)}}
        for mask in MASKS:
            for value in range(8) if mask != "ellipsis_mask" else (1, 2, 4):
                yield Case("StridedSlice", inputs, {mask: value})
    for length in (1, 2, 3):
        parts = {"begin": const([1, 0, 1][:length]), "end": const([2, 2, 2][:length]), "strides": const([1] * length)}
        for first, second in itertools.combinations(MASKS, 2):
            for a, b in itertools.product(range(1, 2**length), repeat=2):
                if (first == "ellipsis_mask" and bin(a).count("1") > 1) or (second == "ellipsis_mask" and bin(b).count("1") > 1):
                    continue
                yield Case("StridedSlice", {"input": x, **parts}, {first: a, second: b})
    # As slices of NumPy come out: x[..., 0], x[:, None], x[None], x[::-1], x[:, ::-1], x[-1], x[..., None, 0:1]
    common = [
        ([0, 0], [0, 1], [1, 1], {"ellipsis_mask": 1, "shrink_axis_mask": 2}),
        ([0, 0], [0, 0], [1, 1], {"begin_mask": 1, "end_mask": 1, "new_axis_mask": 2}),
        ([0, 0], [0, 0], [1, 1], {"ellipsis_mask": 1, "new_axis_mask": 2}),
        ([0], [0], [1], {"new_axis_mask": 1}),
        ([0], [0], [-1], {"begin_mask": 1, "end_mask": 1}),
        ([0, 0], [0, 0], [1, -1], {"begin_mask": 3, "end_mask": 3}),
        ([-1], [0], [1], {"shrink_axis_mask": 1}),
        ([0, 0, 0], [0, 0, 1], [1, 1, 1], {"ellipsis_mask": 1, "new_axis_mask": 2, "begin_mask": 4}),
        ([0, -1], [0, 0], [1, 1], {"ellipsis_mask": 1, "shrink_axis_mask": 2}),
        ([0, 0, 0], [0, 0, 0], [1, 1, 1], {"ellipsis_mask": 2, "begin_mask": 1, "end_mask": 1, "shrink_axis_mask": 4}),
        ([0], [2], [1], {"begin_mask": 1}),
        ([0, 0, -1], [0, 0, 0], [1, 1, 1], {"begin_mask": 3, "end_mask": 3, "shrink_axis_mask": 4}),
        ([0, 0], [0, 0], [1, 2], {"ellipsis_mask": 1, "begin_mask": 2, "end_mask": 2}),
        ([0, 0], [0, 0], [1, -1], {"ellipsis_mask": 1, "begin_mask": 2, "end_mask": 2}),
        ([0, 3], [0, 0], [1, -1], {"begin_mask": 1, "end_mask": 1}),
        ([0, 0, 0], [0, 0, 0], [1, 1, 1], {"new_axis_mask": 7}),
    ]
    for begin, end, strides, attrs in common:
        inputs = {"input": x, "begin": const(begin), "end": const(end), "strides": const(strides)}
        yield Case("StridedSlice", inputs, attrs)


def random_slices():
    """StridedSlices of all kinds, the same in every run."""
    rng = np.random.default_rng(11)
    for _ in range(1500):
        rank, length = rng.integers(1, 5), rng.integers(1, 5)
        whole = numbers(*rng.integers(2, 4, rank))
        bits = {name: int(rng.integers(0, 2**length)) * int(rng.integers(0, 2)) for name in MASKS}
        bits["ellipsis_mask"] = int(rng.choice([0, 0, 1 << rng.integers(0, length)]))
        spans = {
            "begin": const(rng.integers(-4, 5, length)),
            "end": const(rng.integers(-4, 5, length)),
            "strides": const(rng.choice([-2, -1, 1, 1, 1, 2], length)),
        }
        yield Case("StridedSlice", {"input": whole, **spans}, bits)


MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


def arms(op, condition, first, second):
    """The inputs of Select, which has other names for them than its successor."""
    names = ("t", "e") if op == "SelectV2" else ("x", "y")
    return {"condition": condition, **dict(zip(names, (first, second)))}


def gathering():
    """Gather, scatter and select."""
    x = numbers(3, 4, 2)
    indices = np.array([[2, 0], [1, 1]], np.int32)
    for name in ("float32", "int32", "int64", "bool", "string", "uint8", "complex64", "float16"):
        small = sample(name)
        pick = np.array([1, 0, 1], np.int32)
        yield Case("Gather", {"params": small, "indices": pick})
        yield Case("GatherV2", {"params": small, "indices": pick, "axis": const(0)})
        yield Case("GatherV2", {"params": small, "indices": pick, "axis": const(1)})
        yield Case("GatherNd", {"params": small, "indices": np.array([[0, 1], [1, 2]], np.int32)})
        yield Case("ScatterNd", {"indices": np.array([[1], [4]], np.int32), "updates": small[0, :2], "shape": const([6])})
        yield Case("TensorScatterUpdate", {"tensor": small, "indices": np.array([[1]], np.int32), "updates": small[:1]})
        for op in ("Select", "SelectV2"):
            yield Case(op, arms(op, sample("bool"), small, sample(name, True)))
    for axis in (0, 1, 2, -1):
        yield Case("GatherV2", {"params": x, "indices": indices % 2, "axis": const(axis)})
        yield Case("GatherV2", {"params": x, "indices": np.array(1, np.int32), "axis": const(axis)})
        yield Case("GatherV2", {"params": x, "indices": np.array([1, 0], np.int64), "axis": const(axis, np.int64)})
    batch = np.array([[2, 0], [1, 1], [0, 1]], np.int32)
    for axis, dims in ((1, 1), (2, 1), (-1, 1), (1, -1), (2, 2), (0, 0)):
        pick = numbers(3, 4, 1, dtype=np.int32) % 2 if dims == 2 else batch % 2
        yield Case("GatherV2", {"params": x, "indices": pick, "axis": const(axis)}, {"batch_dims": dims})
    yield Case("GatherV2", {"params": x, "indices": np.array([0, 1, 0], np.int32), "axis": const(1)}, {"batch_dims": 1})
    deep = numbers(2, 3, 4, 2)
    yield Case("GatherV2", {"params": deep, "indices": numbers(2, 2, 2, dtype=np.int32) % 3, "axis": const(1)}, {"batch_dims": 1})
    yield Case("GatherNd", {"params": x, "indices": indices})
    yield Case("GatherNd", {"params": x, "indices": np.array([[[0], [2]]], np.int32)})
    yield Case("GatherNd", {"params": x, "indices": np.zeros([2, 0], np.int32)})
    repeated = np.array([[1], [1], [3]], np.int32)
    yield Case("ScatterNd", {"indices": repeated, "updates": np.ones(3, np.float32), "shape": const([5])})
    yield Case("ScatterNd", {"indices": repeated, "updates": numbers(3, 2), "shape": const([5, 2])})
    yield Case("ScatterNd", {"indices": repeated, "updates": numbers(3, dtype=np.int32), "shape": const([5])})
    yield Case("ScatterNd", {"indices": indices, "updates": numbers(2), "shape": const([3, 2], np.int32)})
    yield Case("TensorScatterUpdate", {"tensor": x, "indices": np.array([[0, 1], [2, 3]], np.int32), "updates": -numbers(2, 2)})
    yield Case("TensorScatterUpdate", {"tensor": numbers(5), "indices": repeated, "updates": -numbers(3)})
    for name in ("float32", "int32", "bool", "string"):
        values = sample(name).ravel()
        default = const("?", object) if name == "string" else const(0, numpy_type(name))
        inputs = {"sparse_indices": np.array([1, 3], np.int32), "output_shape": const([5]), "sparse_values": values[:2], "default_value": default}
        yield Case("SparseToDense", inputs)
        yield Case("SparseToDense", {**inputs, "sparse_values": values[0].reshape(()) if name != "string" else const(b"v", object)})
    inputs = {"sparse_indices": indices % 2 + np.array([[0, 0], [0, 1]], np.int32), "output_shape": const([2, 3])}
    yield Case("SparseToDense", {**inputs, "sparse_values": numbers(2) + 1, "default_value": const(-1, np.float32)}, {"validate_indices": False})
    yield Case("SparseToDense", {"sparse_indices": np.array(2, np.int32), "output_shape": const([4]), "sparse_values": const(7, np.float32), "default_value": const(0, np.float32)})
    flags = np.array([True, False, True])
    square = numbers(3, 3)
    for is_open in (False, True):
        yield Case("Select", arms("Select", flags, square, -square), open_ranks=is_open)
        yield Case("Select", arms("Select", flags, numbers(3), -numbers(3)), open_ranks=is_open)
        yield Case("Select", arms("Select", np.array(True), square, -square), open_ranks=is_open)
    yield Case("Select", arms("Select", flags, x, -x))
    positive = Made(np.array([1, -1], np.float32), lambda given: tf.reshape(given, [2]) > 0)
    for size in ((2, 2), (2,)):
        yield Case("Select", arms("Select", positive, Const(numbers(*size)), Const(-numbers(*size))), open_ranks=True)
    yield Case("SelectV2", arms("SelectV2", flags, square, -square))
    yield Case("SelectV2", arms("SelectV2", flags, square, numbers()))
    for name in ("float32", "int32", "bool", "string"):
        yield Case("Where", {"condition": sample(name)})
    yield Case("Where", {"condition": np.array([0.5, 0, -0.25, 2], np.float32)})


def padding():
    """Pad and the reshapings of blocks."""
    x = numbers(2, 3)
    for name in ("float32", "int32", "int64", "bool", "uint8", "string", "complex64"):
        yield Case("Pad", {"input": sample(name), "paddings": const([[1, 0], [0, 2]])})
        if name not in ("string", "complex64"):
            yield Case("PadV2", {"input": sample(name), "paddings": const([[1, 0], [0, 2]]), "constant_values": const(1, name)})
    for mode, name in itertools.product(("REFLECT", "SYMMETRIC"), ("float32", "int32", "int64", "string")):
        yield Case("MirrorPad", {"input": sample(name), "paddings": const([[1, 0], [1, 2]])}, {"mode": mode})
    for rank in (1, 3, 4, 5):
        for mode in ("REFLECT", "SYMMETRIC"):
            yield Case("MirrorPad", {"input": numbers(*([2] * rank)), "paddings": const([[1, 1]] * rank)}, {"mode": mode})
        yield Case("Pad", {"input": numbers(*([2] * rank)), "paddings": const([[1, 1]] * rank, np.int64)})
    yield Case("Pad", {"input": x, "paddings": const([[0, 0], [0, 0]])})
    grid = numbers(1, 4, 4, 2)
    for block, pads in (([2, 2], [[0, 0], [0, 0]]), ([2, 1], [[0, 0], [1, 1]]), ([3, 2], [[1, 1], [0, 0]])):
        yield Case("SpaceToBatchND", {"input": grid, "block_shape": const(block), "paddings": const(pads)})
    yield Case("SpaceToBatchND", {"input": numbers(1, 4, 3), "block_shape": const([2]), "paddings": const([[0, 0]])})
    back = numbers(4, 2, 2, 2)
    for block, crops in (([2, 2], [[0, 0], [0, 0]]), ([2, 2], [[1, 0], [0, 1]]), ([4, 1], [[0, 0], [1, 0]])):
        yield Case("BatchToSpaceND", {"input": back, "block_shape": const(block), "crops": const(crops)})
    yield Case("BatchToSpaceND", {"input": numbers(4, 2, 3), "block_shape": const([2]), "crops": const([[0, 1]])})
    for layout, shape in (("NHWC", (1, 2, 3, 8)), ("NCHW", (1, 8, 2, 3)), ("NCHW_VECT_C", (1, 2, 2, 3, 4))):
        yield Case("DepthToSpace", {"input": numbers(*shape)}, {"block_size": 2, "data_format": layout})
    yield Case("DepthToSpace", {"input": numbers(2, 2, 3, 8, dtype=np.int32)}, {"block_size": 2})


def making():
    """What makes tensors of a few numbers."""
    for name in ("float32", "int32", "int64", "float64", "uint8", "bool"):
        on, off = (const(True, bool), const(False, bool)) if name == "bool" else (const(5, name), const(1, name))
        for kind in (np.int32, np.int64, np.uint8):
            yield Case("OneHot", {"indices": np.array([0, 2, 1], kind), "depth": const(3), "on_value": on, "off_value": off})
    for name in ("float32", "int32", "float64"):
        for indices in (np.array([0, 2, 1], np.int32), np.array([[0, 2], [1, 7]], np.int32), np.array(-1, np.int64)):
            yield Case("OneHot", {"indices": indices, "depth": const(3), "on_value": const(1, name), "off_value": const(0, name)})
    halves = {"on_value": const(0.9, np.float32), "off_value": const(0.1, np.float32)}
    for axis in (-1, 0, 1, 2):
        yield Case("OneHot", {"indices": np.array([[0, 2], [1, 7]], np.int32), "depth": const(3), **halves}, {"axis": axis})
    yield Case("OneHot", {"indices": np.array([-1, 3, 1], np.int32), "depth": const(3), **halves})
    yield Case("OneHot", {"indices": np.array(1, np.int32), "depth": const(3), **halves})
    for name in ("int32", "int64", "float32", "float64", "int16"):
        for start, limit, delta in ((0, 5, 1), (5, 0, -2), (1, 2, 3), (2, 2, 1), (3, 0, 1)):
            yield Case("Range", {"start": const(start, name), "limit": const(limit, name), "delta": const(delta, name)})
    yield Case("Range", {"start": const(0, np.float32), "limit": const(1, np.float32), "delta": const(0.1, np.float32)})
    yield Case("Range", {"start": const(0.5, np.float32), "limit": const(-2, np.float32), "delta": const(-0.7, np.float32)})
    for name, count in itertools.product(("float32", "float64"), (1, 2, 5)):
        yield Case("LinSpace", {"start": const(-1, name), "stop": const(2, name), "num": const(count)})
    for name in ("float32", "int32", "bool", "int64", "complex64"):
        for dims in ([2, 3], [], [0], [2, 0]):
            yield Case("Fill", {"dims": const(dims), "value": const(1, name)})
            yield Case("Fill", {"dims": const(dims, np.int64), "value": const(1, name)})


def cases():
    """All of them."""
    for make in (casts, joining, slicing, random_slices, gathering, padding, making):
        yield from make()
