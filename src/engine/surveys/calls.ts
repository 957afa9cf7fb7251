/** The calls of each branch, in order, with their arguments: what a list of expected calls is compared with. */
import type { Survey } from './survey.ts';

/** A call as the policy made it. */
export interface FoundCall {
  readonly tool: string;
  /** Its arguments as the log's text, at most `longest` UTF-16 units of them. */
  readonly args: string;
  /** Events of its branch before the one that holds it. */
  readonly event: number;
}

export interface CallsWanted {
  readonly longest: number;
}

/** branch -> its calls */
export type FoundCalls = readonly (readonly FoundCall[])[];

export const calls: Survey<CallsWanted, FoundCalls> = {
  id: 'calls',
  ask:
    ({ longest }) =>
    ({ branches }) =>
      branches.map(({ events }) =>
        events.flatMap(({ sampled, parts }, event) =>
          parts.flatMap(({ kind, tool, text }) =>
            sampled && tool !== undefined && (kind === 'call' || kind === 'memory') ? [{ tool, args: text.slice(0, longest), event }] : [],
          ),
        ),
      ),
};
