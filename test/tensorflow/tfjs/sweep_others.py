"""Texts, sparse and ragged tensors, Fourier transforms, lists of tensors."""

import itertools

import numpy as np
import tensorflow as tf
from sweep_case import Case, Default, const


def texts(*values):
    """A tensor of texts."""
    return np.array([value.encode() for value in values], object)


def strings():
    """Patterns, n-grams, splits, buckets."""
    data = texts("abcabc", "Hello World", "a.b.c", "", "x1y22", "grün $1")
    patterns = {
        "b": "X", r"(\w)(\w)": r"\2\1", r"\d+": "<\\0>", "(?i)hello": "bye", ".": "$&", "a|b": "$1", "": "-", r"[[:alpha:]]": "_",
        r"^\s*|\s*$": "", r"\pL": "L", r"(?P<n>b)": r"\1", "[aA]": "\\\\", r"\.": "/", r"\z": "!", r"(?s).+": "all", "[ür]": "u",
    }
    for (pattern, rewrite), every in itertools.product(patterns.items(), (True, False)):
        attrs = {"pattern": pattern, "rewrite": rewrite, "replace_global": every}
        yield Case("StaticRegexReplace", {"input": data}, attrs)
    yield Case("StaticRegexReplace", {"input": data.reshape(2, 3)}, {"pattern": "b", "rewrite": "X"})
    splits = const([0, 3, 3, 6], np.int64)
    words = texts("a", "b", "c", "d", "e", "f")
    for widths, pad, (left, right), short in itertools.product(([2], [1, 2], [5]), (0, -1, 1), (("", ""), ("LP", "RP"), ("lp", "rp")), (False, True)):
        for separator in ("|", "A", ""):
            attrs = {"separator": separator, "ngram_widths": widths, "left_pad": left, "right_pad": right, "pad_width": pad, "preserve_short_sequences": short}
            yield Case("StringNGrams", {"data": words, "data_splits": splits}, attrs)
            yield Case("StringNGrams", {"data": words, "data_splits": const([0, 3, 3, 6])}, attrs)
    for delimiter, skip in itertools.product((" ", "", "b", ",;", "ab"), (True, False)):
        yield Case("StringSplit", {"input": texts("a b  c", "abc,;abd", "", " x "), "delimiter": const(delimiter.encode(), object)}, {"skip_empty": skip})
    for buckets in (1, 10, 1000, 2**31 - 1, 2**40):
        yield Case("StringToHashBucketFast", {"input": data}, {"num_buckets": buckets})
    yield Case("StringToHashBucketFast", {"input": texts("", "a" * 20, "b" * 40, "c" * 70, "d" * 300)}, {"num_buckets": 1000})


def sparse():
    """As three tensors."""
    indices = np.array([[0, 1], [0, 3], [2, 0]], np.int64)
    for name in ("float32", "int32", "int64", "string", "bool"):
        values = texts("a", "b", "c") if name == "string" else np.array([1, 2, 3]).astype(name)
        default = const(b"z", object) if name == "string" else const(0, name)
        yield Case("SparseFillEmptyRows", {"indices": indices, "values": values, "dense_shape": const([4, 5], np.int64), "default_value": default})
    full = np.array([[0, 1], [1, 3], [2, 0]], np.int64)
    yield Case("SparseFillEmptyRows", {"indices": full, "values": np.ones(3, np.float32), "dense_shape": const([3, 5], np.int64), "default_value": const(0, np.float32)})
    for shape in ([5, 4], [-1, 2], [20]):
        yield Case("SparseReshape", {"input_indices": indices, "input_shape": const([4, 5], np.int64), "new_shape": const(shape, np.int64)})
    data = np.arange(12, dtype=np.float32).reshape(4, 3)
    for op in ("SparseSegmentSum", "SparseSegmentMean"):
        for picks, segments in (([0, 2, 3], [0, 0, 1]), ([0, 1, 2, 3], [0, 1, 3, 3]), ([], [])):
            for name in ("float32", "int32", "float64"):
                yield Case(op, {"data": data.astype(name), "indices": np.array(picks, np.int32), "segment_ids": np.array(segments, np.int32)})


