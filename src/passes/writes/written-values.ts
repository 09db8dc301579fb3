/** Turns the versions of a variable into nodes that compute them. */
import { PermafrostError } from '../../errors.js';
import { boolAttribute, intAttribute, readType, scalarAttribute, typeAttribute } from '../../graph/attributes.js';
import { inputNode, isControlInput, tensorName } from '../../graph/edges.js';
import type { NodesByName } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { variableType } from '../../graph/variables.js';
import { DataType } from '../../proto/data-types.js';
import type { AddedNodes } from './added-nodes.js';
import type { Path } from './path.js';
import type { Use } from './variable-edges.js';
import { updateOf } from './variable-writes.js';
import { type Chosen, lastWrites, type Summed, type Unknown, type Version, type Written } from './version.js';

/** What the rewrites of all variables have in common. */
export interface Rewriting {
  readonly byName: NodesByName;
  /** By node: all of its inputs, where some are new. */
  readonly inputs: Map<string, string[]>;
  /** What becomes of a node once all new inputs are known; given the node with those inputs. */
  readonly become: Map<string, (node: GraphNode) => GraphNode>;
  readonly added: AddedNodes;
  /** By new node: the write whose second input is its second input, whatever that becomes. */
  readonly sums: Map<string, string>;
}

export class WrittenValues {
  readonly #texts = new Map<Version, string>();
  readonly #dtype: number;

  /** By input: the control input that is alive with it. */
  readonly #alive = new Map<string, string>();

  constructor(
    private readonly variable: GraphNode,
    private readonly kind: 'handle' | 'reference',
    /** By write: where it takes the variable. */
    private readonly targets: ReadonlyMap<string, Use>,
    private readonly rewriting: Rewriting,
  ) {
    this.#dtype = variableType(variable);
  }

  /**
   * An input that carries the version where `use` takes the variable.
   * @throws PermafrostError VARIABLE_NOT_FREEZABLE where no nodes compute it.
   */
  at(use: Use, version: Version): string {
    const text = this.#compute(version, use.node);
    return this.#along(use.path, this.#pathOf(version), text, use.node);
  }

  /** Makes a write give what it leaves. */
  give(write: Written, reader: GraphNode): string {
    return this.#compute(write, reader);
  }

  /** A control input that is alive when this input is. */
  alive(input: string): string {
    const name = inputNode(input);
    const producer = this.rewriting.byName.get(name) ?? this.rewriting.added.get(name);
    if (!producer || !/^(Ref)?Switch$/.test(producer.op)) return `^${inputNode(input)}`;
    const known = this.#alive.get(input);
    if (known !== undefined) return known;
    const control = `^${this.#add(`${producer.name}/alive`, 'Identity', [input], readType(producer, 'T'))}`;
    this.#alive.set(input, control);
    return control;
  }

