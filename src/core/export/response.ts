/** A record as trainers for reinforcement learning take it: a prompt, and an answer that begins with the first token that trains. */

/** Tokens [start, end) of a record; what is behind has no loss, and nothing that has depends on it. */
export interface ResponseSpan {
  readonly start: number;
  readonly end: number;
}

/** @param weight by token. @returns null where no token behind the first one trains: nothing predicts the first */
export function responseSpan(weight: Float64Array): ResponseSpan | null {
  let start = 1;
  while (start < weight.length && !(weight[start] > 0)) start++;
  if (start >= weight.length) return null;
  let end = weight.length;
  while (!(weight[end - 1] > 0)) end--;
  return { start, end };
}
