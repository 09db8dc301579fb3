"""Lists on the command line: what to freeze, what to keep, what to output."""

from case import case
from runtime import tf, tf1


def two_variables(model, resource=False):
    """y = x w + b"""
    x = model.input("x", [[1.0, 2.0]])
    w = model.variable("w", [[3.0], [4.0]], resource=resource)
    b = model.variable("b", [5.0], resource=resource)
    return tf.add(tf.matmul(x, w), b, name="y")


def add_list(name, form="pb", aliases=None, **flags):
    """Registers a case in which a variable may be kept, so that the output cannot run."""

    @case(form, name=name)
    def listed(model):
        model.flags = flags
        model.flag_aliases = aliases or {}
        model.run = False
        return two_variables(model, resource=form == "meta")


add_list("allow_list", variable_names_whitelist="w")
add_list("allow_list_of_both", variable_names_whitelist="b,w")
add_list("allow_list_of_unknown_name", variable_names_whitelist="nothing")
add_list("deny_list", variable_names_denylist="b")
add_list("deny_list_of_both", variable_names_denylist="w,b")
add_list("deny_list_of_unknown_name", variable_names_denylist="nothing")
add_list("allow_and_deny_lists", variable_names_whitelist="w,b", variable_names_denylist="w")
add_list("lists_with_spaces", variable_names_whitelist=" w , b ", variable_names_denylist="w ")
add_list("allow_list_meta", form="meta", variable_names_whitelist="w")
add_list("deny_list_meta", form="meta", variable_names_denylist="w")
# The flag had this name before TensorFlow 2.5 or so, and scripts still say it.
add_list(
    "deny_list_by_its_old_name",
    variable_names_denylist="b",
    aliases={"variable_names_denylist": "variable_names_blacklist"},
)


@case()
def many_outputs(model):
    y = two_variables(model)
    return [y, tf.nn.relu(y, name="z"), tf.negative(y, name="n")]


@case()
def outputs_in_another_order(model):
    return many_outputs(model)[::-1]


@case()
def outputs_with_spaces(model):
    model.flags = {"output_node_names": " y , n"}
    outputs = many_outputs(model)
    return [outputs[0], outputs[2]]


@case()
def output_named_twice(model):
    y = two_variables(model)
    return [y, y]


@case()
def output_with_unreached_nodes(model):
    return many_outputs(model)[0]


@case()
def output_is_a_ref_variable(model):
    two_variables(model)
    return model.variable("out", [1.0, 2.0]).op


@case("meta")
def output_is_a_handle(model):
    variable = model.resource("out", [1.0, 2.0])
    model.fetch_as("out:0", variable.read_value())
    return variable.handle.op


@case("pb", "meta")
def output_is_a_read(model):
    resource = model.form == "meta"
    model.variable("out", [1.0, 2.0], resource=resource)
    name = "out/Read/ReadVariableOp" if resource else "out/read"
    return tf1.get_default_graph().get_operation_by_name(name)


@case()
def output_is_a_no_op(model):
    y = two_variables(model)
    with tf.control_dependencies([y]):
        return tf.no_op(name="done")


@case("pb", "meta")
def output_is_a_group(model):
    y = two_variables(model, resource=model.form == "meta")
    return tf.group(y, tf.nn.relu(y, name="z"), name="all")


@case()
def output_is_a_placeholder(model):
    y = two_variables(model)
    return [y, tf1.get_default_graph().get_operation_by_name("x")]


@case()
def output_needs_no_variable(model):
    two_variables(model)
    return tf.add(model.input("a", [1.0]), 2.0, name="sum")


@case()
def output_with_many_tensors(model):
    w = model.variable("w", [[1.0, 2.0], [3.0, 4.0]])
    return tf.split(w, 2, name="parts")[0]