def ragged():
    """As splits and values."""
    for name in ("int32", "float32", "int64"):
        for starts, limits, deltas in (([2, 5, 8], [3, 5, 12], [1, 1, 1]), ([0, 9], [9, 0], [4, -3])):
            for splits in ("int32", "int64"):
                yield Case("RaggedRange", {"starts": np.array(starts, name), "limits": np.array(limits, name), "deltas": np.array(deltas, name)}, {"Tsplits": splits})
    yield Case("RaggedRange", {"starts": const(0), "limits": np.array([3, 1], np.int32), "deltas": const(1)})
    splits = np.array([0, 3, 3, 5], np.int64)
    values = np.array([1, 2, 3, 4, 5], np.float32)
    for kind, partition, first in (("ROW_SPLITS", splits, None), ("VALUE_ROWIDS", np.array([0, 0, 0, 2, 2], np.int64), const(4, np.int64))):
        for shape in ([-1, -1], [3, 2], [5, 4], [-1, 2]):
            tensors = [first, partition] if first else [partition]
            types = ["FIRST_DIM_SIZE", kind] if first else [kind]
            for name in ("float32", "int32", "string"):
                data = texts("a", "b", "c", "d", "e") if name == "string" else values.astype(name)
                default = const(b"-", object) if name == "string" else const(9, name)
                inputs = {"shape": const(shape, np.int64), "values": data, "default_value": default, "row_partition_tensors": tensors}
                yield Case("RaggedTensorToTensor", inputs, {"row_partition_types": types})
    for pick in ([2, 0], [[1, 2], [0, 0]]):
        yield Case("RaggedGather", {"params_nested_splits": [splits], "params_dense_values": values, "indices": np.array(pick, np.int32)}, {"OUTPUT_RAGGED_RANK": np.ndim(pick)})


def spectral():
    """Fourier transforms of vectors and of more."""
    rng = np.random.default_rng(3)
    for op, shape in itertools.product(("FFT", "IFFT"), ((8,), (3, 8), (2, 3, 4), (1, 1, 5))):
        yield Case(op, {"input": (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(np.complex64)})
    for shape, length in itertools.product(((8,), (2, 8), (2, 2, 8), (1, 7)), (4, 7, 8, 12)):
        yield Case("RFFT", {"input": rng.normal(size=shape).astype(np.float32), "fft_length": const([length])})
    for size, shape in ((4, (None,)), (8, (8,))):
        for length in (4, 8):
            fed = Default(np.arange(8, dtype=np.float32), np.zeros(size, np.float32), shape)
            yield Case("RFFT", {"input": fed, "fft_length": const([length])})
    for shape, length in itertools.product(((5,), (2, 5), (2, 2, 5), (1, 4)), (6, 7, 8, 12)):
        yield Case("IRFFT", {"input": (rng.normal(size=shape) + 1j * rng.normal(size=shape)).astype(np.complex64), "fft_length": const([length])})


def lists():
    """Lists of tensors, by what one op after the other leaves."""
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)

    def of(array=rows, shape=(2,)):
        return lambda: tf.raw_ops.TensorListFromTensor(tensor=tf.constant(array), element_shape=tf.constant(shape, tf.int32))

    for name in ("float32", "int32", "bool", "string", "int64"):
        array = texts("a", "b", "c") if name == "string" else np.array([1, 0, 1]).astype(name)
        yield Case("TensorListStack", {"input_handle": of(array, ()), "element_shape": const([])}, {"element_dtype": name, "num_elements": -1})
        yield Case("TensorListGetItem", {"input_handle": of(array, ()), "index": const(1), "element_shape": const([])}, {"element_dtype": name})
    yield Case("TensorListGather", {"input_handle": of(), "indices": const([2, 0]), "element_shape": const([2])}, {"element_dtype": "float32"})
    yield Case("TensorListLength", {"input_handle": of()})
    yield Case("TensorListConcatV2", {"input_handle": of(np.arange(8, dtype=np.float32).reshape(2, 2, 2), (2, 2)), "element_shape": const([2, 2]), "leading_dims": const([], np.int64)}, {"element_dtype": "float32"})
    grouped = of(np.arange(8, dtype=np.float32).reshape(2, 2, 2), (2, 2))
    yield Case("TensorListConcat", {"input_handle": grouped}, {"element_dtype": "float32", "element_shape": [2, 2]}, (0,))
    for output in (0, 1):
        yield Case("TensorListConcatV2", {"input_handle": of(np.arange(8, dtype=np.float32).reshape(2, 2, 2), (2, 2)), "element_shape": const([2, 2]), "leading_dims": const([], np.int64)}, {"element_dtype": "float32"}, (output,))
    for output in (1,):
        yield Case("TensorListPopBack", {"input_handle": of(), "element_shape": const([2])}, {"element_dtype": "float32"}, (output,))
    reserve = lambda: tf.raw_ops.TensorListReserve(element_shape=tf.constant([2]), num_elements=tf.constant(3), element_dtype=tf.float32)  # pylint: disable=unnecessary-lambda-assignment
    yield Case("TensorListStack", {"input_handle": reserve, "element_shape": const([2])}, {"element_dtype": "float32", "num_elements": 3})
    changed = lambda: tf.raw_ops.TensorListSetItem(input_handle=of()(), index=tf.constant(1), item=tf.constant([8.0, 9.0]))  # pylint: disable=unnecessary-lambda-assignment
    yield Case("TensorListStack", {"input_handle": changed, "element_shape": const([2])}, {"element_dtype": "float32"})
    pushed = lambda: tf.raw_ops.TensorListPushBack(input_handle=of()(), tensor=tf.constant([8.0, 9.0]))  # pylint: disable=unnecessary-lambda-assignment
    yield Case("TensorListStack", {"input_handle": pushed, "element_shape": const([2])}, {"element_dtype": "float32"})
    resized = lambda: tf.raw_ops.TensorListResize(input_handle=of()(), size=tf.constant(4))  # pylint: disable=unnecessary-lambda-assignment
    yield Case("TensorListStack", {"input_handle": resized, "element_shape": const([2])}, {"element_dtype": "float32"})
    for indices in ([0, 2, 1], [2, 0, 4]):
        scattered = lambda indices=indices: tf.raw_ops.TensorListScatterV2(tensor=tf.constant(rows), indices=tf.constant(indices), element_shape=tf.constant([2]), num_elements=tf.constant(-1))
        yield Case("TensorListStack", {"input_handle": scattered, "element_shape": const([2])}, {"element_dtype": "float32"})
    split = lambda: tf.raw_ops.TensorListSplit(tensor=tf.constant(rows), element_shape=tf.constant([-1, 2]), lengths=tf.constant([1, 2], tf.int64))  # pylint: disable=unnecessary-lambda-assignment
    yield Case("TensorListGetItem", {"input_handle": split, "index": const(1), "element_shape": const([-1, 2])}, {"element_dtype": "float32"})