  /** Undefined where no conditional or loop comes before it. */
  #pathOf(version: Version): Path | undefined {
    if (version.kind === 'summed') return this.#pathOf(version.writes[0] as Written);
    return version.kind === 'written' ? this.targets.get(version.node.name)?.path : undefined;
  }

  /** Takes a value through the conditionals and into the loops that the handle has gone through. */
  #along(path: Path, from: Path | undefined, text: string, reader: GraphNode): string {
    let value = text;
    for (const { kind, node, port } of path.stepsBehind(from && path.sharedWith(from))) {
      const name = `${reader.name}/${node.name.slice(node.name.lastIndexOf('/') + 1)}`;
      if (kind === 'switch') {
        const added = this.#add(name, 'Switch', [value, node.inputs[1] as string], this.#dtype);
        value = tensorName(added, port);
        continue;
      }
      const attributes = new Map(node.attributes);
      attributes.delete('_output_shapes');
      // One that is not constant would give the value to the first iteration only.
      attributes.set('is_constant', boolAttribute(true));
      value = this.#add(name, 'Enter', [value], this.#dtype, attributes);
    }
    return value;
  }

  #compute(version: Version, reader: GraphNode): string {
    // From the first on, not by recursion: there may be thousands.
    for (const each of this.#needed(version)) {
      if (this.#texts.has(each)) continue;
      if (each.kind === 'stored') this.#store(each, this.#read(this.variable.name, this.variable.name));
      else if (each.kind === 'unknown') throw this.#unknown(each, reader);
      else if (each.kind === 'chosen') this.#store(each, this.#choice(each, reader));
      else if (each.kind === 'summed') this.#store(each, this.#sum(each, reader));
      else this.#store(each, this.#update(each, reader));
    }
    return this.#texts.get(version) as string;
  }

  /** A version and those that it is computed from, each after its own. */
  #needed(version: Version): Version[] {
    const needed = new Set([version]);
    for (const each of needed) {
      if (this.#texts.has(each)) continue;
      // A write reads the stored value for itself.
      const takes = each.kind === 'written' && updateOf(each.node) !== 'replaced' && each.before.kind !== 'stored';
      if (takes) needed.add(each.before);
      else if (each.kind === 'summed') needed.add(each.writes[0] as Written);
      else if (each.kind === 'chosen') for (const input of each.inputs) needed.add(input.version);
    }
    return [...needed].sort((a, b) => a.depth - b.depth);
  }

  #store(version: Version, text: string): string {
    this.#texts.set(version, text);
    return text;
  }

  /** The write's node becomes the op that computes what it leaves. */
  #update({ node, before }: Written, reader: GraphNode): string {
    const update = updateOf(node);
    if (!update) throw this.#inexpressible(node, reader);
    const target = this.targets.get(node.name) as Use;
    if (update === 'counted') return this.#count(target, before);
    const first = update === 'replaced' ? undefined : this.#before(target, before);
    const guard = update === 'replaced' && target.path.depth > 0 ? [this.alive(node.inputs[0] as string)] : [];
    this.rewriting.become.set(node.name, (rewired) => {
      const [, value, ...controls] = rewired.inputs;
      const inputs = [...(first === undefined ? [] : [first]), value as string, ...guard, ...controls];
      const op = update === 'replaced' ? 'Identity' : update;
      return node.edit({ op, inputs, attributes: new Map([['T', typeAttribute(this.#dtype)]]) });
    });
    return node.name;
  }

  /** A counter gives what it has found, and leaves one more. */
  #count({ node }: Use, before: Version): string {
    this.giveBefore(node, before);
    const one = this.rewriting.added.add(
      `${node.name}/one`,
      'Const',
      [`^${node.name}`],
      new Map([
        ['dtype', typeAttribute(this.#dtype)],
        [
          'value',
          scalarAttribute({
            dtype: this.#dtype,
            ...(this.#dtype === DataType.int64 ? { int64_val: [1] } : { int_val: [1] }),
          }),
        ],
      ]),
    );
    return this.#add(`${node.name}/after`, 'AddV2', [node.name, one], this.#dtype);
  }

  /** Makes a write give what it has found. */
  giveBefore(node: GraphNode, before: Version): void {
    if (this.rewriting.become.has(node.name)) return;
    const value = this.#before(this.targets.get(node.name) as Use, before);
    this.rewriting.become.set(node.name, ({ inputs }) => {
      const attributes = new Map([['T', typeAttribute(this.#dtype)]]);
      return node.edit({ op: 'Identity', inputs: [value, ...inputs.filter(isControlInput)], attributes });
    });
  }

  /** What a write finds. */
  #before(target: Use, before: Version): string {
    const input = target.node.inputs[target.input] as string;
    return before.kind === 'stored' ? this.#read(input, target.node.name) : this.at(target, before);
  }

  /** The stored value, from a handle or a reference: a reference is a value to whoever wants one. */
  #read(input: string, reader: string): string {
    if (this.kind === 'reference') return input;
    const attributes = new Map([['dtype', typeAttribute(this.#dtype)]]);
    return this.rewriting.added.add(`${reader}/before`, 'ReadVariableOp', [input], attributes);
  }

  #sum({ writes }: Summed, reader: GraphNode): string {
    const [first, ...others] = writes as [Written, ...Written[]];
    let sum = this.#compute(first, reader);
    for (const { node } of others) {
      sum = this.#add(`${node.name}/sum`, updateOf(node) as string, [sum, node.inputs[1] as string], this.#dtype);
      this.rewriting.sums.set(sum, node.name);
    }
    return sum;
  }

  /** After a conditional, a Merge of its own gives the version of the branch that ran. */
  #choice({ merge, inputs }: Chosen, reader: GraphNode): string {
    const name = `${merge.name}/${this.variable.name}`;
    const branches = inputs.map(({ input, version }) =>
      this.#add(`${name}/branch`, 'Identity', [this.#compute(version, reader), this.alive(input)], this.#dtype),
    );
    const attributes = new Map([['N', intAttribute(branches.length)]]);
    return this.#add(name, 'Merge', branches, this.#dtype, attributes);
  }

  #add(
    name: string,
    op: string,
    inputs: readonly string[],
    dtype: number,
    attributes: GraphNode['attributes'] = new Map(),
  ): string {
    return this.rewriting.added.add(name, op, inputs, new Map([...attributes, ['T', typeAttribute(dtype)]]));
  }

  #unknown(version: Unknown, reader: GraphNode): PermafrostError {
    const names = lastWrites(version)
      .map((name) => `'${name}'`)
      .join(' and ');
    const cause = version.why === 'loop' ? `${names} writes to it in a loop` : `${names} write to it in no order`;
    return this.#refusal(reader, `takes it after ${cause}`);
  }

  #inexpressible(write: GraphNode, reader: GraphNode): PermafrostError {
    const reads = write === reader ? 'gives' : `takes it after '${write.name}' (${write.op}), which leaves`;
    return this.#refusal(reader, `${reads} a value that only a session computes`);
  }

  #refusal(reader: GraphNode, why: string): PermafrostError {
    return new PermafrostError(
      'VARIABLE_NOT_FREEZABLE',
      `Variable '${this.variable.name}' cannot become a constant: node '${reader.name}' (${reader.op}) ${why}, and the ` +
        `outputs need that node. Choose outputs that do without '${reader.name}', or put '${this.variable.name}' on the ` +
        'deny list.',
    );
  }
}
