"""A session that runs what the graph says, op by op."""

import tensorflow as tf
from tensorflow.core.protobuf import rewriter_config_pb2

tf1 = tf.compat.v1


def session_config(cpus=1):
    """A config without graph optimisers."""
    config = tf1.ConfigProto(allow_soft_placement=True, device_count={"CPU": cpus})
    config.graph_options.optimizer_options.opt_level = tf1.OptimizerOptions.L0
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    config.graph_options.rewrite_options.constant_folding = rewriter_config_pb2.RewriterConfig.OFF
    return config
