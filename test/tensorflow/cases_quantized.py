"""Quantised types, which a numpy array cannot be: they are made from bits."""

from case import case
from runtime import np, tf

BASES = {"qint8": np.int8, "quint8": np.uint8, "quint16": np.uint16, "qint32": np.int32}


def add_quantized(name, kind, shapes):
    """Registers one case of a quantised type."""

    @case("pb", name=f"dtype_{name}_{kind}")
    def quantized(model):
        dtype, base = tf.as_dtype(name), BASES[name]
        limits = np.iinfo(base)
        outputs = []
        for label, shape in shapes.items():
            pool = np.resize(np.array([limits.min, limits.max, 1, 0], base), shape)
            variable = model.variable(label, tf.bitcast(tf.constant(pool), dtype), dtype)
            outputs.append(tf.identity(variable, name=f"{label}_out"))
        return outputs


for _name in BASES:
    add_quantized(_name, "array", {"vector": [4], "matrix": [2, 3]})
    add_quantized(_name, "scalar", {"scalar": [], "one": [1]})
    add_quantized(_name, "empty", {"none": [0, 2]})
