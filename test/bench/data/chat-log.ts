/**
 * A generated chat log of a coding agent: tasks of several rollouts, each forking from an earlier one of its task at a
 * random message, so that prefixes repeat. How much repeats is a property of this generator, not of anyone's logs:
 * independently sampled rollouts share little beyond their prompt, logs of single model calls share most.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { makeRandom } from '../../../src/core/prune/seeded.ts';
import { makeTextPool, type TextPool } from './texts.ts';

interface Message {
  readonly role: string;
  readonly content: string;
  readonly tool_calls?: readonly unknown[];
  readonly tool_call_id?: string;
}

/** Rollouts per task, in turn. */
const GROUPS = [8, 16, 64] as const;
const TOOLS = ['read_file', 'edit_file', 'run_tests', 'search', 'note_write'] as const;

/** What a curve varies, in place of what is drawn. */
export interface ChatShape {
  /** Rollouts of every task. */
  readonly group?: number;
  /** How much of an earlier rollout's messages the next one begins with. */
  readonly shared?: number;
}

/** Writes records until `bytes` are reached. @returns what was written */
export function writeChatLog(
  path: string,
  texts: readonly string[],
  bytes: number,
  seed = 1,
  shape: ChatShape = {},
): { readonly bytes: number; readonly rollouts: number; readonly tasks: number } {
  const random = makeRandom(seed);
  const pool = makeTextPool(texts, random);
  const file = openSync(path, 'w');
  let written = 0;
  let rollouts = 0;
  let tasks = 0;
  while (written < bytes) {
    const group = makeGroup(shape.group ?? GROUPS[tasks % GROUPS.length], pool, random, shape.shared);
    for (const [index, messages] of group.entries()) {
      if (written >= bytes) break;
      const record = { id: `t${tasks}-r${index}`, task_id: `task-${tasks}`, messages, reward: random() < 0.4 ? 1 : 0 };
      written += writeSync(file, `${JSON.stringify(record)}\n`);
      rollouts++;
    }
    tasks++;
  }
  closeSync(file);
  return { bytes: written, rollouts, tasks };
}

function makeGroup(size: number, pool: TextPool, random: () => number, shared?: number): Message[][] {
  const prompt: Message[] = [
    { role: 'system', content: `You are a careful engineer. Work in small steps and run the tests.\n\n${pool.draw(2500)}` },
    { role: 'user', content: `Please look into this:\n\n${pool.draw(1200)}` },
  ];
  const group: Message[][] = [];
  for (let r = 0; r < size; r++) {
    const earlier = r === 0 ? prompt : group[Math.floor(random() * r)];
    const messages = earlier.slice(0, Math.max(2, 2 * Math.floor(((shared ?? random()) * earlier.length) / 2)));
    const length = 2 * (16 + Math.floor(random() * 32));
    while (messages.length < length) pushStep(messages, pool, random);
    messages.push({ role: 'assistant', content: `Done. ${pool.draw(300)}` });
    group.push(messages);
  }
  return group;
}

function pushStep(messages: Message[], pool: TextPool, random: () => number): void {
  const tool = TOOLS[Math.floor(random() * TOOLS.length)];
  const id = `call_${Math.floor(random() * 2 ** 32).toString(36)}`;
  const skewed = (least: number, mean: number): number => Math.floor(least - mean * Math.log(1 - random()));
  const call = { path: `src/part-${Math.floor(random() * 900)}.ts`, line: Math.floor(random() * 400), text: pool.draw(skewed(80, 700)) };
  messages.push(
    {
      role: 'assistant',
      content: pool.draw(skewed(60, 250)),
      tool_calls: [{ id, type: 'function', function: { name: tool, arguments: JSON.stringify(call) } }],
    },
    { role: 'tool', tool_call_id: id, content: pool.draw(skewed(200, 1700)) },
  );
}
