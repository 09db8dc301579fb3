/** The variables that a user names for the moving statistics of a normalisation. */
import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';
import { shapeInOptions } from '../../graph/shape-text.js';
import { variableShape, variableType } from '../../graph/variables.js';
import { listNames, nearest } from '../../nearest.js';
import { dataTypeName } from '../../proto/data-types.js';
import type { Scope } from '../scope.js';
import type { Update } from './moving-averages.js';
import type { Statistic } from './statistics.js';

/**
 * @param scale a variable with a number for each channel, which tells of type and shape where no average does.
 * @throws PermafrostError INVALID_ARGUMENT where there is no such variable, or where it is of another type or shape.
 */
export function chosenByUser(
  scope: Scope,
  node: string,
  wanted: string,
  updates: readonly Update[],
  scale?: GraphNode,
): Statistic {
  const like = updates[0]?.variable ?? scale;
  const variable = variableNamed(scope, wanted);
  if (!variable) throw unknownVariable(scope, node, wanted, like);
  if (like && !isLike(scope, variable, like)) {
    const [own, other] = [variable, like].map((each) => describe(scope, each));
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The variable '${wanted}' is ${own}, and cannot hold statistics of '${node}', which are ${other} as ` +
        `'${scope.variableNames(like)[0]}' is. Name a variable of that type and shape.`,
    );
  }
  const update = updates.find((each) => each.variable === variable) ?? updates[0];
  return { variable, update, why: 'as asked for' };
}

function unknownVariable(scope: Scope, node: string, wanted: string, like: GraphNode | undefined): PermafrostError {
  const fitting = scope.graph.nodes.filter(
    (each) => isVariableOrArgument(each) && (!like || isLike(scope, each, like)),
  );
  const names = fitting.flatMap((each) => [each.name, ...scope.variableNames(each)]);
  const near = nearest(wanted, new Set(names));
  const hint = near.length > 0 ? ` The nearest are ${listNames(near)}.` : '';
  return new PermafrostError(
    'INVALID_ARGUMENT',
    `There is no variable '${wanted}' for the statistics of '${node}'.${hint}`,
  );
}

/** Whether one may be in the place of the other, as far as type and shape are known. */
function isLike(scope: Scope, one: GraphNode, other: GraphNode): boolean {
  const others = scope.variables(other);
  return scope.variables(one).every((each) => others.every((like) => areAlike(each, like)));
}

function areAlike(one: GraphNode, other: GraphNode): boolean {
  if (variableType(one) !== variableType(other)) return false;
  const [sizes, others] = [variableShape(one), variableShape(other)];
  if (!sizes || !others) return true;
  return (
    sizes.length === others.length &&
    sizes.every((size, axis) => size < 0 || (others[axis] ?? -1) < 0 || size === others[axis])
  );
}

function describe(scope: Scope, node: GraphNode): string {
  const [variable] = scope.variables(node);
  return variable
    ? `${dataTypeName(variableType(variable))}${shapeInOptions(variableShape(variable))}`
    : 'of a type unknown';
}

/** In a function: the argument of that name, or the one that is always that variable. */
function variableNamed(scope: Scope, wanted: string): GraphNode | undefined {
  const node = scope.graph.byName.get(wanted);
  if (node && isVariableOrArgument(node)) return node;
  if (scope.functionName === undefined) return undefined;
  const isWanted = (each: GraphNode): boolean => {
    const [name, ...others] = isVariableOrArgument(each) ? scope.variableNames(each) : [];
    return name === wanted && others.length === 0;
  };
  return scope.graph.nodes.find(isWanted);
}

function isVariableOrArgument(node: GraphNode): boolean {
  return ['VarHandleOp', 'VariableV2', 'Variable', '_Arg'].includes(node.op);
}
