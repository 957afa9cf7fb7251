/** Records of an export as people read them: message by message, with how much of each carries loss. */
import type { ShownMessage, ShownRecords } from '../answers/exporting.ts';
import { withoutMessages } from '../read-back.ts';
import type { MessageOut } from '../../core/export/message-record.ts';
import type { PlannedExport } from './planned.ts';
import { trainingUnits } from './units.ts';

/** Characters of a message that are sent; `length` says how many it has. */
const LONGEST = 1_200;

/** Of the records in the order of the plan, not shuffled. @param from the first, counted from 0 */
export async function shownRecords(planned: PlannedExport, from: number, count: number): Promise<ShownRecords> {
  const whyNot = withoutMessages(planned.ruling.dataset);
  const total = planned.records.length;
  if (whyNot !== null) return { total, whyNot, records: [] };
  const some = { ...planned, records: planned.records.slice(from, from + count), spec: { ...planned.spec, records: unshuffled(planned) } };
  const records: ShownRecords['records'][number][] = [];
  for await (const unit of trainingUnits(some, { branches: true, tasks: 'none', messages: true })) {
    if (unit.kind !== 'branch' || unit.said === null) continue;
    const { task, rollout } = unit.origin;
    const messages = unit.said.messages(planned.spec.weights).map(shown);
    records.push({ task, rollout, reward: unit.reward, complete: unit.complete, isPart: unit.isPart, messages });
  }
  return { total, whyNot: null, records };
}

function unshuffled({ spec }: PlannedExport): NonNullable<PlannedExport['spec']['records']> {
  return { ...spec.records, shuffle: false };
}

function shown({ role, content, reasoning_content: thoughts, tool_calls: calls, tokens }: MessageOut): ShownMessage {
  const said = typeof content === 'string' ? content : content.map((entry) => textOf(entry)).join('\n');
  const called = (calls ?? []).map(({ function: { name, arguments: given } }) => `${name}(${given})`);
  const text = [...(thoughts === undefined ? [] : [thoughts]), ...(said === '' ? [] : [said]), ...called].join('\n');
  const { start, end, sampled, trained } = tokens;
  return { role, text: text.slice(0, LONGEST), length: text.length, tokens: end - start, sampled, trained };
}

function textOf(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'text' in entry && typeof entry.text === 'string' ? entry.text : '[image]';
}
