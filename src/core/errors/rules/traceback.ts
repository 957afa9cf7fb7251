/** Traceback: a result shows that an exception ended a program. */
import { resultRule } from '../error-rule.ts';

/** Each begins where its first letters stand, and looks no further than a line or a bound. */
const MARKS: readonly RegExp[] = [
  /^[ \t]{0,16}Traceback \(most recent call last\)/m,
  /^[ \t]{0,16}[A-Za-z_][\w.]{0,80}(?:Error|Exception): \S/m,
  /^Exception in thread "/m,
  /^thread '[^'\n]{0,80}' panicked at/m,
  /^panic: /m,
  /^(?:Uncaught |Unhandled )(?:\w{0,40}Error|\w{0,40}Exception|exception|promise rejection)/m,
];

export const traceback = resultRule(
  {
    id: 'traceback',
    label: 'Traceback',
    help: 'A result shows a traceback, or a line that begins with the name of an exception.',
  },
  ({ head, tail }) => MARKS.some((mark) => mark.test(head) || mark.test(tail)),
);
