import type { Context } from 'node:vm';
import type * as permafrost from '../../src/index.js';

export declare const contexts: Readonly<Record<string, Context>>;
export declare function loadInContext(globals?: Context): { context: Context; permafrost: typeof permafrost };
