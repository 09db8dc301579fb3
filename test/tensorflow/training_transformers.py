"""Encoders like BERT: dropouts go, layer normalisations stay."""

from model import np, tf
from nodes import add_node
from training_layers import dense, variable
from training_model import tf1, training

SIZE = 8


def layer_norm(x, name):
    """Over the features of each token, with moments of its own."""
    with tf1.variable_scope(name):
        mean, variance = tf1.nn.moments(x, [-1], keepdims=True)
        scale = variable("gamma", SIZE, value=1.2)
        return tf.nn.batch_normalization(x, mean, variance, variable("beta", SIZE, scale=0.1), scale, 1e-12)


def gelu(x):
    """By the error function, as the first BERT has it."""
    return x * 0.5 * (1.0 + tf.math.erf(x / np.float32(np.sqrt(2))))


def encoder(net, drop):
    """Embeddings, attention and two dense layers, with `drop` wherever BERT drops."""
    ids = net.ids("input_ids", 6)
    mask = tf.cast(tf.not_equal(ids, 0), tf.float32)
    x = tf.gather(variable("embeddings", 20, SIZE), ids) + variable("positions", 6, SIZE)
    x = drop(layer_norm(x, "embeddings_norm"), "embeddings_dropout")
    with tf1.variable_scope("layer_0"):
        query, key, value = (_tokens(x, SIZE, name) for name in ("query", "key", "value"))
        scores = tf.matmul(query, key, transpose_b=True) / np.float32(np.sqrt(SIZE))
        scores += (1.0 - mask[:, None, :]) * -10000.0
        attended = tf.matmul(drop(tf.nn.softmax(scores), "attention_dropout"), value)
        x = layer_norm(x + drop(_tokens(attended, SIZE, "output"), "hidden_dropout"), "norm1")
        inner = gelu(_tokens(x, 12, "intermediate"))
        x = layer_norm(x + drop(_tokens(inner, SIZE, "outer"), "outer_dropout"), "norm2")
    pooled = tf.tanh(dense(x[:, 0], SIZE, "pooler"))
    logits = dense(drop(pooled, "pooled_dropout"), 3, "logits")
    net.minimize(logits)
    return logits


def _tokens(x, size, name):
    flat = dense(tf.reshape(x, [-1, x.shape[-1]]), size, name)
    return tf.reshape(flat, [-1, 6, size])


@training()
def encoder_like_bert(net):
    return encoder(net, lambda x, name: tf1.nn.dropout(x, keep_prob=0.8) if net.training else x)


@training(resource=True)
def encoder_like_bert_of_resources(net):
    return encoder(net, lambda x, name: tf.nn.dropout(x, rate=0.2) if net.training else x)


def _on_an_npu(net, suffix):
    """TensorFlow has no such ops: what is to become a dropout is an Identity until the graph is written."""
    names = []

    def drop(x, name):
        if not net.training:
            return x
        names.append(name)
        with tf1.name_scope(None):
            return tf.identity(x, name=name)

    net.alike = "TensorFlow has no kernel for the ops, so it trains without them"
    net.edit = lambda graph_def: _replace_by_npu_ops(graph_def, names, suffix)
    return encoder(net, drop)


def _replace_by_npu_ops(graph_def, names, suffix):
    kept = tf.make_tensor_proto(0.8 if not suffix else 0.2, tf.float32)
    add_node(graph_def, "dropout_share", "Const", dtype=tf.float32, value=kept)
    for node in graph_def.node:
        if node.name in names:
            x = node.input[0]
            del node.input[:]
            node.input.extend([x, f"{node.name}/mask", "dropout_share"])
            node.op = f"DropOutDoMask{suffix}"
    for name in names:
        x = next(node.input[0] for node in graph_def.node if node.name == name)
        add_node(graph_def, f"{name}/shape", "Shape", [x], T=tf.float32, out_type=tf.int32)
        mask = add_node(graph_def, f"{name}/mask", f"DropOutGenMask{suffix}", [f"{name}/shape", "dropout_share"])
        mask.attr["T"].type = tf.int32.as_datatype_enum
        mask.attr["S"].type = tf.float32.as_datatype_enum
        mask.attr["seed"].i = 1


@training("pb")
def encoder_on_an_npu(net):
    return _on_an_npu(net, "")


@training()
def encoder_on_an_npu_of_version_3(net):
    return _on_an_npu(net, "V3")
