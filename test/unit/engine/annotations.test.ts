/** Run directories of prime-rl: traces with what trainer and orchestrator said of them later, by trace and branch. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { trainerLogprobs } from '../../../src/formats/trainer-logprobs.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';
import { rolloutsOf } from '../../helpers/rolloutsOf.ts';

const node = (parent: number | null, role: string, ids: number[], sampled = false): object => ({
  ...(parent === null ? {} : { parent }),
  message: { role, content: role },
  sampled,
  token_ids: ids,
  mask: ids.map(() => sampled),
  logprobs: sampled ? ids.map(() => -0.5) : [],
});
/** A prompt of two tokens and two answers to it: two branches. */
const trace = (id: string): object => ({
  id,
  agent: { name: 'solver', trainable: true },
  nodes: [node(null, 'user', [1, 2]), node(0, 'assistant', [3, 4], true), node(0, 'assistant', [5], true)],
  rewards: { right: { score: 1, weight: 1 } },
});
const episode = (id: string): string =>
  `${JSON.stringify({ id: `e-${id}`, env: { id: 'e' }, task: { key: 'k' }, ok: true, traces: [trace(id)] })}\n`;
const annotation = (id: string, more: object): string => `${JSON.stringify({ version: 1, trace_id: id, ...more })}\n`;

const BASE = 'run/monitors/file/traces';
const stream = inputFile(`${BASE}/stream/0.jsonl`, episode('t1') + episode('t2'));
const trainer = inputFile(
  `${BASE}/annotations/trainer/0.jsonl`,
  annotation('t1', {
    info: { train: { trained_at_step: 5 } },
    branches: [{ index: 0, trainer_logprobs: [null, null, -0.25, -0.125], entropies: [null, 9, 0.75, 1.5] }],
  }) + annotation('gone', { branches: [] }),
);
const orchestrator = inputFile(
  `${BASE}/annotations/orch/0.jsonl`,
  annotation('t1', { advantage: 0.5, branches: [{ index: 1, trainable: false }] }) +
    annotation('t2', {
      branches: [
        { index: 0, mask: [0, 0, 1, 0], advantages: [0, 0, 2, 3] },
        { index: 1, entropies: [1] },
      ],
    }),
);

describe('a run directory of prime-rl', () => {
  it('is its traces, with the annotations folded in', async () => {
    const { session, facts } = await openSession([trainer, stream, orchestrator]);
    expect(facts.inputs).toMatchObject([{ name: `${BASE}/stream/0.jsonl`, format: 'verifiers-traces', records: 2, rollouts: 2 }]);
    const issues = session.issues(0, 9).issues.map(({ found }) => found);
    expect(issues.join('\n')).toContain('annotations of 1 traces that are not among the files');
    expect(issues.join('\n')).toContain('1; left out');
  });

  it('has the true entropies, log-probs and advantages of each branch, and leaves out what is not trained', async () => {
    const [first, second] = await rolloutsOf([stream, trainer, orchestrator]);
    const [answer, other] = first!.branches.map(({ events }) => events.at(-1)!);
    expect(first).toMatchObject({ advantage: 0.5 });
    expect(Array.from(answer!.tokens?.entropy ?? [])).toEqual([0.75, 1.5]);
    expect(Array.from(answer!.tokens?.logprobs ?? [])).toEqual([-0.5, -0.5]);
    expect([0, 1].map(trainerLogprobs(answer!))).toEqual([-0.25, -0.125]);
    expect(other).toMatchObject({ sampled: false });
    const masked = second!.branches[0]!.events.at(-1)!;
    expect(Array.from(masked.tokens?.mask ?? [])).toEqual([1, 0]);
    expect(Array.from(masked.tokens?.advantages ?? [])).toEqual([2, NaN]);
  });

  it('names the lines that are no annotation, and branches that are not there', async () => {
    const said = inputFile(
      `${BASE}/annotations/trainer/0.jsonl`,
      `{"trace_id": \n\n${annotation('t1', { branches: [{ index: 2, trainable: false }, { trainable: false }] })}{"version": 1}\n`,
    );
    const { session } = await openSession([stream, said]);
    const notes = session.issues(0, 9).issues.filter(({ code }) => code === 'annotations');
    const found = notes.map(({ found: each }) => each).join('\n');
    expect(found).toContain(`${BASE}/annotations/trainer/0.jsonl: line 1: `);
    expect(found).toContain(`${BASE}/annotations/trainer/0.jsonl: line 4: `);
    expect(found).toContain('2; its annotations are left out');
    expect(notes).toHaveLength(4);
    const [first] = await rolloutsOf([stream, said]);
    expect(first!.branches.map(({ events }) => events.at(-1)?.sampled)).toEqual([true, true]);
  });

  it('counts lines that are no annotation beyond the first', async () => {
    const said = inputFile(`${BASE}/annotations/trainer/0.jsonl`, 'no\n'.repeat(250));
    const { session } = await openSession([stream, said]);
    const { issues } = session.issues(0, 999);
    expect(issues).toHaveLength(101);
    expect(issues.at(-1)?.found).toContain('150 more lines');
  });

  it('says where a packed file of either kind is cut', async () => {
    const packed = gzipSync(episode('t1') + episode('t2').repeat(50));
    const cut = inputFile(`${BASE}/stream/0.jsonl.zst`, packed.subarray(0, packed.length - 12));
    const saidOf = gzipSync(annotation('t1', { advantage: 1 }));
    const said = inputFile(`${BASE}/annotations/trainer/0.jsonl.zst`, saidOf.subarray(0, saidOf.length - 4));
    const { session } = await openSession([cut, said]);
    const found = session.issues(0, 99).issues.map(({ found: each }) => each);
    expect(found.filter((each) => each.startsWith(`${BASE}/stream/0.jsonl.zst: `))).toHaveLength(1);
    expect(found.filter((each) => each.startsWith(`${BASE}/annotations/trainer/0.jsonl.zst: `))).toHaveLength(1);
  });

  it('stays what it is without annotations, and names them where they come alone', async () => {
    expect((await openSession([stream])).facts).toMatchObject({ rollouts: 2, issues: 0 });
    const { session } = await openSession([orchestrator]);
    expect(session.issues(0, 9).issues[0]?.found).toContain('annotations of verifiers traces');
  });
});
