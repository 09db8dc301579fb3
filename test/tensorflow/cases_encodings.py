"""Binary graphs in unusual but valid encodings: the frozen file must be the usual one."""

import wire
from case import case
from runtime import np, tf, tf1

# GraphDef: node 1, library 2, versions 4. NodeDef: name 1, op 2, input 3, device 4, attr 5.
NODE, VERSIONS, ATTR = 1, 4, 5
VALUE = 2  # of a map entry
LIST, TENSOR, SHAPE = 1, 8, 7  # of an AttrValue


def graph(model):
    """Nodes with attributes of many kinds, of which enough stay in the frozen graph."""
    image = model.input("image", np.arange(32.0).reshape(1, 4, 4, 2))
    kernel = model.variable("kernel", np.linspace(-1, 1, 16).reshape(2, 2, 2, 2))
    y = tf.nn.conv2d(image, kernel, strides=[1, 2, 1, 1], padding="SAME")
    y = tf.nn.max_pool2d(y, 2, 2, "VALID")
    scale = tf.constant([0.5, -2.0], name="scale")
    y = tf.identity(y * scale, name="marked")
    # pylint: disable=protected-access
    y.op._set_attr("_marks", _marks())
    with tf.control_dependencies([tf.no_op(name="first")]):
        return tf.nn.bias_add(y, [1.0, 2.0], name="y")


def _marks():
    mark = tf1.AttrValue()
    mark.list.i.extend([1, -1, 300])
    return mark


def add_encoding(name, encode):
    """Registers a case whose graph is written by `encode`, from the usual bytes."""

    @case(name=f"encoding_{name}")
    def encoded(model):
        model.encode = lambda graph_def: encode(graph_def.SerializeToString(deterministic=True))
        return graph(model)


def at_nodes(edit):
    """An encoder that edits each NodeDef."""
    return lambda data: wire.change(data, [NODE], edit)


def at_attrs(*path, edit):
    """An encoder that edits what is at a path in each AttrValue."""
    return lambda data: wire.change(data, [NODE, ATTR, VALUE, *path], edit)


def unpack(number):
    """An edit that writes a packed list of varints one by one."""

    def edit(data):
        out = b""
        for found, value, raw in wire.split(data):
            if found == number and isinstance(value, bytes):
                at = 0
                while at < len(value):
                    end = at
                    while value[end] & 0x80:
                        end += 1
                    out += wire.varint(number << 3) + value[at:end + 1]
                    at = end + 1
            else:
                out += raw
        return out

    return edit


def twice(number, wrong):
    """An edit that puts a wrong value before the right one: the last counts."""
    return lambda data: wire.field(number, wrong) + data


def split_versions(data):
    """Two `versions` fields, to be merged."""
    parts = wire.field(VERSIONS, wire.field(2, 3))
    return parts + data


def longer_lengths(data):
    """Length prefixes with needless bytes."""
    return b"".join(wire.field(number, value, padding=2) for number, value, _ in wire.split(data))


def wrong_attr_first(data):
    """The same key twice in the attribute map: the last counts."""
    name = wire.split(data)[0][1]
    if name != b"marked":
        return data
    wrong = wire.field(1, b"T") + wire.field(VALUE, wire.field(6, 3))
    return wire.field(ATTR, wrong) + data


add_encoding("attrs_reversed", at_nodes(wire.reverse(ATTR)))
add_encoding("node_fields_reversed", at_nodes(wire.reorder(lambda number: -number)))
add_encoding("graph_fields_reversed", wire.reorder(lambda number: -number))
add_encoding(
    "value_before_key",
    lambda data: wire.change(data, [NODE, ATTR], wire.reorder(lambda number: -number)),
)
add_encoding("empty_device", at_nodes(lambda data: data + wire.field(4, b"")))
add_encoding("device_before_the_last", at_nodes(twice(4, b"/device:GPU:0")))
add_encoding("op_before_the_last", at_nodes(twice(2, b"NoOp")))
add_encoding("attr_before_the_last", at_nodes(wrong_attr_first))
add_encoding("unpacked_ints", at_attrs(LIST, edit=unpack(3)))
add_encoding("shape_with_defaults", at_attrs(SHAPE, edit=lambda data: data + wire.field(3, 0)))
add_encoding(
    "tensor_fields_reversed", at_attrs(TENSOR, edit=wire.reorder(lambda number: -number))
)
add_encoding("versions_in_two_parts", split_versions)
add_encoding("long_length_prefixes", longer_lengths)
add_encoding("long_length_prefixes_in_nodes", at_nodes(longer_lengths))
add_encoding("unknown_field_of_the_graph", lambda data: data + wire.field(500, b"kept?"))
add_encoding("unknown_field_of_a_node", at_nodes(lambda data: data + wire.field(500, 7)))
add_encoding(
    "unknown_field_of_an_attr", at_attrs(edit=lambda data: data + wire.field(500, b"kept?"))
)


@case()
def encoding_of_the_moment(model):
    model.encode = lambda graph_def: graph_def.SerializeToString(deterministic=False)
    return graph(model)
