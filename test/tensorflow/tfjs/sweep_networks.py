"""Convolutions, pools, normalisation, images."""

import itertools

import numpy as np
import tensorflow as tf
from sweep_case import Case, allowed, const


def random(*shape, dtype=np.float32):
    """Numbers about 1, the same in every run."""
    return np.random.default_rng([7, *shape]).normal(0, 1, shape).astype(dtype)


def convolutions():
    """Strides, paddings, dilations, groups, layouts."""
    x, kernel = random(2, 6, 5, 4), random(3, 2, 4, 6)
    for padding, strides, dilations in itertools.product(("SAME", "VALID"), ([1, 1], [2, 1], [2, 2]), ([1, 1], [2, 1], [2, 2])):
        attrs = {"strides": [1, *strides, 1], "dilations": [1, *dilations, 1], "padding": padding}
        yield Case("Conv2D", {"input": x, "filter": kernel}, attrs)
        yield Case("DepthwiseConv2dNative", {"input": x, "filter": random(3, 2, 4, 2)}, attrs)
        yield Case("Dilation2D", {"input": x, "filter": random(3, 2, 4)}, {"strides": attrs["strides"], "rates": attrs["dilations"], "padding": padding})
    plain = {"strides": [1, 1, 1, 1], "padding": "SAME"}
    yield Case("Conv2D", {"input": x, "filter": random(3, 2, 2, 6)}, plain)
    yield Case("Conv2D", {"input": x, "filter": random(3, 2, 1, 4)}, plain)
    yield Case("Conv2D", {"input": x, "filter": random(1, 1, 4, 6)}, plain)
    yield Case("Conv2D", {"input": x, "filter": random(6, 5, 4, 6)}, {"strides": [1, 1, 1, 1], "padding": "VALID"})
    explicit = {"strides": [1, 2, 1, 1], "padding": "EXPLICIT", "explicit_paddings": [0, 0, 1, 2, 0, 1, 0, 0]}
    yield Case("Conv2D", {"input": x, "filter": kernel}, explicit)
    yield Case("DepthwiseConv2dNative", {"input": x, "filter": random(3, 2, 4, 2)}, explicit)
    for name in ("float64", "float16", "int32"):
        yield Case("Conv2D", {"input": x.astype(name), "filter": kernel.astype(name)}, plain)
    yield Case("DepthwiseConv2dNative", {"input": random(1, 6, 6, 2), "filter": random(3, 3, 2, 1)}, {"strides": [1, 2, 2, 1], "padding": "SAME", "dilations": [1, 2, 2, 1]})
    for padding, strides in itertools.product(("SAME", "VALID"), ([1, 1], [2, 2], [2, 1])):
        height, width = (6, 5) if padding == "SAME" else (8, 6)
        back = random(2, -(-height // strides[0]) if padding == "SAME" else (height - 3) // strides[0] + 1, -(-width // strides[1]) if padding == "SAME" else (width - 2) // strides[1] + 1, 6)
        inputs = {"input_sizes": const([2, height, width, 4]), "filter": kernel, "out_backprop": back}
        yield Case("Conv2DBackpropInput", inputs, {"strides": [1, *strides, 1], "padding": padding})
    inputs = {"input_sizes": const([2, 6, 5, 4]), "filter": kernel, "out_backprop": random(2, 6, 5, 6)}
    yield Case("Conv2DBackpropInput", inputs, {"strides": [1, 1, 1, 1], "padding": "EXPLICIT", "explicit_paddings": [0, 0, 1, 1, 0, 1, 0, 0]})
    yield Case("Conv2DBackpropInput", inputs, {**plain, "dilations": [1, 2, 2, 1]})
    yield Case("Conv2DBackpropInput", {**inputs, "filter": random(3, 2, 2, 6)}, plain)
    cube = random(1, 4, 5, 3, 2)
    for padding, strides, dilation in itertools.product(("SAME", "VALID"), ([1, 1, 1], [2, 1, 2]), (1, 2)):
        attrs = {"strides": [1, *strides, 1], "padding": padding, "dilations": [1, dilation, 1, 1, 1]}
        yield Case("Conv3D", {"input": cube, "filter": random(2, 3, 2, 2, 3)}, attrs)
        yield Case("Conv3D", {"input": cube, "filter": random(1, 1, 1, 2, 3)}, attrs)
    yield Case("Conv3D", {"input": cube, "filter": random(2, 3, 2, 1, 4)}, {"strides": [1, 1, 1, 1, 1], "padding": "SAME"})


def pools():
    """Also in batch and depth, and with paddings of their own."""
    x = random(2, 6, 5, 4)
    for op, argument in (("MaxPool", "input"), ("AvgPool", "value"), ("MaxPoolWithArgmax", "input")):
        for padding, size, strides in itertools.product(("SAME", "VALID"), ([2, 2], [3, 2], [1, 1]), ([1, 1], [2, 2], [2, 1])):
            yield Case(op, {argument: x}, {"ksize": [1, *size, 1], "strides": [1, *strides, 1], "padding": padding})
        for size, strides in (([1, 1, 1, 2], [1, 1, 1, 2]), ([1, 1, 1, 2], [1, 1, 1, 1]), ([1, 2, 2, 1], [2, 1, 1, 1]), ([2, 1, 1, 1], [1, 1, 1, 1])):
            yield Case(op, {argument: x}, {"ksize": size, "strides": strides, "padding": "VALID"})
        usual = {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "VALID"}
        for name in allowed(op):
            if name not in ("string", "bool", "complex64", "complex128", "bfloat16"):
                yield Case(op, {argument: (x * 3 if "u" not in name else np.abs(x * 9)).astype(name)}, usual)
        if op == "MaxPoolWithArgmax":
            yield Case(op, {argument: x}, {**usual, "include_batch_in_index": True})
            yield Case(op, {argument: x}, {**usual, "Targmax": "int32"})
        else:
            yield Case(op, {argument: x}, {**usual, "data_format": "NCHW"})
    yield Case("MaxPool", {"input": x}, {"ksize": [1, 2, 2, 1], "strides": [1, 2, 2, 1], "padding": "EXPLICIT", "explicit_paddings": [0, 0, 1, 0, 0, 1, 0, 0]})
    yield Case("MaxPool", {"input": -np.abs(x)}, {"ksize": [1, 3, 3, 1], "strides": [1, 2, 2, 1], "padding": "SAME"})
    cube = random(1, 4, 4, 3, 2)
    for op in ("MaxPool3D", "AvgPool3D"):
        for padding, size, strides in itertools.product(("SAME", "VALID"), ([2, 2, 2], [1, 3, 2]), ([1, 1, 1], [2, 2, 1])):
            yield Case(op, {"input": cube}, {"ksize": [1, *size, 1], "strides": [1, *strides, 1], "padding": padding})
        rectified = {"input": lambda: tf.nn.relu(tf.constant(cube))}
        yield Case(op, rectified, {"ksize": [1, 2, 2, 2, 1], "strides": [1, 2, 2, 2, 1], "padding": "SAME"})
        yield Case(op, {"input": cube}, {"ksize": [1, 1, 1, 1, 2], "strides": [1, 1, 1, 1, 1], "padding": "VALID"})


def normalisation():
    """By given means, and of neighbours."""
    x = random(2, 3, 3, 4)
    parts = {name: random(4) for name in ("scale", "offset", "mean")}
    inputs = {"x": x, **parts, "variance": np.abs(random(4)) + 1}
    for op in ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3"):
        for epsilon in (1e-4, 0.1):
            yield Case(op, inputs, {"is_training": False, "epsilon": epsilon}, only=(0,))
        yield Case(op, inputs, {"is_training": True}, only=(0,))
        yield Case(op, inputs, {"is_training": False}, only=(1, 2))
        yield Case(op, inputs, {"is_training": False}, only=(3,))
    yield Case("FusedBatchNormV3", {**inputs, "x": random(1, 2, 3, 3, 4)}, {"is_training": False, "data_format": "NDHWC"}, only=(0,))
    half = {**inputs, "x": x.astype(np.float16)}
    yield Case("FusedBatchNormV3", half, {"is_training": False}, only=(0,))
    for radius, bias, alpha, beta in ((5, 1, 1, 0.5), (1, 2, 0.5, 0.75), (0, 1, 1, 1)):
        yield Case("LRN", {"input": x}, {"depth_radius": radius, "bias": bias, "alpha": alpha, "beta": beta})
    wide = np.linspace(-8, 8, 24).astype(np.float32)
    yield Case("FakeQuantWithMinMaxVars", {"inputs": wide, "min": const(-6, np.float32), "max": const(6, np.float32)})
    for bits, narrow in ((4, False), (8, True), (16, False)):
        yield Case("FakeQuantWithMinMaxVars", {"inputs": wide, "min": const(-6, np.float32), "max": const(6, np.float32)}, {"num_bits": bits, "narrow_range": narrow})


def images():
    """Resizing, cropping, transforming."""
    x = random(2, 4, 3, 2)
    for op in ("ResizeBilinear", "ResizeNearestNeighbor"):
        for size, (corners, centers) in itertools.product(([8, 6], [2, 3], [5, 7], [4, 3], [1, 1]), ((False, False), (True, False), (False, True))):
            yield Case(op, {"images": x, "size": const(size)}, {"align_corners": corners, "half_pixel_centers": centers})
        for name in allowed(op):
            if name not in ("string", "bool", "bfloat16"):
                yield Case(op, {"images": np.abs(x * 30).astype(name), "size": const([5, 5])})
    boxes = np.array([[0, 0, 1, 1], [0.2, 0.1, 0.7, 0.9], [0.8, 0.9, 0.1, 0.2], [-0.5, -0.5, 1.5, 1.5]], np.float32)
    crop = {"boxes": boxes, "box_ind": np.array([0, 1, 1, 0], np.int32)}
    for method, value, size in itertools.product(("bilinear", "nearest"), (0, 2.5), ([3, 3], [1, 1], [2, 5])):
        yield Case("CropAndResize", {"image": x, **crop, "crop_size": const(size)}, {"method": method, "extrapolation_value": value})
    for name in ("uint8", "int32", "float64"):
        yield Case("CropAndResize", {"image": np.abs(x * 30).astype(name), **crop, "crop_size": const([3, 3])})
    transforms = np.array([[1, 0.2, -1, 0.1, 0.9, 0.5, 0, 0], [1, 0, 0.5, 0, 1, 1.5, 0.01, 0.02]], np.float32)
    for way, mode, fill in itertools.product(("NEAREST", "BILINEAR"), ("CONSTANT", "REFLECT", "WRAP", "NEAREST"), (0, 1.5)):
        inputs = {"images": x, "transforms": transforms, "output_shape": const([4, 5]), "fill_value": const(fill, np.float32)}
        yield Case("ImageProjectiveTransformV3", inputs, {"interpolation": way, "fill_mode": mode})
    single = {"images": x, "transforms": transforms[:1], "output_shape": const([4, 3]), "fill_value": const(0, np.float32)}
    yield Case("ImageProjectiveTransformV3", single, {"interpolation": "BILINEAR"})
    corners = np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 10, 1, 11], [0, 0.9, 1, 1.9], [1, 1, 0, 0], [0, 10.1, 1, 11.1]], np.float32)
    scores = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], np.float32)
    common = {"boxes": corners, "scores": scores, "iou_threshold": const(0.5, np.float32)}
    for size in (2, 6, 8):
        limit = {"max_output_size": const(size)}
        yield Case("NonMaxSuppressionV2", {**common, **limit})
        for threshold in (0, 0.4):
            floor = {"score_threshold": const(threshold, np.float32)}
            yield Case("NonMaxSuppressionV3", {**common, **limit, **floor})
            for pad in (False, True):
                for only in ((0,), (1,)):
                    yield Case("NonMaxSuppressionV4", {**common, **limit, **floor}, {"pad_to_max_output_size": pad}, only)
                for only in ((0,), (1,), (2,)):
                    for sigma in (0, 0.5):
                        inputs = {**common, **limit, **floor, "soft_nms_sigma": const(sigma, np.float32)}
                        yield Case("NonMaxSuppressionV5", inputs, {"pad_to_max_output_size": pad}, only)


def cases():
    """All of them."""
    for make in (convolutions, pools, normalisation, images):
        yield from make()
