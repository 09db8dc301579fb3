/**
 * The names of the cases in TensorFlow's own tests of freezing, up to 2.21. Each is in the title of a case in this folder,
 * or it is said here why it has none.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const cases: Readonly<Record<string, readonly string[]>> = {
  'tools/freeze_graph_test.py': [
    'testFreezeGraphV1',
    'testFreezeGraphV2',
    'testFreezeMetaGraph',
    'testFreezeSavedModel',
    'testSinglePartitionedVariable',
  ],
  'framework/convert_to_constants_test.py': [
    'testConstSavedModel',
    'testVariableModel',
    'testScalarModel',
    'testVariableSavedModel',
    'testMultiFunctionModel',
    'testRefVariableImport',
    'testIf',
    'testStatelessIf',
    'testStaticRnn',
    'testWhile',
    'testStatelessWhile',
    'testDynamicRnn',
    'testSwitchCase',
    'testConvertVariables',
    'testConvertVariablesWithAssignments',
    'test_resource_variable_can_be_written_after_denylisting',
    'testReferenceVariables',
    'testResourceVariables',
    'testWithFunctions',
    'testWithInlinedFunctions',
    'testGraphWithSwitch',
    'testConvertSingleVariable',
    'testConvertSingleResourceVariable',
    'testConvertOneVariableOfTwo',
    'testConvertOneResourceVariableOfTwo',
    'testConvertIdentityChain',
    'testConvertCase',
    'testConvertV2Case',
    'testConvertV2ResourceCase',
    'testConvertV2UnconvertedResourceNestedCase',
    'testVariableModelWithFunctionAndFunctionInliningDisabled',
    // In older versions.
    'testKerasModel',
    'testKerasLSTM',
    'testEmbeddings',
  ],
  'framework/graph_util_test.py': [
    'testExtractSubGraph',
    'testExtractSubGraphWithInvalidDestNodes',
    // In older versions, with most of the cases that are in convert_to_constants_test.py now.
    'testWithEmbeddings',
    'testKerasBatchNorm',
    'testLSTM',
  ],
};

const without: readonly [reason: string, file: string, cases: readonly string[] | 'all'][] = [
  [
    'is about a function of Python that must be called in a session',
    'framework/convert_to_constants_test.py',
    ['testRaiseErrorInEagerMode'],
  ],
  [
    'is about the device that Python gives an op while a graph is built, long before it is frozen',
    'framework/graph_util_test.py',
    ['testTwoDeviceFunctions', 'testNestedDeviceFunctions', 'testExplicitDevice', 'testDefaultDevice'],
  ],
  [
    'is about remove_training_nodes, which freeze_graph does not call: Identity and CheckNumerics stay when frozen',
    'framework/graph_util_test.py',
    ['testRemoveTrainingNodes', 'testRemoveIdentityChains', 'testRemoveIdentityUsedAsControlInputInConst'],
  ],
  [
    'is about graph_defs_equal, a comparison that takes no part in freezing',
    'framework/graph_util_test.py',
    [
      'testSimpleGraphdefsCompareEqual',
      'testNodeDefsInDifferentOrderCompareEqual',
      'testDifferentGraphDefsCompareNotEqual',
      'testGraphdefsWithNanCompareNonEqual',
      'testSimpleGraphdefEqualityWithNansEqual',
      'testGraphDefsWithFunctionLibsCompareEqual',
      'testGraphDefsWithPermutedFunctionsCompareEqual',
      'testGraphDefsWithPermutedNodesInFunctionsCompareEqual',
    ],
  ],
  [
    'is test_resource_variable_can_be_written_after_denylisting by its older name',
    'framework/graph_util_test.py',
    ['test_resource_variable_can_be_written_after_blacklisting'],
  ],
  ['is of another tool, which replaces the inputs of a frozen graph', 'tools/strip_unused_test.py', 'all'],
  ['is of another tool, which folds and fuses ops of a frozen graph', 'tools/optimize_for_inference_test.py', 'all'],
];

/** Our test files without their comments. */
const ours = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts') && file !== 'inventory.test.ts')
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8').replaceAll(/^\s*(\/\/|\/?\*).*$/gm, ''))
  .join('\n');
const named = new Set([...ours.matchAll(/\btest(_\w+|[A-Z]\w+)/g)].map(([name]) => name));

it.each(Object.entries(cases))('every case of %s is here', (_, names) => {
  expect(names.filter((name) => !named.has(name))).toEqual([]);
});

it('every case here is one of theirs, and none of those that have no place here', () => {
  const theirs = Object.values(cases).flat();
  expect([...named].filter((name) => !theirs.includes(name))).toEqual([]);
  const left = without.flatMap(([, , names]) => names);
  expect(theirs.filter((name) => left.includes(name))).toEqual([]);
});
