/** permafrost: freezes TensorFlow models from Node. */
export { type CheckOptions, type CheckReport, checkGraph } from './api/check-graph.js';
export { freeze } from './api/freeze.js';
export { type FreezeGraphExtras, type FreezeGraphOptions, freezeGraph } from './api/freeze-graph.js';
export type { FreezeOptions } from './api/freeze-options.js';
export type { Progress } from './api/progress.js';
export { registerDevicePlugin } from './api/register-device-plugin.js';
export { type RelocateOptions, type RelocateReport, relocate } from './api/relocate.js';
export type { FreezeReport, FrozenVariable, WrittenFile } from './api/report.js';
export { type SuggestOptions, type SuggestReport, suggest } from './api/suggest.js';
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
export { isPermafrostError, PermafrostError, type PermafrostErrorCode } from './errors.js';
export type { InputCut } from './inference/inputs/input-cut.js';
export type { SuggestedInput, SuggestedOutput } from './inference/suggest/suggestion.js';
export type { LayoutName } from './layouts/layout-name.js';
export type { DeviceTarget } from './native-placement.js';
export type { OptimizationReport } from './optimize/optimization-report.js';
export type { WeightRuleText, WeightType } from './passes/weights/weight-rules.js';
