/** Messages of turns that the log cuts off, and of turns in which nothing was said. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../helpers/openSession.ts';

interface Message {
  readonly role: string;
  readonly content: string;
  readonly train: boolean;
  readonly weight: number;
  readonly truncated?: true;
  readonly text_missing?: true;
}
interface Line {
  readonly rollout: string;
  readonly complete: boolean;
  readonly messages: readonly Message[];
}

async function exported(name: string, text: string) {
  const { session } = await openSession([inputFile(name, text)]);
  const { orderId } = session.order({ ...DEFAULT_RULE, trainProtect: {} });
  const sink = memorySink();
  const spec = exportSpec('messages', 'tokens');
  await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
  const [preview] = await session.previewExport(orderId, { cut: 1, train: 1 }, spec);
  const manifest = JSON.parse(sink.files.get('manifest.json') ?? '{}') as { outputs: { name: string; shortfalls?: object[] }[] };
  return {
    messages: linesOf(sink.files.get('messages.jsonl')) as unknown as Line[],
    tokens: linesOf(sink.files.get('tokens.jsonl')) as unknown as { rollout: string; loss_mask: number[] }[],
    shortfalls: manifest.outputs.find((output) => output.name === 'messages.jsonl')?.shortfalls,
    warnings: preview?.warnings ?? [],
    records: preview?.records,
  };
}

describe('a rollout that the log cuts off in mid-thought', () => {
  const user = { role: 'user', content: 'Count.' };
  const rollouts = [
    { id: 'cut', messages: [user, { role: 'assistant', content: '<think>\nOne, and then' }] },
    {
      id: 'late',
      messages: [user, { role: 'assistant', content: '1' }, { ...user, content: 'On.' }, { role: 'assistant', content: '2, 3' }],
      finish_reason: 'length',
    },
    { id: 'whole', messages: [user, { role: 'assistant', content: '1, 2' }] },
  ];
  const log = `${rollouts.map((rollout) => JSON.stringify(rollout)).join('\n')}\n`;

  it('is no complete message that trains, and counted', async () => {
    const { messages, shortfalls, warnings, records } = await exported('a.jsonl', log);
    const byId = new Map(messages.map((line) => [line.rollout, line]));
    expect([...byId.keys()].sort()).toEqual(['late', 'whole']);
    expect(byId.get('late')).toMatchObject({ complete: false });
    // The turn that was cut off, and what leads to it, are left out.
    expect(byId.get('late')?.messages).toMatchObject([{ role: 'user' }, { content: '1', train: true }]);
    expect(byId.get('whole')).toMatchObject({ complete: true });
    expect(byId.get('whole')?.messages.some((message) => 'truncated' in message)).toBe(false);
    expect(shortfalls).toEqual([{ what: 'turns that the log cuts off, not trained', count: 2 }]);
    expect(warnings.join(' ')).toContain('2 turns are cut off in the log, and not trained here');
    expect(records).toBe(2);
  });
  it('trains on its tokens, up to where it was cut off', async () => {
    const { tokens } = await exported('a.jsonl', log);
    const masks = new Map(tokens.map((line) => [line.rollout, line.loss_mask]));
    expect(masks.get('cut')?.slice(-2)).toEqual([1, 0]);
    expect(masks.get('late')?.slice(-2)).toEqual([1, 0]);
    expect(masks.get('whole')?.slice(-2)).toEqual([1, 1]);
  });
});

const REAL = fileURLToPath(
  new URL('../../../../shared/data/nemo-gym-pr/resources_servers/workplace_assistant_env/data/example_rollouts.jsonl', import.meta.url),
);

describe.skipIf(!existsSync(REAL))(`a real log of ids with empty answers${existsSync(REAL) ? '' : ` (none at ${REAL})`}`, () => {
  it('lacks the text of messages that say something, and of no others', async () => {
    const { messages } = await exported('example_rollouts.jsonl', readFileSync(REAL, 'utf8'));
    const all = messages.flatMap((line) => line.messages);
    const missing = all.filter(({ text_missing }) => text_missing === true);
    expect(missing.length).toBe(84);
    expect(new Set(missing.map(({ role }) => role))).toEqual(new Set(['user']));
  });
});
