/** Groups of rollouts and rewards of a person's own: as if the log had said so. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { makeRegard, ungrouped } from '../../../src/core/rollouts/regard.ts';
import { readStatusRewards, writeStatusRewards } from '../../../src/core/rollouts/status-rewards.ts';
import { matchVerdicts, type Verdict } from '../../../src/core/rollouts/verdicts.ts';
import type { OpenSettings } from '../../../src/engine/answers/opening.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../helpers/openSession.ts';

interface Said {
  readonly question: number;
  readonly answer: number;
  readonly reward: number | null;
  readonly status: number;
}
const said = fc.record({
  question: fc.nat(2),
  answer: fc.nat(5),
  reward: fc.constantFrom(null, 0, 0.5, 1),
  status: fc.nat(2),
});
/** A training set has a column of advantages where any reward is known: in both files, then. */
const rewarded = fc.array(
  said.map((row) => ({ ...row, reward: row.reward ?? 0.25 })),
  { minLength: 1, maxLength: 6 },
);
const STATUS = ['submitted', 'exit_cost', 'a,b=%'];
const line = ({ question, answer, reward, status }: Said, i: number): string =>
  JSON.stringify({
    id: `r${i}`,
    status: STATUS[status],
    messages: [
      { role: 'user', content: `Question ${question}` },
      { role: 'assistant', content: `Answer ${answer} is what it is` },
    ],
    ...(reward === null ? {} : { reward }),
  });
const log = (name: string, rows: readonly Said[]) => inputFile(name, rows.map((row, i) => `${line(row, i)}\n`).join(''));

/** Everything that a training set says of the log, record by record. */
async function exported(files: Parameters<typeof openSession>[0], settings: Partial<OpenSettings> = {}) {
  const { session, facts } = await openSession(files, settings);
  const rule = { ...DEFAULT_RULE, mode: 'rl', advantage: 'grpo' } as typeof DEFAULT_RULE;
  const sink = memorySink();
  await session.export(session.order(rule).orderId, { cut: 1, train: 1 }, exportSpec('tokens', 'messages'), sink, () => undefined);
  return { tokens: sink.files.get('tokens.jsonl') ?? '', messages: sink.files.get('messages.jsonl') ?? '', facts };
}

describe('one group per task and file', () => {
  it('is as if files were opened apart, joined', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(rewarded, rewarded, async (a, b) => {
        const files = [log('a.jsonl', a), log('b.jsonl', b)];
        const together = await exported(files, { group: 'file' });
        const apart = await Promise.all(files.map((file) => exported([file], { group: 'file' })));
        const sorted = (texts: readonly string[]): string[] =>
          texts
            .flatMap((text) => text.split('\n'))
            .filter(Boolean)
            .sort();
        expect(together.facts.tasks).toBe(apart[0]!.facts.tasks + apart[1]!.facts.tasks);
        expect(together.facts.tokens.distinct).toBe(apart[0]!.facts.tokens.distinct + apart[1]!.facts.tokens.distinct);
        expect(sorted([together.tokens])).toEqual(sorted(apart.map(({ tokens }) => tokens)));
        // Apart, each log has its tasks to itself: what is trained on is the same as without groups.
        const plain = await Promise.all(files.map((file) => exported([file])));
        expect(apart.map(({ facts }) => facts.tokens)).toEqual(plain.map(({ facts }) => facts.tokens));
      }),
      { numRuns: 15 },
    );
  });

  it('tells tasks apart whose names hold what separates', () => {
    const row = (task: string) => ({ task, taskLabel: task, status: '', policy: '', id: '', reward: null }) as never;
    const grouped = (task: string, path: string): string =>
      makeRegard({ group: 'file' })({ rollouts: [row(task)] } as never, path).rollouts[0]!.task;
    expect(grouped('a | file=b', 'c')).not.toBe(grouped('a', 'b | file=c'));
    expect(ungrouped(grouped('a | file=b', 'c|d'), 'file')).toBe('a | file=b');
    expect(makeRegard({ group: 'file' })({ rollouts: [row(grouped('a', 'b'))] } as never, 'b').rollouts[0]!.task).toBe(grouped('a', 'b'));
  });
});

