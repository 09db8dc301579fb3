"""What feeds a graph while it is trained: datasets and queues. Frozen, it takes a placeholder."""

from model import np, tf
from training_decomposed import slim_norm
from training_layers import conv, dense, head
from training_model import BATCH, tf1, training


def _classify(net, x, labels):
    net.alike = "only the input is other"
    logits = dense(tf.nn.relu(dense(x, 8, "hidden")), 3, "logits")
    net.minimize(logits, labels=labels)
    return logits


def _examples(net, count=64):
    return net.draw(count, 5), net.chance.integers(0, 3, count).astype(np.int32)


def _from_iterator(net, make_iterator, frozen_name):
    if not net.training:
        return _classify(net, net.input("features", 5), None)
    net.names["features:0"] = f"{frozen_name}:0"
    iterator = make_iterator(tf1.data.Dataset.from_tensor_slices(_examples(net)).repeat().batch(BATCH))
    features, labels = iterator.get_next()
    return _classify(net, features, labels)


@training()
def iterator_made_once(net):
    return _from_iterator(net, tf1.data.make_one_shot_iterator, "IteratorGetNext_0")


@training()
def iterator_as_a_default(net):
    """The placeholder stays what is fed, and takes nothing from the iterator any more."""
    if not net.training:
        return _classify(net, net.input("x", 5), None)
    dataset = tf1.data.Dataset.from_tensor_slices(_examples(net)).repeat().batch(BATCH)
    features, labels = tf1.data.make_one_shot_iterator(dataset).get_next()
    return _classify(net, tf1.placeholder_with_default(features, [None, 5], name="x"), labels)


@training()
def iterator_with_an_initializer(net):
    def make(dataset):
        iterator = tf1.data.make_initializable_iterator(dataset)
        net.initializers.append(iterator.initializer)
        return iterator

    return _from_iterator(net, make, "IteratorGetNext_0")


@training("meta", "pb")
def iterator_cut_by_name(net):
    """Both outputs come from one node; what becomes of the labels does not matter."""
    net.flags.append("--inputs=IteratorGetNext:0=image:float32[?,5]")
    return _from_iterator(net, tf1.data.make_one_shot_iterator, "image")


@training()
def iterator_of_one_tensor(net):
    """The placeholder has the iterator's own name."""
    if not net.training:
        return _classify(net, net.input("features", 5), None)
    net.names["features:0"] = "IteratorGetNext:0"
    dataset = tf1.data.Dataset.from_tensor_slices(_examples(net)[0]).repeat().batch(BATCH)
    return _classify(net, tf1.data.make_one_shot_iterator(dataset).get_next(), None)


@training()
def iterator_of_records_that_are_parsed(net):
    """The parser is in the graph, behind the iterator: the cut is behind the parser."""
    net.flags.append("--inputs=parsed=features:float32[?,5]")
    if not net.training:
        return _classify(net, net.input("features", 5), None)
    floats = lambda values: tf.train.Feature(float_list=tf.train.FloatList(value=values))
    integers = lambda values: tf.train.Feature(int64_list=tf.train.Int64List(value=values))
    features = [{"x": floats(x), "y": integers([y])} for x, y in zip(*_examples(net))]
    examples = [tf.train.Example(features=tf.train.Features(feature=each)) for each in features]
    records = [each.SerializeToString() for each in examples]
    dataset = tf1.data.Dataset.from_tensor_slices(records).repeat().batch(BATCH)
    wanted = {"x": tf1.FixedLenFeature([5], tf.float32), "y": tf1.FixedLenFeature([], tf.int64)}
    parsed = tf1.parse_example(tf1.data.make_one_shot_iterator(dataset).get_next(), wanted)
    return _classify(net, tf.identity(parsed["x"], name="parsed"), tf.cast(parsed["y"], tf.int32))


@training()
def queue_of_batches(net):
    """string_input_producer's kind: slices in a queue, batches in another, threads for both."""
    return _from_queue(net, lambda tensors: tf1.train.batch(tensors, BATCH), "batch_0")


@training()
def queue_that_shuffles(net):
    shuffle = lambda tensors: tf1.train.shuffle_batch(tensors, BATCH, capacity=64, min_after_dequeue=8)
    return _from_queue(net, shuffle, "shuffle_batch_0")


def _from_queue(net, make_batch, frozen_name):
    if not net.training:
        return _classify(net, net.input("features", 5, batch=BATCH), None)
    net.names["features:0"] = f"{frozen_name}:0"
    net.queues = True
    one = tf1.train.slice_input_producer([tf.constant(each) for each in _examples(net)], seed=1)
    return _classify(net, *make_batch(one))


@training()
def queue_of_files_cut_in_front_of_the_model(net):
    """Files are read and decoded as text, with a normalisation behind; the cut is behind the decoder."""
    net.flags.append("--inputs=columns=columns:float32[?,6]")
    if not net.training:
        return _classify(net, net.input("columns", 6)[:, :5] / 2, None)
    with open("examples.csv", "w", encoding="utf8") as file:
        for x, y in zip(*_examples(net)):
            file.write(",".join(map(str, [*x, y])) + "\n")
    net.queues = True
    _, line = tf1.TextLineReader().read(tf1.train.string_input_producer(["examples.csv"], seed=1))
    columns = tf.identity(tf1.train.batch([tf.stack(tf1.decode_csv(line, [[0.0]] * 6))], BATCH), name="columns")
    return _classify(net, columns[:, :5] / 2, tf.cast(columns[:, 5], tf.int32))


@training()
def iterator_with_all_that_training_brings(net):
    """An iterator, a batch norm and a dropout, and no flag but one."""
    net.alike = "the input is other too"
    if net.training:
        net.names["image:0"] = "IteratorGetNext_0:0"
        images, kinds = net.draw(64, 6, 6, 3), net.chance.integers(0, 3, 64).astype(np.int32)
        dataset = tf1.data.Dataset.from_tensor_slices((images, kinds)).repeat().batch(BATCH)
        image, labels = tf1.data.make_one_shot_iterator(dataset).get_next()
    else:
        image, labels = net.input("image", 6, 6, 3), None
    x = tf.nn.relu(slim_norm(net, conv(image, 4, "conv"), "conv/BatchNorm"))
    x = tf1.nn.dropout(x, keep_prob=0.7) if net.training else x
    logits = head(x)
    net.minimize(logits, labels=labels)
    return logits
