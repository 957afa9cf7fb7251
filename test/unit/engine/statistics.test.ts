/** Every registered statistic on the sample, against slow counts, and the CSV of all nodes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { nodeKeyOf } from '../../../src/core/model/node-key.ts';
import type { NodeAnswer } from '../../../src/engine/answers/looking.ts';
import type { Session } from '../../../src/engine/session.ts';
import { STATISTICS } from '../../../src/engine/statistics/registry.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

const { session } = await openSession([inputFile('orchard.jsonl', readFileSync('public/samples/orchard.jsonl', 'utf8'))]);
const { orderId } = session.order(DEFAULT_RULE);
const BUDGET = { cut: 1, train: 1 };

function nodeAt(of: Session, key: string): NodeAnswer {
  const answer = of.node(of.order(DEFAULT_RULE).orderId, BUDGET, key);
  if (!answer) throw new Error(`expected a node with the key ${key}`);
  return answer;
}
const ids = STATISTICS.map(({ id }) => id);

/** Fields of a CSV line; quoted ones hold no line break here. */
const fields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, field]) => (field ?? '').replace(/^"|"$/g, '').replaceAll('""', '"'));

describe('the statistics', () => {
  it('have names of their own, a sentence each, and one value a node', () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(STATISTICS.map(({ label }) => label)).size).toBe(ids.length);
    for (const { id, help, views } of STATISTICS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(help).toMatch(/^[A-Z].*\.$/);
      expect(views.length).toBeGreaterThan(0);
    }
  });

  it('say of a node in the inspector what its tree says', () => {
    const shape = session.shape(orderId, 2, 'tokens');
    const { columns } = session.figures(orderId, 2, 'tokens', ids);
    for (const local of [0, 3, shape.length - 1]) {
      const { figures, ...node } = nodeAt(session, nodeKeyOf(shape.keys, local));
      expect(figures).toEqual(Object.fromEntries(ids.map((id) => [id, columns[id]?.[local]])));
      expect([figures['tokens'], figures['reach']]).toEqual([node.tokens, node.reachCount]);
      expect(figures['entropy']).toBe(Number.isNaN(node.entropy.mean) ? NaN : Math.fround(node.entropy.mean));
      expect(figures['entropy-sum']).toBe(Number.isNaN(node.entropy.sum) ? NaN : Math.fround(node.entropy.sum));
    }
  });

  it('are unknown where nothing is known, and not 0', async () => {
    const { session: bare } = await openSession([
      inputFile('a.jsonl', '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n'),
    ]);
    const { keys } = bare.shape(bare.order(DEFAULT_RULE).orderId, 0, 'tokens');
    const { figures } = nodeAt(bare, nodeKeyOf(keys, 0));
    for (const id of ['entropy', 'entropy-sum', 'surprisal', 'surprisal-spread', 'reward', 'advantage']) expect(figures[id], id).toBeNaN();
  });
});

describe('the CSV of nodes', () => {
  const whole = session.nodesCsv(orderId, 0, 1e9);
  const [header = '', ...lines] = whole.trimEnd().split('\r\n');

  it('has a line a node and a column a statistic, with the same values', () => {
    expect(header).toBe(['task', 'node', 'parent', 'depth', 'kind', 'tool', ...ids].join(','));
    expect(lines).toHaveLength(session.facts().nodes);
    for (const at of [0, 17, lines.length - 1]) {
      const [task, node, , depth, kind, tool, ...values] = fields(lines[at] ?? '');
      const answer = nodeAt(session, node ?? '');
      expect([task, Number(depth), kind, tool]).toEqual([session.tasks().key[answer.task], answer.depth, answer.kind, answer.tool ?? '']);
      for (const [i, id] of ids.entries()) {
        const value = answer.figures[id] ?? NaN;
        expect(values[i] === '' ? NaN : Math.fround(Number(values[i])), id).toBe(value);
      }
    }
  });

  it('is the same whatever the size of its parts', () => {
    const parts: string[] = [];
    for (let from = 0; ; from += 7) {
      const part = session.nodesCsv(orderId, from, 7);
      if (part === '') break;
      parts.push(part);
    }
    expect(parts.join('')).toBe(whole);
  });

  it('quotes text of the log, and lets no spreadsheet run it', async () => {
    const tool = '=HYPERLINK("http://x","y")';
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '', tool_calls: [{ id: '1', type: 'function', function: { name: tool, arguments: '{}' } }] },
      { role: 'tool', tool_call_id: '1', content: 'b' },
      { role: 'assistant', content: 'c' },
    ];
    const { session: hostile } = await openSession([inputFile('a.jsonl', `${JSON.stringify({ messages })}\n`)]);
    const rows = hostile.nodesCsv(hostile.order(DEFAULT_RULE).orderId, 0, 100).trimEnd().split('\r\n').map(fields);
    expect(rows.map(([, , , , , name]) => name)).toContain(`'${tool}`);
    for (const row of rows) expect(row).toHaveLength(6 + ids.length);
  });
});