describe('one group per task and model', () => {
  it('reads the model of the record, and says where there is none', async () => {
    const of = (model: string | null): string =>
      `${JSON.stringify({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'assistant', content: 'b' },
        ],
        ...(model === null ? {} : { model }),
      })}\n`;
    const { session } = await openSession([inputFile('a.jsonl', of('m1') + of('m2') + of(null))], { group: 'model' });
    expect(session.tasks().label).toEqual(['a · unknown model', 'a · m1', 'a · m2']);
  });
});

describe('rewards of a person’s own', () => {
  it('are as if the log had them', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(said, fc.constantFrom(null, 0, 1, -2)), { minLength: 1, maxLength: 8 }), async (rows) => {
        const file = log(
          'a.jsonl',
          rows.map(([row]) => row),
        );
        const { session } = await openSession([file]);
        const { keys } = session.rollouts();
        const rewards = rows.flatMap(([, verdict], i) => (verdict === null ? [] : [[keys[i]!, verdict] as const]));
        const written = log(
          'a.jsonl',
          rows.map(([row, verdict]) => ({ ...row, reward: verdict ?? row.reward })),
        );
        expect((await exported([file], { rewards })).tokens).toBe((await exported([written])).tokens);
        expect((await exported([file], { rewards })).facts.rewards).toEqual((await exported([written])).facts.rewards);
      }),
      { numRuns: 15 },
    );
  });

  it('by exit status are as if the log had them, and give way to those by rollout', async () => {
    const rows: Said[] = [
      { question: 0, answer: 0, reward: 1, status: 0 },
      { question: 0, answer: 1, reward: null, status: 1 },
      { question: 0, answer: 2, reward: 0.5, status: 2 },
    ];
    const { session } = await openSession([log('a.jsonl', rows)]);
    const settings = {
      statusRewards: [['submitted', 0] as const, ['exit_cost', 0.25] as const],
      rewards: [[session.rollouts().keys[0]!, 7] as const],
    };
    const written = rows.map((row, i) => ({ ...row, reward: [7, 0.25, 0.5][i]! }));
    expect((await exported([log('a.jsonl', rows)], settings)).tokens).toBe((await exported([log('a.jsonl', written)])).tokens);
  });

  it('by exit status are read as they are written', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(
            fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
            fc.constantFrom(0, 1, -0.5),
          ),
          { selector: ([status]) => status },
        ),
        (rewards) => {
          const tidy = rewards.filter(([status]) => status === status.trim());
          expect(readStatusRewards(writeStatusRewards(tidy))).toEqual(tidy);
        },
      ),
    );
    expect(readStatusRewards('submitted=1, exit_cost=0')).toEqual([
      ['submitted', 1],
      ['exit_cost', 0],
    ]);
    for (const wrong of ['submitted', 'submitted=', '=1', 'a=x', 'a=1e101', 'a=Infinity']) expect(readStatusRewards(wrong)).toBeNull();
    expect(readStatusRewards('')).toEqual([]);
  });
});