def arrays():
    """Arrays of tensors of TensorFlow 1, by what one op after the other leaves."""
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)

    def filled(split=None):
        made = []

        def part(index):
            def take():
                if not made:
                    handle, flow = tf.raw_ops.TensorArrayV3(size=3, dtype=tf.float32, dynamic_size=True)
                    if split:
                        lengths = tf.constant(split, tf.int64)
                        flow = tf.raw_ops.TensorArraySplitV3(handle=handle, value=tf.constant(rows), lengths=lengths, flow_in=flow)
                    else:
                        flow = tf.raw_ops.TensorArrayScatterV3(handle=handle, indices=[0, 2, 1], value=tf.constant(rows), flow_in=flow)
                    made.extend([handle, flow])
                return made[index]

            return take

        return {"handle": part(0), "flow_in": part(1)}

    yield Case("TensorArrayReadV3", {**filled(), "index": const(2)}, {"dtype": "float32"})
    yield Case("TensorArrayGatherV3", {**filled(), "indices": const([2, 0])}, {"dtype": "float32"})
    yield Case("TensorArraySizeV3", filled())
    yield Case("TensorArrayConcatV3", filled(), {"dtype": "float32"}, (0,))
    yield Case("TensorArrayConcatV3", filled(), {"dtype": "float32"}, (1,))
    yield Case("TensorArrayConcatV3", filled([1, 1, 1]), {"dtype": "float32"}, (0,))
    yield Case("TensorArrayConcatV3", filled([1, 1, 1]), {"dtype": "float32"}, (1,))
    yield Case("TensorArrayReadV3", {**filled([2, 1, 0]), "index": const(0)}, {"dtype": "float32"})


def chances():
    """Where chance has no choice."""
    for seed in (0, 3):
        yield Case("RandomUniformInt", {"shape": const([4]), "minval": const(5), "maxval": const(6)}, {"seed": seed})
        sure = np.array([[0, -1e5, -1e5], [-1e5, -1e5, 0]], np.float32)
        yield Case("Multinomial", {"logits": sure, "num_samples": const(3)}, {"seed": seed})
    yield Case("Print", {"input": np.ones([2], np.float32), "data": [np.ones([2], np.float32)]}, {"message": "Seen"})


def cases():
    """All of them."""
    for make in (strings, sparse, ragged, spectral, lists, arrays, chances):
        yield from make()
