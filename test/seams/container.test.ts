/** A container is a file and a line: a toy one, put into the list, is recognised, and each of its members is an input of its own. */
import { expect, it, vi } from 'vitest';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { Archive, Inflated } from '../../src/engine/containers/container.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../helpers/openSession.ts';

/** `PAIR`, then two logs with an empty line between. */
vi.mock('../../src/engine/containers/registry.ts', async (original) => {
  const { CONTAINERS } = await original<typeof import('../../src/engine/containers/registry.ts')>();
  async function* whole(text: string, read: number): AsyncGenerator<Inflated> {
    yield { bytes: new TextEncoder().encode(text), read, fault: text.includes('\0') ? 'a byte that no log holds' : null };
  }
  const pair: Archive = {
    id: 'pair',
    recognises: (head) => new TextDecoder().decode(head.subarray(0, 5)) === 'PAIR\n',
    async *members(source) {
      const text = new TextDecoder().decode(await source.read(0, source.byteLength)).slice(5);
      const [first = '', second = ''] = text.split('\n\n');
      yield { name: 'first.jsonl', bytes: whole(first, 5 + first.length) };
      yield { name: 'second.jsonl', bytes: whole(second, source.byteLength) };
    },
  };
  return { CONTAINERS: [...CONTAINERS, pair] };
});

const record = (answer: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: 'Water the beds.' },
      { role: 'assistant', content: answer },
    ],
  });

it('gives inputs with the names of its members, and every record is accounted for', async () => {
  const { facts } = await openSession([inputFile('logs.pair', `PAIR\n${record('Done.')}\n${record('No.')}\n\n${record('Later.')}\n{`)]);
  expect(facts.inputs).toMatchObject([
    { name: 'logs.pair/first.jsonl', format: 'chat', records: 2, rollouts: 2, issueCount: 0 },
    { name: 'logs.pair/second.jsonl', format: 'chat', records: 2, rollouts: 1, issueCount: 1 },
  ]);
});

it('loads the members around one that is damaged', async () => {
  const { facts, session } = await openSession([inputFile('logs.pair', `PAIR\n\0\n\n${record('Later.')}\n`)]);
  expect(facts).toMatchObject({ rollouts: 1 });
  const { issues } = session.issues(0, 10);
  expect(issues.map(({ file, code }) => [file, code])).toContainEqual(['logs.pair/first.jsonl', 'damaged-archive']);
});

it('is read back for an export, and names where each record is from', async () => {
  const { session } = await openSession([inputFile('logs.pair', `PAIR\n${record('Done.')}\n\n${record('Later.')}\n`)]);
  const sink = memorySink();
  const { orderId } = session.order(DEFAULT_RULE);
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('messages'), sink, () => undefined);
  const sources = linesOf(sink.files.get('messages.jsonl')).map(({ source }) => (source as { name: string }).name);
  expect(new Set(sources)).toEqual(new Set(['logs.pair/first.jsonl', 'logs.pair/second.jsonl']));
});
