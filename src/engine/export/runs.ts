/** Records as prompts and completions, for trainers that know no marks; and which records train more than they should without. */
import type { OptionValues, ProfileOption } from '../answers/exporting.ts';
import type { MarkedMessage } from './marked-messages.ts';
import type { Tally } from './tally.ts';

/** What is trained of a record, and all that stands before it. */
export interface Run {
  readonly prompt: readonly MarkedMessage[];
  /** Begins and ends with an answer; all answers in it train. */
  readonly completion: readonly MarkedMessage[];
}

/**
 * One run for each stretch of answers that train; an answer that does not train ends it, what others say in between does not.
 * @param single each answer is a run of its own
 */
export function trainedRuns(messages: readonly MarkedMessage[], single: boolean): Run[] {
  const runs: Run[] = [];
  let start = -1;
  let end = 0;
  const close = (): void => {
    if (start >= 0) runs.push({ prompt: messages.slice(0, start), completion: messages.slice(start, end) });
    start = -1;
  };
  for (const [at, { said, trains }] of messages.entries()) {
    if (said.role !== 'assistant') continue;
    if (!trains || single) close();
    if (!trains) continue;
    if (start < 0) start = at;
    end = at + 1;
  }
  close();
  return runs;
}

/** The same for targets that need a prompt: those without are left out and counted. */
export function promptedRuns(messages: readonly MarkedMessage[], single: boolean, tally: Tally): Run[] {
  const runs = trainedRuns(messages, single);
  const prompted = runs.filter(({ prompt }) => prompt.length > 0);
  tally.add('rows that begin with what trains, left out', runs.length - prompted.length);
  return prompted;
}

/** For trainers that train all answers of a record. */
export const UNTRAINED_OPTION: ProfileOption = {
  name: 'untrained',
  label: 'Answers without loss',
  help: 'the trainer trains them too: keep records that hold some, or leave those records out',
  type: 'choice',
  values: ['keep', 'leave-out'],
  default: 'keep',
};

/** Whether a record may be written for a trainer that trains all its answers. Counts those that carry no loss. */
export function mayTrainWhole(messages: readonly MarkedMessage[], { untrained }: OptionValues, tally: Tally): boolean {
  const count = messages.filter(({ said, trains }) => said.role === 'assistant' && !trains).length;
  if (count === 0) return true;
  if (untrained === 'leave-out') tally.add('records left out for answers that would train without loss');
  else tally.add('answers that train although they carry no loss', count);
  return untrained !== 'leave-out';
}
