/** HTTP status: a request was refused, or its server failed. */
import { resultRule } from '../error-rule.ts';

/** Units of a result that are looked at: further down, statuses are mostly what a page speaks of. [ours] */
const LOOKED_AT = 512;
const MARKS: readonly RegExp[] = [
  /\bHTTP\/\d(?:\.\d)? [45]\d\d\b/,
  /\bHTTP(?: ?Error| status| response)?(?: ?code)?[ :/=]{1,4}[45]\d\d\b/i,
  /\bHTTP\/Status\/[45]\d\d\b/i,
  /\bstatus[ _]?code"?[ :=]{1,4}[45]\d\d\b/i,
  /\b[45]\d\d (?:Client|Server) Error\b/,
  /"(?:status|statusCode|http_status)"\s{0,4}:\s{0,4}"?[45]\d\d\b/,
  /\b(?:403 Forbidden|404 Not Found|429 Too Many Requests|500 Internal Server Error|502 Bad Gateway|503 Service Unavailable)\b/i,
];

export const httpStatus = resultRule(
  {
    id: 'http-status',
    label: 'HTTP status',
    help: 'A result begins with an HTTP status of 4xx or 5xx.',
  },
  ({ head }) => MARKS.some((mark) => mark.test(head.slice(0, LOOKED_AT))),
);
