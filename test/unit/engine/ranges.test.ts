import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { planRanges } from '../../../src/core/source/lines.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { makeParser } from '../../../src/engine/pool.ts';

const lines = Array.from({ length: 9 }, (_, n) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `sum ${n}` },
      { role: 'assistant', content: 'two' },
    ],
  }),
);
const source = bytesSource('log.jsonl', new TextEncoder().encode(`${lines.join('\n')}\n`));

async function idsOf(parts: number): Promise<string[]> {
  const parser = makeParser();
  await parser.configure(DEFAULT_OPEN_SETTINGS);
  const ids: string[] = [];
  for (const { start, end } of await planRanges(source, parts)) {
    const job = {
      source: 0,
      name: 'log.jsonl',
      path: 'log.jsonl',
      format: 'chat',
      reader: 'lines',
      span: { start, end, firstIndex: 0 },
    } as const;
    for await (const reply of parser.run(job, source)) ids.push(...(reply.batch?.rollouts.map((rollout) => rollout.id) ?? []));
  }
  return ids;
}

describe('rollouts without ids of their own', () => {
  it('get ids that differ, and that do not depend on how the file was cut for workers', async () => {
    const whole = await idsOf(1);
    expect(new Set(whole).size).toBe(9);
    expect(await idsOf(4)).toEqual(whole);
  });
});
