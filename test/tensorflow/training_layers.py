"""Layers of few variables, for the builders of training graphs."""

from model import tf
from training_model import tf1


def variable(name, *shape, scale=0.5, value=None, trainable=True, dtype=tf.float32):
    """A variable with a first value by chance, or a given one for all of it."""
    initializer = tf1.random_normal_initializer(0, scale) if value is None else tf1.constant_initializer(value)
    return tf1.get_variable(name, shape, dtype, initializer, trainable=trainable)


def dense(x, size, name):
    """A dense layer; its output is called `name/BiasAdd`."""
    with tf1.variable_scope(name):
        product = tf.matmul(x, variable("kernel", x.shape[-1], size, dtype=x.dtype))
        return tf.nn.bias_add(product, variable("bias", size, scale=0.1, dtype=x.dtype), name="BiasAdd")


def conv(x, size, name, width=3, strides=1):
    """A convolution without bias."""
    with tf1.variable_scope(name):
        kernel = variable("kernel", width, width, x.shape[-1], size, scale=0.3, dtype=x.dtype)
        return tf1.nn.conv2d(x, kernel, [1, strides, strides, 1], "SAME", name="Conv2D")


def head(x, name="logits", classes=3):
    """Logits of the mean over an image."""
    return dense(tf.reduce_mean(x, [1, 2]), classes, name)
