/**
 * What an error rule is: how an erroneous turn is recognised in a rollout as it was decoded. It is told of the turns of a branch in
 * order, and says which of their calls are wrong. No rule throws, whatever a log holds, and none takes more than linear time.
 */
import type { SeenTurn } from './turns.ts';
import type { ToolTable } from './tool-table.ts';

/** In place of a call's number: the turn as a whole. */
export const WHOLE_TURN = -1;

export interface ErrorRule {
  /** Its name on the command line, in sessions and in the manifest. */
  readonly id: string;
  readonly label: string;
  /** What it takes for an error, in one sentence. */
  readonly help: string;
  /**
   * `outcome`: what came of a call says that it failed; a call that no such rule hits has succeeded. `habit`: the call itself was of no
   * use, whatever came of it.
   */
  readonly judges: 'outcome' | 'habit';
  /** Made anew for each branch. @returns of each turn, told in order, the numbers of its calls that are wrong, or WHOLE_TURN */
  begin(tools: ToolTable): (turn: SeenTurn) => readonly number[];
}

/** A rule that looks at each result on its own: a call is wrong where one of its results is. */
export function resultRule(
  about: Pick<ErrorRule, 'id' | 'label' | 'help'>,
  isError: (result: SeenTurn['calls'][number]['results'][number]) => boolean,
): ErrorRule {
  return {
    ...about,
    judges: 'outcome',
    begin:
      () =>
      ({ calls, results }) => [
        ...calls.flatMap((call, at) => (call.results.some(isError) ? [at] : [])),
        ...(results.some(isError) ? [WHOLE_TURN] : []),
      ],
  };
}
