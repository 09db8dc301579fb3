/** permafrost: freezes TensorFlow models from Node. */
export { type CheckOptions, type CheckReport, checkGraph } from './api/check-graph.js';
export type { CheckpointTensor, TensorSlice } from './api/checkpoint/checkpoint-tensor.js';
export type { NumberArray, TensorElements } from './api/checkpoint/elements.js';
export type { OpenCheckpoint } from './api/checkpoint/opened-checkpoint.js';
export type { ReadOptions, StreamOptions } from './api/checkpoint/read-options.js';
export type { DamagedTensor, VerifyOptions, VerifyProgress, VerifyReport } from './api/checkpoint/verify.js';
export { freeze } from './api/freeze.js';
export { type FreezeGraphExtras, type FreezeGraphOptions, freezeGraph } from './api/freeze-graph.js';
export { type LiveHandles, liveHandles } from './api/live-handles.js';
export { type OpenCheckpointOptions, openCheckpoint } from './api/open-checkpoint.js';
export type { FreezeOptions } from './api/options/freeze-options.js';
export type { InferenceOptions } from './api/options/inference-options.js';
export type { OnProgress, Progress } from './api/progress.js';
export { registerDevicePlugin } from './api/register-device-plugin.js';
export { type RelocateOptions, type RelocateReport, relocate } from './api/relocate.js';
export type {
  AssetReport,
  FreezeReport,
  FrozenVariable,
  SignatureReport,
  SignatureTensorReport,
  WrittenFile,
} from './api/report.js';
export { type SuggestOptions, type SuggestReport, suggest } from './api/suggest.js';
export type { OperationEvent, OperationName } from './api/traced.js';
export type { Finding, FindingCode } from './check/finding.js';
export type { ConstantChange } from './devices/constants/constant-changes.js';
export type { CopiedConstant } from './devices/constants/copy-constants.js';
export type { StoredConstant, UnmetWish } from './devices/constants/store-constants.js';
export type {
  CrossingReport,
  DeviceReport,
  FallbackReport,
  PlacementReport,
} from './devices/placement-report.js';
export type { NodeToPlace, PlaceNode, PlaceRule, PlaceRules } from './devices/rules/place-rule.js';
export {
  isPermafrostError,
  PermafrostError,
  type PermafrostErrorCode,
  type PermafrostErrorOptions,
} from './errors.js';
export type { Extent } from './graph/stored-tensor.js';
export type { StatisticsNames } from './inference/batch-norm/statistics-names.js';
export type { BoundJson } from './inference/bindings/binding.js';
export type { Change } from './inference/change.js';
export type { InputCut } from './inference/inputs/input-cut.js';
export type { RewriteName } from './inference/rewrite-name.js';
export type { SuggestedInput, SuggestedOutput, SuggestedTensor, Suggestions } from './inference/suggest/suggestion.js';
export type { SignatureTensor } from './io/signature.js';
export type { LayoutName } from './layouts/layout-name.js';
export type { LimitOptions, Limits } from './limits.js';
export type { DeviceTarget } from './native-placement.js';
export type { OptimizationName } from './optimize/optimization-name.js';
export type { OpCount, OptimizationReport, OptimizedNode } from './optimize/optimization-report.js';
export type { WeightRuleText, WeightType } from './passes/weights/weight-rules.js';
export type { DataTypeName } from './proto/data-types.js';
