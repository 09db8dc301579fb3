"""Small graphs of reads and writes, put together by chance, in which one order is the only one."""

import random

from case import case
from runtime import tf, tf1

SEEDS = range(12)
STEPS = 14


class RandomGraph:
    """Every read of a variable waits for the write before it, every write for all reads before it."""

    def __init__(self, model, seed, resource):
        self.model = model
        self.random = random.Random(seed)
        self.resource = resource
        names = [f"v{index}" for index in range(3)]
        self.variables = {
            name: model.variable(name, [index + 1.0, -2.0], resource=resource)
            for index, name in enumerate(names)
        }
        self.done = {name: [] for name in names}
        self.last_write = {name: [] for name in names}
        self.old_reads = {name: [] for name in names}
        self.values = [model.input("x", [0.5, 0.25])]
        self.writes = 0

    def read(self, name):
        """Uses what the variable holds; of a reference, perhaps through an identity made earlier."""
        with tf.control_dependencies(self.last_write[name]):
            reads = [self.variables[name].read_value()]
            if self.resource:
                value = reads[0]
            else:
                value = self.random.choice(reads + self.old_reads[name])
                self.old_reads[name] += reads
            used = value * self.random.choice([1.0, 2.0, 3.0])
        self.done[name].append(used.op)
        self.values.append(used)

    def write(self, name):
        """Adds, subtracts or assigns, always or in a branch."""
        self.writes += 1
        assign = self.random.choice([tf1.assign, tf1.assign_add, tf1.assign_sub])
        value = self.random.choice(self.values)
        waited = self.done[name] + self.last_write[name]

        def run():
            return assign(self.variables[name], value).op

        with tf.control_dependencies(waited):
            if self.random.random() < 0.3:
                flag = self.model.input(f"p{self.writes}", self.random.random() < 0.5, tf.bool)
                # A branch drops what it should wait for outside; its predicate waits.
                flag = tf.identity(flag)
                operation = tf.cond(flag, lambda: self._then(run()), lambda: tf.constant(0.0)).op
            else:
                operation = run()
        self.last_write[name], self.done[name] = [operation], []

    @staticmethod
    def _then(operation):
        with tf.control_dependencies([operation]):
            return tf.constant(1.0)

    def outputs(self):
        """Some of the values, and one that comes after everything."""
        for name in self.variables:
            self.read(name)
        chosen = self.random.sample(self.values, 3) + self.values[-len(self.variables) :]
        return [tf.identity(value, name=f"y{index}") for index, value in enumerate(chosen)]


def build(model, seed, resource):
    """A graph of reads and writes in some order."""
    graph = RandomGraph(model, seed, resource)
    for _ in range(STEPS):
        name = graph.random.choice(list(graph.variables))
        graph.random.choice([graph.read, graph.write])(name)
    # Without one, TensorFlow would have nothing to stumble over.
    graph.write("v0")
    return graph.outputs()


for each in SEEDS:
    case("pb", name=f"random_writes_{each}_pb", fails="float_ref")(
        lambda model, seed=each: build(model, seed, False)
    )
    case("meta", name=f"random_writes_{each}_meta", fails="incompatible with expected resource")(
        lambda model, seed=each: build(model, seed, True)
    )
