/** Repeats, corrections and turns of rollouts, against a slow reading of their definitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findErrors } from '../../../../src/core/errors/find.ts';
import { maskedTurns, type Corrections } from '../../../../src/core/errors/masked.ts';
import { ERROR_RULES } from '../../../../src/core/errors/registry.ts';
import type { Rollout } from '../../../../src/core/model/rollout.ts';
import { hitsOf, rolloutOfTurns, turnEvents } from '../../../helpers/errorRollouts.ts';

interface Drawn {
  readonly tool: 'read' | 'write';
  readonly at: number;
  readonly outcome: 'good' | 'error' | 'none';
}

const TEXT = { good: 'fine', error: 'Error: no', none: null };
const drawnTurns = fc.array(
  fc.array(
    fc.record({
      tool: fc.constantFrom('read', 'write'),
      at: fc.integer({ min: 0, max: 2 }),
      outcome: fc.constantFrom('good', 'error', 'none'),
    }),
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  { minLength: 1, maxLength: 8 },
) as fc.Arbitrary<Drawn[][]>;

function rolloutOf(turns: readonly Drawn[][]): Rollout {
  return rolloutOfTurns(
    turns.map((calls) => turnEvents(calls.map(({ tool, at, outcome }) => ({ tool, args: { at }, result: TEXT[outcome] })))),
  );
}

/** Literally: an earlier call that is the same, and between the two no other call that writes. */
function repeats(turns: readonly Drawn[][]): Set<string> {
  const calls = turns.flatMap((own, turn) => own.map((call, c) => ({ ...call, name: `${turn + 1} ${c}` })));
  const same = (a: Drawn, b: Drawn): boolean => a.tool === b.tool && a.at === b.at;
  const found = new Set<string>();
  calls.forEach((call, i) => {
    for (let j = 0; j < i; j++)
      if (same(call, calls[j]) && !calls.slice(j + 1, i).some((between) => between.tool === 'write' && !same(between, call)))
        found.add(call.name);
  });
  return found;
}

/** Turn and call -> the first later turn in which the tool succeeds with other arguments. */
function corrector(turns: readonly Drawn[][], turn: number, { tool, at }: Drawn): number | null {
  const later = turns.findIndex(
    (calls, t) => t > turn && calls.some((call) => call.tool === tool && call.at !== at && call.outcome === 'good'),
  );
  return later < 0 ? null : later + 1;
}

describe('findErrors', () => {
  it('finds what the definitions say', () => {
    fc.assert(
      fc.property(drawnTurns, (turns) => {
        const { hits, turns: count, places } = findErrors(rolloutOf(turns), ERROR_RULES);
        expect(count).toBe(turns.length);
        const again = repeats(turns);
        expect(new Set(hits.filter(({ rule }) => rule === 'repeated-call').map(({ turn, call }) => `${turn} ${call}`))).toEqual(again);
        const failed = turns.flatMap((calls, t) => calls.flatMap(({ outcome }, c) => (outcome === 'error' ? [`${t + 1} ${c}`] : [])));
        expect(hits.filter(({ rule }) => rule === 'reported').map(({ turn, call }) => `${turn} ${call}`)).toEqual(failed);
        for (const { turn, call, corrected } of hits) {
          const by = corrector(turns, turn - 1, turns[turn - 1][call]);
          expect(corrected).toEqual(by === null ? null : { turn: by, after: by - turn });
        }
        expect(places.map(({ turn }) => turn)).toEqual([...new Set(hits.map(({ turn }) => turn))]);
      }),
    );
  });

  it('finds the same once in branches that replay a turn, which counts where it was written', () => {
    fc.assert(
      fc.property(drawnTurns, fc.nat({ max: 7 }), (turns, at) => {
        const rollout = rolloutOf(turns);
        const [{ events }] = rollout.branches;
        const upTo = events.slice(0, 1 + (at % events.length));
        // A later call to the model replays what was said before it.
        const replayed = events.map((event, i) => (i < upTo.length ? { ...event, sampled: false } : event));
        const both = findErrors({ ...rollout, branches: [{ events: upTo }, { events: replayed }] }, ERROR_RULES);
        const alone = findErrors(rollout, ERROR_RULES);
        expect(both.turns).toBe(alone.turns);
        const plain = (hits: typeof alone.hits) =>
          hits.map(({ rule, turn, call, event, corrected }) => ({ rule, turn, call, event, corrected }));
        expect(plain(both.hits)).toEqual(plain(alone.hits));
        for (const { branch, event } of both.places) expect([upTo, replayed][branch][event].sampled).toBe(true);
      }),
    );
  });
});

