"""Text graphs, as people and other writers write them."""

from case import case
from cases_encodings import graph
from runtime import np, tf

# y = (x * w + odd) as a text in every spelling that the text format allows.
TEXT = r"""
# A comment before all.
node { name: "x" op: "Placeholder"
  attr { key: "dtype" value { type: DT_FLOAT } }
  attr: < key: 'shape' value: < shape: < dim: < size: 0x2 >; > > >
} # another at the end of a line
node <
  name: 'w' op: "Vari" "able" 'V2'
  attr { value { s: "" } key: "container" },
  attr { key: "dtype", value { type: 1 } }
  attr { key: "shape"; value { shape { dim [ { size: 02 } ] } } };
  attr { key: "shared_name" value { s: "" } }
>
node { name: "w/read" op: "Identity" input: ["w"]
  attr { key: "T" value { type: DT_FLOAT } }
  attr { key: "_class" value { list { s: ["loc:\x40w"] } } }
}
node { name: "odd" op: "Const"
  attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT
    tensor_shape { dim { size: 2 } } float_val: [1.5f, -2.5e-1F] } } }
  attr { key: "_floats" value { list { f: [inf, -inf, nan, 1e10, -0.0, .5] } } }
  attr { key: "_integers" value { list { i: [0x10, -010, 0] } } }
  attr { key: "_truths" value { list { b: [true, f, 1] } } }
  attr { key: "_bytes" value { s: "\000\x01\xff\n\t\"\'\\\a\u00e9" } }
}
node { name: "scaled" op: "Mul" input: "x" input: "w/read"
  attr { key: "T" value { type: DT_FLOAT } } }
node { name: "y" op: "Add" input: ["scaled", "odd"]
  attr { key: "T" value { type: DT_FLOAT } } }
versions { producer: 2000 }
"""


def small(model):
    """The graph of TEXT."""
    x = model.input("x", [1.0, 2.0])
    w = model.variable("w", [3.0, 4.0])
    odd = tf.constant([1.5, -0.25], name="odd")
    return tf.raw_ops.Add(x=tf.multiply(x, w, name="scaled"), y=odd, name="y")


@case("pbtxt")
def text_in_every_spelling(model):
    model.print = lambda _: TEXT
    return small(model)


@case("pbtxt")
def text_on_one_line(model):
    model.print = lambda graph_def: " ".join(str(graph_def).split("\n"))
    return small(model)


@case("pbtxt")
def text_with_windows_line_ends(model):
    model.print = lambda graph_def: str(graph_def).replace("\n", "\r\n")
    return small(model)


@case("pbtxt", "meta_text")
def text_of_many_attributes(model):
    return graph(model)


@case("pbtxt")
def text_of_odd_constants(model):
    numbers = tf.constant(np.array([np.inf, -np.inf, -0.0, 1e-45, 3.4e38, 0.1], np.float32))
    one = tf.constant(np.float32(1e-45), name="tiny")
    strings = tf.constant([b"\0\xff\"'\\\n", "\u00fc".encode(), b""], name="strings")
    w = model.variable("w", [1.0] * 6)
    return [tf.add(w, numbers, name="y"), tf.identity(one, "z"), tf.identity(strings, "s")]


# What a file is can be seen, so a wrong flag is no reason to fail.
@case("pbtxt", fails="DecodeError")
def text_graph_called_binary(model):
    model.flags = {"input_binary": "true"}
    return small(model)


@case("pb", fails="UnicodeDecodeError")
def binary_graph_called_text(model):
    model.flags = {"input_binary": "false"}
    return small(model)
