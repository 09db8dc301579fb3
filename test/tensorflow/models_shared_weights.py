"""Models that read a weight more than once, and normalise what they make of it: alike, or each in its own way."""

from model import model, tf
from models_optimised import NUMBERS, Optimised, chance, fused, normalised, stepwise


def convolved(x, kernel):
    return tf.nn.conv2d(x, kernel, 1, "SAME")


@model(rtol=NUMBERS)
def optimised_towers():
    """All towers normalise alike, in one step or in several: their weight is scaled once, though it is large."""
    m = normalised(kernel=chance(3, 3, 512, 4), bias=chance(4))

    def run(x):
        return {
            "one": fused(convolved(x, m.kernel), m),
            "two": stepwise(convolved(x + 1, m.kernel), m),
            "biased": fused(tf.nn.bias_add(convolved(x + 2, m.kernel), m.bias), m),
        }

    return Optimised(m, run, x=chance(1, 3, 3, 512))


@model(rtol=NUMBERS)
def optimised_copies_of_small_weights():
    """Towers with statistics of their own, and one without any, each have a weight of their own then."""
    m = normalised(kernel=chance(3, 3, 2, 4), sequence=chance(3, 2, 4), factor=chance(4), product=chance(4, 4))

    def run(x):
        row = x[:, 0]
        features = tf.reshape(x[:, :2, :1], [1, 4])
        return {
            "one": fused(convolved(x, m.kernel), m),
            "other": convolved(x + 1, m.kernel) * m.factor,
            "plain": convolved(x + 2, m.kernel),
            "row": tf.nn.conv1d(row, m.sequence, 1, "SAME") * m.factor,
            "plain_row": tf.nn.conv1d(row + 1, m.sequence, 1, "SAME"),
            "product": stepwise(tf.matmul(features, m.product), m),
            "turned": stepwise(tf.matmul(features, m.product, transpose_b=True), m),
        }

    return Optimised(m, run, x=chance(1, 4, 4, 2))


@model(rtol=1e-6)
def optimised_not_where_large_weights_are_shared():
    """Nothing to fold: one weight serves two branches, one convolution is read twice."""
    m = normalised(shared=chance(3, 3, 512, 4), own=chance(3, 3, 512, 4))

    def run(x):
        twice = convolved(x, m.own)
        one, other = (convolved(each, m.shared) for each in (x, x + 1))
        return {"one": fused(one, m), "other": other * m.scale, "twice": fused(twice, m) + twice}

    built = Optimised(m, run, x=chance(1, 3, 3, 512))
    built.gone = ()
    return built
