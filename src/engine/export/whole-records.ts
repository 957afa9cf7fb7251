/** Records for trainers that train every answer: messages and tools, spelled as the target wants them. */
import type { OptionValues } from '../answers/exporting.ts';
import { markedMessages } from './marked-messages.ts';
import type { PlannedExport } from './planned.ts';
import { mayTrainWhole } from './runs.ts';
import { spelled, toolsOf, type ChatMessage, type Spelling } from './spelling.ts';
import type { Tally } from './tally.ts';
import type { BranchUnit } from './units.ts';

export interface WholeRecord {
  readonly messages: readonly ChatMessage[];
  readonly tools: readonly object[] | null;
}

/** Null where no answer trains, or one would train without loss and is not to. */
export function wholeRecord(
  unit: BranchUnit,
  planned: PlannedExport,
  options: OptionValues,
  tally: Tally,
  how: Pick<Spelling, 'calls' | 'reasoning'>,
): WholeRecord | null {
  const marked = markedMessages(unit, planned, tally);
  if (marked === null || !mayTrainWhole(marked, options, tally)) return null;
  const tools = toolsOf(unit, marked, tally);
  return { messages: marked.map(({ said }) => spelled(said, { ...how, images: 'left-out' }, tally)), tools };
}