describe('verdicts', () => {
  const verdict = (more: Partial<Verdict>): Verdict => ({ line: 1, key: null, task: null, id: null, reward: 1, labels: [], ...more });

  it('find their rollouts as a look at all of them does', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: name, task: name, status: fc.constantFrom('aborted', 'done'), reward: fc.constantFrom(null, null, 0) }), {
          maxLength: 8,
        }),
        fc.array(fc.record({ id: name, task: fc.option(name), reward: fc.constantFrom(0, 1) }), { maxLength: 8 }),
        (rollouts, some) => {
          const verdicts = some.map((each) => verdict(each));
          const found = verdicts.map(({ id, task }) => {
            const named = rollouts.flatMap((row, r) => (row.id === id && (task === null || row.task === task) ? [r] : []));
            // Records of one rollout that paused leave the one that did not.
            const whole = named.filter((r) => rollouts[r]!.status !== 'aborted' || rollouts[r]!.reward !== null);
            return whole.length === 1 && named.every((r) => rollouts[r]!.task === rollouts[whole[0]!]!.task) ? whole : named;
          });
          const at = (r: number): number[] => verdicts.flatMap((_, v) => (found[v]!.length === 1 && found[v]![0] === r ? [v] : []));
          const agree = (r: number): boolean => new Set(at(r).map((v) => verdicts[v]!.reward)).size === 1;
          const { of, matched, unmatched, ambiguous } = matchVerdicts(
            verdicts,
            rollouts,
            rollouts.map((_, r) => String(r)),
          );
          expect([...of].map((v) => (v === -1 ? null : verdicts[v]!.reward))).toEqual(
            rollouts.map((_, r) => (agree(r) ? verdicts[at(r)[0]!]!.reward : null)),
          );
          expect(unmatched).toEqual(verdicts.flatMap((_, v) => (found[v]!.length === 0 ? [v] : [])));
          expect(matched + unmatched.length + ambiguous.length).toBe(verdicts.length);
        },
      ),
    );
  });

  it('tell what they matched before anything is changed', async () => {
    const rows: Said[] = [0, 1, 2].map((answer) => ({ question: 0, answer, reward: answer === 0 ? 1 : null, status: 0 }));
    const { session } = await openSession([log('a.jsonl', rows), log('b.jsonl', rows.slice(0, 1))]);
    const answer = await session.verdicts('v.csv', 'id,reward,label\nr1,0,wrong; late\nr2,pass,\nr0,0,\nnobody,1,\n');
    const { keys } = session.rollouts();
    const [, one, two] = keys;
    expect(answer).toEqual({
      ok: true,
      name: 'v.csv',
      verdicts: 4,
      matched: 2,
      unmatched: { count: 1, first: ['line 5: nobody'] },
      ambiguous: { count: 1, first: ['line 4: r0'] },
      rewards: [
        [one, 0],
        [two, 1],
      ].sort(([a], [b]) => (a! < b! ? -1 : 1)),
      labels: [
        [one, 'wrong'],
        [one, 'late'],
      ],
      known: 2,
      changed: 0,
      filled: 2,
    });
    expect(session.facts().rewards).toMatchObject({ known: 2 });
  });

  it.each([
    ['name,score\na,1\n', 'v: expected a column named rollout_key, key, id, rollout, rollout_id or the like, found name, score'],
    ['id,reward\na,good\n', 'v, line 2: expected a reward, found "good"'],
    ['id,reward\na,\n', 'v, line 2: expected a reward or a label, found neither'],
    ['id,reward\n"a,1\n', 'v: expected CSV, found a quote that is not closed in row 2'],
    ['{"id": "a", "reward": 1}\n{"id": }\n', 'v: expected JSON in line 2: found "}" where a value should come'],
    ['{"key": "zz", "reward": 1}', 'v, line 1: expected a rollout key of 16 hexadecimal digits, found "zz"'],
    ['', 'v: expected a line of names, found none'],
  ])('%j is refused', async (text, reason) => {
    const { session } = await openSession([log('a.jsonl', [])]);
    const answer = await session.verdicts('v', text);
    expect(answer).toEqual({ ok: false, reason });
  });

  it('come as JSON lines, a list, or a table of ids', async () => {
    const { session } = await openSession([log('a.jsonl', [{ question: 0, answer: 0, reward: null, status: 0 }])]);
    for (const text of ['{"id":"r0","reward":true}\n', '[{"rollout_id":"r0","score":1}]', '{"r0": 1}', '{"r0": {"reward": 1}}'])
      expect(await session.verdicts('v', text)).toMatchObject({ ok: true, matched: 1, rewards: [[expect.any(String), 1]] });
    expect(await session.verdicts('v', '{"r0": "wrong"}')).toMatchObject({
      ok: true,
      rewards: [],
      labels: [[expect.any(String), 'wrong']],
    });
  });
});
