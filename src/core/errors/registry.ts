/** All error rules, in the order in which they are told. */
import type { ErrorRule } from './error-rule.ts';
import { exitCode } from './rules/exit-code.ts';
import { flagged } from './rules/flagged.ts';
import { formatError } from './rules/format-error.ts';
import { httpStatus } from './rules/http-status.ts';
import { noOpEdit } from './rules/no-op-edit.ts';
import { repeatedCall } from './rules/repeated-call.ts';
import { reported } from './rules/reported.ts';
import { schema } from './rules/schema.ts';
import { traceback } from './rules/traceback.ts';

export const ERROR_RULES: readonly ErrorRule[] = [
  flagged,
  exitCode,
  traceback,
  reported,
  httpStatus,
  schema,
  noOpEdit,
  repeatedCall,
  formatError,
];
