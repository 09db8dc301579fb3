"""Builds one case: its files, its live numbers, and what TensorFlow makes of it."""

import contextlib
import io
import os
import pickle

from google.protobuf import text_format
from tensorflow.core.protobuf import meta_graph_pb2

from case import FORMS, Model
from differences import difference
from outcomes import one_line
from renamed import has_frozen_functions
from runtime import read_graph, run_frozen, session_config, tf, tf1
from tool import freeze

CHECKPOINT = "model.ckpt"


def build_case(spec, folder):
    """Makes all files in `folder` and returns the case's record."""
    model = Model(spec)
    with contextlib.chdir(folder):
        outputs, numbers = _build_and_save(spec, model)
        with open("numbers.pickle", "wb") as file:
            # Not .npz: that format forgets bfloat16 and the other small types.
            pickle.dump(numbers, file)
        if model.after_save:
            model.after_save()
        flags = _flags(spec, model, outputs)
        record = {
            "flags": _as_arguments(flags, model.separate_values),
            "permafrostFlags": _as_arguments(
                {model.flag_aliases.get(flag, flag): value for flag, value in flags.items()}
                | model.own_flags,
                model.separate_values,
            ),
            "outputs": outputs,
            "initializers": _initializers(model, flags),
            "cpus": spec.cpus,
            "rtol": model.rtol,
            "run": model.run,
        }
        error = freeze(record["flags"]) or _try_frozen(record, numbers)
        if error and os.path.exists("expected.pb"):
            os.rename("expected.pb", "unusable.pb")
        if model.structure is not None:
            with open("structure.pb", "wb") as file:
                file.write(model.structure.SerializeToString(deterministic=True))
        record["check"] = _check(spec, model, error)
    record["tensorflow"] = error or "ok"
    record["problem"] = _problem(spec, error)
    return record


def _build_and_save(spec, model):
    """Builds the graph, saves its variables, writes it; returns output names and numbers."""
    with tf.Graph().as_default() as graph, tf1.Session(config=session_config(spec.cpus)) as session:
        built = spec.build(model)
        outputs = built if isinstance(built, (list, tuple)) else [built]
        saver = model.make_saver()
        session.run([tf1.global_variables_initializer(), tf1.tables_initializer()])
        saver.save(session, f"./{CHECKPOINT}", write_meta_graph=False, write_state=False)
        session.run(model.more_initializers)
        operations = [getattr(output, "op", output) for output in outputs]
        live = {t.name: t for op in operations for t in op.outputs} | model.fetches
        if not model.run:
            live = {}
        session.run([op for op in operations if not op.outputs], model.feeds)
        fetches = dict(zip(live, session.run(list(live.values()), model.feeds)))
        if spec.form.startswith("saved"):
            _write_saved_model(spec, model, session)
        else:
            _write_graph(spec, model, graph, saver)
    return [op.name for op in operations], {"feeds": model.feeds, "fetches": fetches}


def _write_saved_model(spec, model, session):
    builder = tf1.saved_model.Builder(FORMS[spec.form][0])
    if model.add_meta_graphs:
        model.add_meta_graphs(builder, session)
    else:
        builder.add_meta_graph_and_variables(session, ["serve"])
    builder.save(as_text=spec.form == "saved_text")


def _write_graph(spec, model, graph, saver):
    file = FORMS[spec.form][0]
    if spec.form.startswith("meta"):
        as_text = spec.form == "meta_text"
        with graph.as_default():
            saver.export_meta_graph(file, as_text=as_text)
        if model.edit:
            _edit_meta_graph(file, as_text, model.edit)
        return
    graph_def = graph.as_graph_def(add_shapes=model.add_shapes)
    if model.edit:
        model.edit(graph_def)
    if model.encode:
        with open(file, "wb") as out:
            out.write(model.encode(graph_def))
    elif model.print:
        with open(file, "w", encoding="utf-8") as out:
            out.write(model.print(graph_def))
    else:
        tf.io.write_graph(graph_def, ".", file, as_text=spec.form == "pbtxt")


def _edit_meta_graph(file, as_text, edit):
    meta_graph = meta_graph_pb2.MetaGraphDef()
    with open(file, "rb") as source:
        if as_text:
            text_format.Merge(source.read(), meta_graph)
        else:
            meta_graph.ParseFromString(source.read())
    edit(meta_graph.graph_def)
    with open(file, "wb") as out:
        if as_text:
            out.write(text_format.MessageToString(meta_graph).encode())
        else:
            out.write(meta_graph.SerializeToString())


def _flags(spec, model, outputs):
    file, flag, binary = FORMS[spec.form]
    flags = {
        flag: file,
        "input_binary": "true" if binary else "false",
        # A SavedModel has its own.
        "input_checkpoint": None if spec.form.startswith("saved") else f"./{CHECKPOINT}",
        "output_node_names": ",".join(outputs),
    }
    return {flag: value for flag, value in {**flags, **model.flags}.items() if value is not None}


def _initializers(model, flags):
    if model.initializers is not None:
        return model.initializers
    return [name for name in flags.get("initializer_nodes", "").split(",") if name]


def _as_arguments(flags, separate):
    arguments = []
    for flag, value in flags.items():
        if value is True:
            arguments.append(f"--{flag}")
        else:
            arguments += [f"--{flag}", value] if separate else [f"--{flag}={value}"]
    return arguments


def _try_frozen(record, numbers):
    """Runs TensorFlow's own frozen file: some load in no session, and are no model for ours."""
    try:
        frozen = run_frozen("expected.pb", {**record, "numbers": numbers})
    except Exception as error:  # pylint: disable=broad-except
        return f"unusable file: {one_line(error)}"
    wrong = difference(numbers["fetches"], frozen, record["rtol"])
    return wrong and f"wrong numbers: {wrong}"


def _check(spec, model, error):
    if spec.refused:
        return "refused"
    if not error:
        return "renamed" if has_frozen_functions(read_graph("expected.pb")) else "bytes"
    return "numbers" if model.structure is None else "structure"


def _problem(spec, error):
    """What TensorFlow does with a case is part of it; anything else means the case is broken."""
    if spec.fails and not error:
        return f"TensorFlow was expected to fail with {spec.fails!r} but froze the graph"
    if error and not spec.fails:
        return f"TensorFlow was expected to freeze the graph but failed: {error}"
    if error and spec.fails not in error:
        return f"TensorFlow was expected to fail with {spec.fails!r} but said: {error}"
    return None
