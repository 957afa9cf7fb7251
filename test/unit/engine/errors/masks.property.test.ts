/** What an export masks by error rules, against an oracle that is told which calls were made to fail. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import type { ExportSpec, RecordSettings } from '../../../../src/engine/answers/exporting.ts';
import { exportSpec, inputFile, linesOf, memorySink, openSession } from '../../../helpers/openSession.ts';

const OUTCOMES = {
  good: { content: 'fine' },
  flagged: { content: 'it failed', is_error: true },
  status: { content: 'no\n\nCommand exited with code 2' },
  reported: { content: 'Error: no such thing' },
} as const;
type Outcome = keyof typeof OUTCOMES;
/** Outcome -> the rule that it is made for. */
const RULE: Readonly<Record<Outcome, string | null>> = { good: null, flagged: 'flagged', status: 'exit-code', reported: 'reported' };

interface Call {
  readonly tool: string;
  readonly at: number;
  readonly outcome: Outcome;
}

const logs = fc.array(
  fc.array(
    fc.record({
      tool: fc.constantFrom('write', 'send'),
      at: fc.integer({ min: 0, max: 9 }),
      outcome: fc.constantFrom<Outcome>('good', 'flagged', 'status', 'reported'),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 3 },
);
const settings = fc.record({
  errorRules: fc.subarray(['flagged', 'exit-code', 'reported'], { minLength: 1 }).map((list) => list.join(',')),
  corrections: fc.constantFrom<RecordSettings['corrections']>('mask', 'recovery', 'keep'),
  correctedWithin: fc.integer({ min: 1, max: 3 }),
});

/** Each rollout is a task of its own, so that its record is all of it. */
function logOf(rollouts: readonly (readonly Call[])[]): string {
  return rollouts
    .map((calls, r) => {
      const messages = calls.flatMap(({ tool, at, outcome }, i) => [
        {
          role: 'assistant',
          content: `I do ${i}.`,
          tool_calls: [{ id: `c${i}`, type: 'function', function: { name: tool, arguments: `{"at":${at},"turn":${i}}` } }],
        },
        { role: 'tool', tool_call_id: `c${i}`, ...OUTCOMES[outcome] },
      ]);
      const first = { role: 'user', content: `task ${r}` };
      const last = { role: 'assistant', content: 'Done.' };
      return `${JSON.stringify({ id: `r${r}`, messages: [first, ...messages, last] })}\n`;
    })
    .join('');
}

/** Turn -> masked, literally: it failed by a rule that is on, and is not kept for a later call of its tool that went well in time. */
function oracle(
  calls: readonly Call[],
  { errorRules, corrections, correctedWithin }: Pick<RecordSettings, 'errorRules' | 'corrections' | 'correctedWithin'>,
): boolean[] {
  return calls.map(({ tool, outcome }, i) => {
    const rule = RULE[outcome];
    if (rule === null || !errorRules.split(',').includes(rule)) return false;
    const by = calls.findIndex((other, j) => j > i && other.tool === tool && other.outcome === 'good');
    return !(corrections === 'keep' && by >= 0 && by - i <= correctedWithin);
  });
}

async function exported(text: string, spec: Partial<ExportSpec>) {
  const { session } = await openSession([inputFile('a.jsonl', text)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, { ...exportSpec('tokens'), ...spec }, sink, () => undefined);
  const rows = linesOf(sink.files.get('tokens.jsonl')) as { rollout: string; loss_mask: number[] }[];
  const manifest: {
    totals: {
      masked_errors?: { turns: number; tokens: number; rollouts: number; by_rule: Record<string, { turns: number; tokens: number }> };
    };
  } = JSON.parse(sink.files.get('manifest.json') ?? '');
  return { rows, masked: manifest.totals.masked_errors };
}

/** Runs of loss, as [first, end): the turns of a record. */
function runs(mask: readonly number[]): (readonly [number, number])[] {
  return mask.flatMap((value, i) =>
    value === 1 && mask[i - 1] !== 1 ? [[i, mask.findIndex((later, j) => j > i && later !== 1)] as const] : [],
  );
}

describe('an export that masks failed turns', () => {
  it('takes the loss of the turns that the rules hit, and of no other, and counts them', async () => {
    await fc.assert(
      fc.asyncProperty(logs, settings, async (rollouts, records) => {
        const text = logOf(rollouts);
        const whole = await exported(text, {});
        const { rows, masked } = await exported(text, { maskErrors: true, records });
        const taken = { turns: 0, tokens: 0 };
        const byRule: Record<string, number> = {};
        rollouts.forEach((calls, r) => {
          const before = whole.rows.find(({ rollout }) => rollout === `r${r}`)?.loss_mask ?? [];
          const now = rows.find(({ rollout }) => rollout === `r${r}`)?.loss_mask ?? [];
          const turns = runs(before);
          expect(turns).toHaveLength(calls.length + 1);
          const isMasked = [...oracle(calls, records), false];
          const expected = before.map((value, i) =>
            turns.some(([from, end], t) => isMasked[t] && i >= from && (end < 0 || i < end)) ? 0 : value,
          );
          expect(now).toEqual(expected);
          calls.forEach(({ outcome }, i) => {
            const [from, end] = turns[i];
            if (!isMasked[i]) return;
            taken.turns++;
            taken.tokens += end - from;
            byRule[RULE[outcome] ?? ''] = (byRule[RULE[outcome] ?? ''] ?? 0) + 1;
          });
        });
        expect(masked).toMatchObject(taken);
        for (const rule of records.errorRules.split(',')) expect(masked?.by_rule[rule]?.turns).toBe(byRule[rule] ?? 0);
      }),
      { numRuns: 25 },
    );
  });

  it('masks what it always did where nobody names rules, whichever way tells it', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (rollouts) => {
        const text = logOf(rollouts);
        const marks = await exported(text, { maskErrors: true });
        // `keep` within a turn, and a call is never corrected by a turn of another tool: asked of the rules instead of the marks.
        const never = rollouts.every(
          (calls) =>
            oracle(calls, { errorRules: 'flagged', corrections: 'keep', correctedWithin: 50 }).join() ===
            oracle(calls, { errorRules: 'flagged', corrections: 'mask', correctedWithin: 1 }).join(),
        );
        fc.pre(never);
        const rules = await exported(text, { maskErrors: true, records: { corrections: 'keep', correctedWithin: 50 } });
        expect(rules).toEqual(marks);
      }),
      { numRuns: 15 },
    );
  });

  it('refuses rules that are none', async () => {
    const { session } = await openSession([inputFile('a.jsonl', logOf([[{ tool: 'write', at: 1, outcome: 'good' }]]))]);
    const { orderId } = session.order(DEFAULT_RULE);
    const spec = { ...exportSpec('tokens'), maskErrors: true, records: { errorRules: 'flagged,nosuch' } };
    await expect(session.export(orderId, { cut: 1, train: 1 }, spec, memorySink(), () => undefined)).rejects.toThrow('found nosuch');
    expect(() => session.fidelity(orderId, { cut: 1, train: 1 }, { ...spec, records: { errorRules: 'all' } })).toThrow('prepareErrors');
    await session.prepareErrors({ ...spec, records: { errorRules: 'all' } });
    expect(session.fidelity(orderId, { cut: 1, train: 1 }, { ...spec, records: { errorRules: 'all' } }).tasksTrained).toEqual({
      before: 1,
      after: 1,
    });
  });
});