describe('maskedTurns', () => {
  it('masks as each way of corrections says', () => {
    const ways = fc.constantFrom<Corrections>('mask', 'recovery', 'keep');
    const rules = fc.subarray(ERROR_RULES.map(({ id }) => id));
    fc.assert(
      fc.property(drawnTurns, ways, rules, fc.integer({ min: 1, max: 4 }), (turns, corrections, on, within) => {
        const found = findErrors(rolloutOf(turns), ERROR_RULES);
        const masked = maskedTurns(found, { rules: new Set(on), corrections, within });
        const again = repeats(turns);
        turns.forEach((calls, t) => {
          const failures = calls.filter(({ outcome }) => on.includes('reported') && outcome === 'error');
          const repeated = calls.filter((_, c) => on.includes('repeated-call') && again.has(`${t + 1} ${c}`));
          const isNear = (call: Drawn, from: number): boolean => {
            const by = corrector(turns, from, call);
            return by !== null && by - 1 - from <= within;
          };
          const isRecovery = turns.some((earlier, e) =>
            earlier.some((call, c) => {
              const isHit =
                (on.includes('reported') && call.outcome === 'error') || (on.includes('repeated-call') && again.has(`${e + 1} ${c}`));
              return isHit && e < t && corrector(turns, e, call) === t + 1 && t - e <= within;
            }),
          );
          const isHit = failures.length + repeated.length > 0;
          const spared = corrections !== 'mask' && isRecovery && failures.length === 0;
          const kept = corrections === 'keep' && [...failures, ...repeated].every((call) => isNear(call, t));
          expect(masked.has(t + 1)).toBe(isHit && !spared && !kept);
        });
      }),
    );
  });
});

describe('a shell', () => {
  const run = (command: string, result: string) => turnEvents([{ args: { command }, result }]);
  it('corrects a command by another run of the same program', () => {
    const turns = [run('cd /x && python a.py', 'Exit code 1'), run('ls', 'a.py'), run('A=1 python b.py', 'fine')];
    expect(hitsOf(turns)).toMatchObject([{ rule: 'exit-code', turn: 1, corrected: { turn: 3, after: 2 } }]);
  });
  it('repeats a look where only looks lie between, and not where something may have changed', () => {
    const look = (between: string) => hitsOf([run('cat a.py', 'x'), run(between, ''), run('cat a.py', 'x')]).map(({ turn }) => turn);
    for (const command of ['ls -l', 'grep -n x a.py | head', 'git diff', "sed -n '1,9p' a.py", 'ls 2>/dev/null', 'cat b 2>&1'])
      expect(look(command)).toEqual([3]);
    for (const command of ['echo x > a.py', 'sed -i s/x/y/ a.py', 'python a.py', 'find . -delete', 'git checkout .', 'cat b && rm a.py'])
      expect(look(command)).toEqual([]);
  });
  it('goes on with what scrolls or waits', () => {
    const calls = [{ tool: 'scroll_down' }, { tool: 'wait' }, { args: { command: 'sleep 5' } }];
    for (const call of calls) expect(hitsOf([turnEvents([call]), turnEvents([call])])).toEqual([]);
    expect(hitsOf([turnEvents([{ tool: 'readFile' }]), turnEvents([{ tool: 'readFile' }])])).toMatchObject([
      { rule: 'repeated-call', turn: 2 },
    ]);
  });
});
