/** Exit code: a program that was run ended with another status than 0. */
import { resultRule } from '../error-rule.ts';

/** Marks that harnesses write around an output: the first kind that is there tells. Looked for in the first and last 512 units. [ours] */
const LOOKED_AT = 512;
const MARKS: readonly RegExp[] = [
  /<(?:returncode|exit_code|exitcode)>\s{0,8}(-?\d{1,10})/i,
  /"(?:exit_?code|return_?code)"\s{0,8}:\s{0,8}(-?\d{1,10})/i,
  /^\s{0,8}(?:exit[ _-]?code|exit status|return[ _-]?code)\s{0,8}[:=]?\s{0,8}(-?\d{1,10})/im,
  /(?:command|process|script|program) [^\n]{0,60}\b(?:exited|completed|finished|failed)\b[^\n]{0,20}\b(?:code|status):? {0,4}(-?\d{1,9})/i,
];

export const exitCode = resultRule(
  {
    id: 'exit-code',
    label: 'Exit code',
    help: 'A result says that the program it ran ended with a status other than 0.',
  },
  ({ head, tail }) => {
    const ends = [head.slice(0, LOOKED_AT), tail.slice(-LOOKED_AT)];
    for (const mark of MARKS) {
      for (const end of ends) {
        const found = mark.exec(end)?.[1];
        if (found !== undefined) return Number(found) !== 0;
      }
    }
    return false;
  },
);
