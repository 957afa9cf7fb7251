/** How many events the sample holds, counted in its file, against what the figures of the open log and of a cut say. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { makeO200k } from '../../../src/engine/tokenizers/o200k.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { readEpisodes, SAMPLES } from './read-sample.ts';

const CLOSE = '</tool_call>\n';
const MEMORY = ['memory', 'note', 'recall', 'plan', 'todo'];

/** Events that differ in their task or in some token up to their end; the last call of a turn ends with the turn's mark. */
function eventsInFile(): { calls: number; memory: number } {
  const { bytes } = makeO200k();
  const calls = new Set<string>();
  const memory = new Set<string>();
  for (const { task, traces } of readEpisodes()) {
    for (const { nodes } of traces) {
      const prefixes: string[] = [];
      for (const { parent, message, kind, token_ids: ids } of nodes) {
        const before = parent === undefined ? task.key : prefixes[parent];
        prefixes.push([before, ...ids].join(' '));
        if (kind === 'summary') memory.add(prefixes.at(-1)!);
        let text = '';
        let found = 0;
        for (const [i, id] of ids.entries()) {
          text += Buffer.from(bytes(id) ?? []).toString('latin1');
          const closed = text.split(CLOSE).length - 1;
          for (; found < closed; found++) {
            const { name } = message.tool_calls?.[found] ?? { name: '' };
            if (name === '') continue;
            const isLast = found + 1 === message.tool_calls?.length;
            const end = [before, ...ids.slice(0, isLast ? ids.length : i + 1)].join(' ');
            calls.add(end);
            if (MEMORY.some((word) => name.startsWith(word))) memory.add(end);
          }
        }
      }
    }
  }
  return { calls: calls.size, memory: memory.size };
}

it('counts each event of the log once, in the facts and in a cut that keeps all', async () => {
  const inFile = eventsInFile();
  expect(inFile).toEqual({ calls: 610, memory: 50 });
  const { session, facts } = await openSession([inputFile('orchard.jsonl', readFileSync(`${SAMPLES}orchard.jsonl`))]);
  expect(facts.events).toMatchObject(inFile);
  const { orderId } = session.order(DEFAULT_RULE);
  const all = session.keep(orderId, { cut: 1, train: 1 });
  expect(all.calls).toEqual({ before: inFile.calls, after: inFile.calls });
  expect(all.memory).toEqual({ before: inFile.memory, after: inFile.memory });
  const none = session.keep(orderId, { cut: 0, train: 1 });
  expect(none.memory).toEqual({ before: inFile.memory, after: 0 });
});
