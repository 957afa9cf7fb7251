/**
 * Generated chat logs with very many short messages, for what the page does with length and not with bytes. Each rollout
 * of a task begins with some of the turns of the one before.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { makeRandom } from '../../../src/core/prune/seeded.ts';

export interface MessageLogShape {
  readonly rollouts: number;
  /** Of each rollout, its prompt included. */
  readonly messages: number;
  readonly tasks: number;
  /** Of a message, on average. */
  readonly words: number;
  /** Share of the rollouts that the first task has besides its own; 0: all tasks are equal. */
  readonly firstTask: number;
}

const WORDS =
  'amber barrel copper dahlia ember fallow garnet hollow indigo juniper kestrel lantern meadow nettle orchard plough quarry river'.split(
    ' ',
  );
const TOOLS = ['bash', 'read_file', 'search'] as const;
/** The word that a search finds: in one message of so many. */
export const RARE = 'zephyr';
const RARE_IN = 500;
const MODELS = ['gpt-a', 'gpt-b', 'other'] as const;
const FLUSH = 1 << 20;

/** @returns bytes and messages written */
export function writeMessageLog(path: string, shape: MessageLogShape, seed = 1): { readonly bytes: number; readonly messages: number } {
  const random = makeRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const say = (): string => {
    const words = Array.from({ length: 1 + below(2 * shape.words) }, () => WORDS[below(WORDS.length)]);
    if (below(RARE_IN) === 0) words.push(RARE);
    return words.join(' ');
  };
  /** The last rollout of each task: the next begins as it does. */
  const before: object[][] = Array.from({ length: shape.tasks }, (_, task) => [{ role: 'user', content: `Task ${task}: ${say()}` }]);
  const file = openSync(path, 'w');
  let bytes = 0;
  let held = '';
  for (let r = 0; r < shape.rollouts; r++) {
    const task = random() < shape.firstTask ? 0 : r % shape.tasks;
    const shared = 1 + 2 * below((before[task].length / 2) * random());
    const messages = before[task].slice(0, Math.max(1, Math.min(shape.messages, shared)));
    while (messages.length + 1 < shape.messages) pushTurn(messages, say, below);
    if (messages.length < shape.messages) messages.push({ role: 'assistant', content: say() });
    before[task] = messages;
    const record = {
      id: `r${r}`,
      task_id: `task-${task}`,
      model: MODELS[below(MODELS.length)],
      reward: below(5) / 4,
      score: random(),
      messages,
    };
    held += `${JSON.stringify(record)}\n`;
    if (held.length < FLUSH) continue;
    bytes += writeSync(file, held);
    held = '';
  }
  bytes += writeSync(file, held);
  closeSync(file);
  return { bytes, messages: shape.rollouts * shape.messages };
}

/** A call and its result, or an answer and what the user says to it. */
function pushTurn(messages: object[], say: () => string, below: (limit: number) => number): void {
  if (below(3) === 0) return void messages.push({ role: 'assistant', content: say() }, { role: 'user', content: say() });
  const id = `call_${messages.length}`;
  const call = { id, type: 'function', function: { name: TOOLS[below(TOOLS.length)], arguments: JSON.stringify({ command: say() }) } };
  messages.push({ role: 'assistant', content: say(), tool_calls: [call] }, { role: 'tool', tool_call_id: id, content: say() });
}
