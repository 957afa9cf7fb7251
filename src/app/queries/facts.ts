/** Where the facts of an opening stand among the answers, and what is no failure. */

export const factsKey = (opening: number): readonly ['facts', number] => ['facts', opening];

/** Somebody cancelled, or asked for something else instead. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
