"""Dropout in recurrent networks: wrappers of cells within loops."""

from tf_keras.src.layers.rnn import legacy_cell_wrappers, legacy_cells

from model import tf
from training_layers import dense
from training_model import tf1, training


def _classify(net, cell, **dropout):
    x = net.input("sequence", 6, 4, batch=8)
    if net.training:
        cell = legacy_cell_wrappers.DropoutWrapper(cell, dtype=tf.float32, **dropout)
    outputs, _ = tf1.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    logits = dense(outputs[:, -1], 3, "logits")
    net.minimize(logits)
    return logits


@training()
def lstm_with_dropout_in_a_loop(net):
    return _classify(net, legacy_cells.BasicLSTMCell(5), input_keep_prob=0.8, output_keep_prob=0.6, state_keep_prob=0.9)


@training(resource=True, control_flow_v2=True)
def gru_with_dropout_in_a_loop_of_functions(net):
    return _classify(net, legacy_cells.GRUCell(5), output_keep_prob=0.6)


@training()
def gru_with_one_mask_for_all_steps(net):
    """Variational: the masks are drawn in front of the loop."""
    options = {"variational_recurrent": True, "input_size": 4, "input_keep_prob": 0.7, "output_keep_prob": 0.7}
    return _classify(net, legacy_cells.GRUCell(5), **options)


@training()
def rnn_whose_dropout_is_a_placeholder(net):
    kept = net.fed_in_training(tf1.placeholder(tf.float32, [], name="keep_prob"), 0.6) if net.training else 1.0
    return _classify(net, legacy_cells.BasicRNNCell(5), output_keep_prob=kept)
