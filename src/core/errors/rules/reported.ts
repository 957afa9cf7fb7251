/** Reported: a result begins by saying that there was an error, or is a JSON object that says so. */
import { resultRule } from '../error-rule.ts';

const LOOKED_AT = 512;
const BEGINS =
  /^(?:\s{0,8}(?:OBSERVATION:|<\w{1,20}>)){0,3}\s{0,8}["'[{(]{0,3}(?:an? )?(?:error|fatal|failed|failure|invalid|exception)\b/i;
const MEMBERS: readonly RegExp[] = [
  /^\s{0,8}\{[^\n]{0,400}"(?:is_?error|failed)"\s{0,4}:\s{0,4}true\b/i,
  /^\s{0,8}\{[^\n]{0,400}"(?:success|ok)"\s{0,4}:\s{0,4}false\b/i,
  /^\s{0,8}\{[^\n]{0,400}"status"\s{0,4}:\s{0,4}"(?:error|failed|failure)"/i,
  /^\s{0,8}\{\s{0,8}"error"\s{0,4}:\s{0,4}["{]/i,
];

export const reported = resultRule(
  {
    id: 'reported',
    label: 'Reported error',
    help: 'A result begins with the word error, failed, fatal or invalid, or is an object that says error or no success.',
  },
  ({ head }) => {
    const start = head.slice(0, LOOKED_AT);
    return BEGINS.test(start) || MEMBERS.some((mark) => mark.test(start));
  },
);
