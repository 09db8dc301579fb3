/** Ops that write through references (TensorFlow's registry, `is_ref`), and how many of their first inputs are some. */
const opsByCount: readonly (readonly [count: number, ops: readonly string[]])[] = [
  [
    1,
    [
      ...['Assign', 'AssignAdd', 'AssignSub', 'CountUpTo', 'DestroyTemporaryVariable', 'StridedSliceAssign'],
      ...['ScatterAdd', 'ScatterDiv', 'ScatterMax', 'ScatterMin', 'ScatterMul', 'ScatterSub', 'ScatterUpdate'],
      ...['ScatterNdAdd', 'ScatterNdMax', 'ScatterNdMin', 'ScatterNdSub', 'ScatterNdUpdate'],
      ...['ApplyGradientDescent', 'ApplyProximalGradientDescent', 'SparseApplyProximalGradientDescent'],
    ],
  ],
  [
    2,
    [
      ...['ApplyAdagrad', 'ApplyAdagradV2', 'ApplyAddSign', 'ApplyMomentum', 'ApplyPowerSign', 'ApplyProximalAdagrad'],
      ...[
        'SparseApplyAdagrad',
        'SparseApplyAdagradV2',
        'SparseApplyMomentum',
        'SparseApplyProximalAdagrad',
        'NegTrain',
      ],
    ],
  ],
  [
    3,
    [
      ...['ApplyAdaMax', 'ApplyAdadelta', 'ApplyAdagradDA', 'ApplyAdam', 'ApplyFtrl', 'ApplyFtrlV2', 'ApplyRMSProp'],
      ...['SparseApplyAdadelta', 'SparseApplyAdagradDA', 'SparseApplyFtrl', 'SparseApplyFtrlV2', 'SparseApplyRMSProp'],
    ],
  ],
  [4, ['ApplyCenteredRMSProp', 'SparseApplyCenteredRMSProp']],
  // Its references come after its index, however many.
  [Number.POSITIVE_INFINITY, ['RefSelect']],
];

export const referenceInputs: ReadonlyMap<string, number> = new Map(
  opsByCount.flatMap(([count, ops]) => ops.map((op) => [op, count])),
);
