/** Records up to where a target could no longer read them. */
import type { MarkedMessage } from './marked-messages.ts';
import type { Tally } from './tally.ts';

/** The first message that a target cannot take, and what is wrong there, as in `a user follows a result`. */
export interface TurnFault {
  readonly at: number;
  readonly what: string;
}

/** The messages up to the last answer that trains before the fault; null where none does. What is lost is counted. */
export function upToFault(messages: readonly MarkedMessage[], fault: TurnFault | null, tally: Tally): readonly MarkedMessage[] | null {
  if (fault === null) return messages;
  const end = messages.slice(0, fault.at).findLastIndex(({ trains }) => trains) + 1;
  tally.add(`answers left out because before them ${fault.what}`, messages.slice(end).filter(({ trains }) => trains).length);
  return end === 0 ? null : messages.slice(0, end);
}
