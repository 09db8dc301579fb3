import { expect, it } from 'vitest';
import { BodyGraph } from '../../src/inference/body-graph.js';
import { libraryOf } from '../support/functions.js';
import { float, floatNode, graphOf, int32Type, intAttr, typeAttr } from '../support/graph-def.js';
import { lines } from '../support/stored.js';

const graph = graphOf([], {
  library: libraryOf({
    f: {
      inputs: { x: float },
      outputs: { y: float, z: float },
      nodes: [
        { name: 'u', op: 'Unique', input: ['x'], attr: { T: typeAttr(float), out_idx: typeAttr(3) } },
        { name: 'mine', op: 'Custom', input: ['x', 'u:idx:0', '^u'] },
        floatNode('Mul', 'm', 'mine:second:0', 'mine:first:0'),
      ],
      returns: { y: 'm:z:0', z: 'x' },
      controls: ['mine'],
    },
  }),
});
const f = graph.library.functions[0] as (typeof graph.library.functions)[number];

it('arguments, results and outputs are those of a graph', () => {
  expect(lines(new BodyGraph(f, graph.library).graph)).toEqual([
    'x = _Arg()',
    'u = Unique(x)',
    'mine = Custom(x, u:1, ^u)',
    'm = Mul(mine, mine:1)',
    'y_Retval = _Retval(m)',
    'z_Retval = _Retval(x)',
  ]);
});

it('a body that nobody edited comes back as it was', () => {
  const body = new BodyGraph(f, graph.library);
  const back = body.toFunction(body.graph, new Set(['mine']));
  expect(back.nodes).toEqual(f.nodes);
  expect(back.nodes.every((node, index) => node === f.nodes[index])).toBe(true);
  expect(back.encode()).toEqual(f.encode());
});

it('who reads a node that has become another op reads the output of that', () => {
  const body = new BodyGraph(f, graph.library);
  const edited = body.graph.mapNodes((node) =>
    node.name === 'm' ? node.edit({ op: 'Identity', inputs: ['mine'] }) : node,
  );
  const back = body.toFunction(edited, new Set());
  expect(back.nodes.at(-1)?.inputs).toEqual(['mine:second:0']);
  expect(back.returns.get('y')).toBe('m:output:0');
  expect(back.controlReturns.size).toBe(0);
});

it('outputs are counted where a node leaves their type to the default of its op', () => {
  const shapes = { name: 's', op: 'ShapeN', input: ['x', 'x'], attr: { N: intAttr(2), T: typeAttr(float) } };
  const { library } = graphOf([], {
    library: libraryOf({
      f: { inputs: { x: float }, outputs: { y: int32Type }, nodes: [shapes], returns: { y: 's:output:1' } },
    }),
  });
  const [source] = library.functions as [(typeof library.functions)[number]];
  const body = new BodyGraph(source, library);
  expect(lines(body.graph).at(-1)).toBe('y_Retval = _Retval(s:1)');
  expect(body.toFunction(body.graph, new Set()).returns.get('y')).toBe('s:output:1');
});

it('a control edge from what is not there is refused', () => {
  const node = { ...floatNode('Neg', 'n', 'x'), input: ['x', '^gone'] };
  const { library } = graphOf([], {
    library: libraryOf({ f: { inputs: { x: float }, outputs: { y: float }, nodes: [node], returns: { y: 'n:y:0' } } }),
  });
  const [source] = library.functions as [(typeof library.functions)[number]];
  expect(() => new BodyGraph(source, library)).toThrow(/'f' uses '\^gone', and has no such node/);
});

it('very many arguments are found as fast as few', () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `a${index}`);
  const { library } = graphOf([], {
    library: libraryOf({
      many: {
        inputs: Object.fromEntries(names.map((name) => [name, float])),
        outputs: { y: float },
        nodes: [floatNode('AddN', 'sum', ...names)],
        returns: { y: 'sum:sum:0' },
      },
    }),
  });
  const body = new BodyGraph(library.functions[0] as (typeof library.functions)[number], library);
  expect(body.graph.byName.get('sum')?.inputs).toHaveLength(names.length);
});
