/** What a check finds, and the list that it goes to. */

/** Every kind of finding; `docs/cli.md` says what each means. */
export const findingCodes = [
  'NODE_MALFORMED',
  'NODE_NAME',
  'NAME_TWICE',
  'OP_UNKNOWN',
  'ATTRIBUTE_MISSING',
  'ATTRIBUTE_UNKNOWN',
  'ATTRIBUTE_KIND',
  'ATTRIBUTE_VALUE',
  'INPUT_FORM',
  'INPUT_MISSING',
  'INPUT_PORT',
  'INPUT_COUNT',
  'INPUT_TYPE',
  'COLOCATION_MISSING',
  'CONSTANT_TYPE',
  'CONSTANT_SHAPE',
  'CONSTANT_SIZE',
  'FUNCTION_MISSING',
  'FUNCTION_SIGNATURE',
  'FUNCTION_RETURN',
  'CYCLE',
  'LOOP_FRAME',
  'VARIABLE_LEFT',
  'TARGET_KERNEL',
  'TARGET_OP_UNKNOWN',
  'TARGET_TRAINING',
  'TARGET_INPUT',
  'TARGET_SHAPE',
  'TARGET_OUTPUT',
  'TARGET_EMPTY',
  'TARGET_FUNCTIONS',
  'FINDINGS_LEFT',
] as const;

export type FindingCode = (typeof findingCodes)[number];

export interface Finding {
  /** An error breaks the graph; a warning is what could not be checked, or does no harm. */
  readonly severity: 'error' | 'warning';
  readonly code: FindingCode;
  /** The function whose body it is in; undefined for the graph itself. */
  readonly function: string | undefined;
  /** The node; undefined where it is about no single one. */
  readonly node: string | undefined;
  /** What is there, and what there should be. */
  readonly message: string;
}

/** Characters of all findings together: a name may be long, and be in thousands of them. Each takes some more besides. */
const most = 2 ** 24;
const ownSize = 300;

/** All findings, in their order, as far as they come to what somebody could read. */
export class FindingList {
  readonly all: Finding[] = [];
  #length = 0;
  #left: Finding | undefined;

  add(finding: Finding): void {
    const { function: body = '', node = '', message, severity } = finding;
    this.#length += body.length + node.length + message.length + ownSize;
    if (this.#length <= most) this.all.push(finding);
    else if (!this.#left || (severity === 'error' && this.#left.severity !== 'error')) this.#leave(severity);
  }

  /** Says at the end that there are more, and whether there are errors among them. */
  #leave(severity: Finding['severity']): void {
    if (this.#left) this.all.pop();
    const message = `there are more ${severity}s than are told: the findings before this one come to ${most} characters`;
    this.#left = { severity, code: 'FINDINGS_LEFT', function: undefined, node: undefined, message };
    this.all.push(this.#left);
  }
}

/** Takes the findings of one place: the graph, or the body of a function. */
export class Findings {
  constructor(
    private readonly list: FindingList,
    private readonly functionName: string | undefined,
    /** Whether the place is a function that nothing calls, which TensorFlow never looks into. */
    private readonly isIdle: boolean,
  ) {}

  error(code: FindingCode, node: string | undefined, message: string): void {
    if (this.isIdle) this.warning(code, node, `${message} (nothing calls the function)`);
    else this.#add('error', code, node, message);
  }

  warning(code: FindingCode, node: string | undefined, message: string): void {
    this.#add('warning', code, node, message);
  }

  #add(severity: Finding['severity'], code: FindingCode, node: string | undefined, message: string): void {
    this.list.add({ severity, code, function: this.functionName, node, message });
  }
}
