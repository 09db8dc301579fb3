"""Makes the files of one training graph, and the numbers of the inference graph made by hand."""

import pathlib
import pickle

from google.protobuf import text_format

from model import SIGNATURE, np, tf
from session import session_config
from training_model import STEPS, Net, tf1

CHECKPOINT = "./model.ckpt"
FILES = {"meta": "model.meta", "pb": "graph.pb", "pbtxt": "graph.pbtxt"}
# Less than this is no difference that a row could show anything by.
LEAST_DIFFERENCE = 1e-3


def build_training(spec):
    """Makes all files in the current folder and returns the row's record."""
    net, numbers = _build_keras(spec) if spec.form == "saved" else _build_graphs(spec)
    with open("numbers.pickle", "wb") as file:
        pickle.dump(numbers, file)
    source = ["--graph=saved"]
    if spec.form != "saved":
        source = [f"--graph={FILES[spec.form]}", f"--checkpoint={CHECKPOINT}"]
        source += [f"--outputs={','.join(name.split(':')[0] for name in numbers['fetches'])}"]
    return {
        "form": spec.form,
        # There is nothing to inline in others.
        "forms": ["frozen", "inlined"] if net.has_functions else ["frozen"],
        "source": source,
        "flags": net.flags,
        "untouchedBy": net.untouched_by,
        "compared": net.compared,
        "rtol": net.rtol,
        "atol": net.atol,
    }


def _build_graphs(spec):
    (tf1.enable_resource_variables if spec.resource else tf1.disable_resource_variables)()
    (tf1.enable_control_flow_v2 if spec.control_flow_v2 else tf1.disable_control_flow_v2)()
    net = Net(is_training=True)
    names, trained = _train(spec, net)
    by_hand = Net(is_training=False)
    with tf.Graph().as_default(), tf1.Session(config=session_config()) as session:
        tf1.set_random_seed(1)
        outputs = _listed(spec.build(by_hand))
        if [output.name for output in outputs] != names:
            raise ValueError(f"the outputs are {names} of the one graph and {outputs} of the other")
        if tf1.global_variables():
            tf1.train.Saver(by_hand.restored).restore(session, CHECKPOINT)
        fetches = dict(zip(names, session.run(outputs, by_hand.feeds)))
    if net.alike is None:
        _require_difference(fetches, trained(by_hand.feeds))
    feeds = {net.names.get(name, name): value for name, value in by_hand.feeds.items()}
    return net, {"feeds": feeds, "fetches": fetches}


def _train(spec, net):
    """Trains and saves; returns the names of the outputs, and what gives the trained graph's numbers."""
    graph = tf.Graph()
    with graph.as_default():
        session = tf1.Session(config=session_config())
        tf1.set_random_seed(1)
        outputs = _listed(spec.build(net))
        saver = tf1.train.Saver() if tf1.global_variables() else None
        session.run([tf1.global_variables_initializer(), tf1.local_variables_initializer(), *net.initializers])
        coordinator = tf1.train.Coordinator()
        threads = tf1.train.start_queue_runners(session, coordinator) if net.queues else []
        for _ in range(STEPS if net.train_op is not None else 0):
            session.run(net.train_op, {name: draw() for name, draw in net.step_feeds.items()})
        coordinator.request_stop()
        if saver:
            saver.save(session, CHECKPOINT, write_meta_graph=False, write_state=False)
        _write(spec, net, graph, saver)
    names = [output.name for output in outputs]

    def run(feeds):
        step = {name: draw() for name, draw in net.step_feeds.items() if name not in feeds}
        numbers = dict(zip(names, session.run(outputs, {**step, **feeds})))
        coordinator.join(threads, stop_grace_period_secs=1, ignore_live_threads=True)
        return numbers

    return names, run


def _write(spec, net, graph, saver):
    if spec.form == "meta":
        meta_graph = tf1.train.export_meta_graph(graph=graph, saver_def=saver and saver.saver_def)
        graph_def, message = meta_graph.graph_def, meta_graph
    else:
        graph_def = message = graph.as_graph_def()
    net.has_functions = len(graph_def.library.function) > 0
    if net.edit:
        net.edit(graph_def)
    text = spec.form == "pbtxt"
    encoded = text_format.MessageToString(message).encode() if text else message.SerializeToString()
    pathlib.Path(FILES[spec.form]).write_bytes(encoded)


def _build_keras(spec):
    """The model is trained by the builder, and traced as if it were to be trained further."""
    tf1.enable_resource_variables()
    tf1.enable_control_flow_v2()
    net = Net(is_training=True)
    net.has_functions = True
    module, call, *inputs = spec.build(net)
    specs = [tf.TensorSpec([None, *value.shape[1:]], value.dtype, f"input_{i}") for i, value in enumerate(inputs)]
    feeds = {each.name: value for each, value in zip(specs, inputs)}
    trace = lambda is_training: tf.function(lambda *given: {"output": call(*given, is_training)}, specs)
    traced = trace(True)
    tf.saved_model.save(module, "saved", signatures={SIGNATURE: traced})
    fetches = {name: each.numpy() for name, each in trace(False)(*inputs).items()}
    if net.alike is None:
        _require_difference(fetches, {name: each.numpy() for name, each in traced(*inputs).items()})
    return net, {"feeds": feeds, "fetches": fetches}


def _require_difference(inference, training):
    if all(np.allclose(inference[name], training[name], LEAST_DIFFERENCE, LEAST_DIFFERENCE) for name in inference):
        raise ValueError("the training graph gives the numbers of the inference graph")


def _listed(built):
    return list(built) if isinstance(built, (list, tuple)) else [built]
