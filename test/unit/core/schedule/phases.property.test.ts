/** Phases of a trainer's processes, and the trace that they are read from, against a look at every second. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PHASES, phasesOf, type TraceSpan } from '../../../../src/core/schedule/phases.ts';
import { readTrace } from '../../../../src/engine/studies/schedule/trace.ts';
import { readChromeTrace } from '../../../../src/formats/chrome-trace.ts';

const REAL = '../shared/data/timeline/slime-0808-1-2task.json.gz';
/** A name of each phase, as slime spells it. */
const NAMES: Readonly<Record<string, string>> = {
  switching: 'task-0: rollout actor sleep',
  updating: 'task-1: update weights from distributed',
  'setting up': 'task-0: init model and optimizer',
  training: 'task-0: megatron train actor real train',
  rollout: 'task-0: buffer generate',
  other: 'task-0: think',
};
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe('phases', () => {
  it('are of the span that began last, at every second', () => {
    const span = fc.tuple(fc.constantFrom(...Object.entries(NAMES)), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8 }));
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 8 }), (given) => {
        const spans = given.map(([[, name], start, length]): TraceSpan => ({ lane: 'rank0', name, start, end: start + length }));
        const [lane] = phasesOf(spans);
        const first = Math.min(...spans.map(({ start }) => start));
        const last = Math.max(...spans.map(({ end }) => end));
        const counts = new Map<string, number>();
        for (let s = first; s < last; s++) {
          const open = given.filter(([, start, length]) => start <= s && s < start + length);
          const latest = open.filter(([, start]) => start === Math.max(...open.map(([, at]) => at)));
          const shortest = latest.findLast(([, , length]) => length === Math.min(...latest.map(([, , one]) => one)));
          const phase = shortest?.[0][0] ?? 'idle';
          counts.set(phase, (counts.get(phase) ?? 0) + 1);
        }
        expect(lane?.seconds).toEqual(PHASES.map((phase) => counts.get(phase) ?? 0));
        expect(lane?.span).toBe(last - first);
      }),
      { numRuns: 500 },
    );
  });
});

it('are of the front of a name, so that a long one takes no longer', () => {
  const name = 'sync '.repeat(2000);
  // Looked through to its end from each of its words, one of millions would take hours.
  const spans = [name, `${name}weights`].map((own, i): TraceSpan => ({ lane: 'a', name: own, start: i, end: i + 1 }));
  expect(phasesOf(spans)[0]!.seconds[PHASES.indexOf('other')]).toBe(2);
});

describe('a trace', () => {
  const begin = { ph: 'B', name: NAMES['training'], pid: 'rank0', tid: 'cpu', ts: 1e6 };
  const list = [
    { ...begin, ph: 'E', ts: 4e6 },
    begin,
    { ph: 'X', name: NAMES['rollout'], pid: 1, ts: 2e6, dur: 5e5 },
    { ph: 'C', ts: 1, name: 'Mem' },
  ];

  it('pairs what begins with what ends of one name, whatever order they stand in', () => {
    expect(readChromeTrace({ traceEvents: list })).toEqual({
      events: 4,
      others: 1,
      unmatched: 0,
      spans: [
        { lane: '1', name: NAMES['rollout'], start: 2, end: 2.5 },
        { lane: 'rank0', name: NAMES['training'], start: 1, end: 4 },
      ],
    });
    expect(readChromeTrace([begin, begin, { ...begin, ph: 'X' }, { ...begin, ts: 'soon' }])).toMatchObject({ spans: [], unmatched: 4 });
  });

  it('is read packed and unpacked, and what is none is said', () => {
    expect(readTrace(gzipSync(bytesOf(list)))).toEqual(readTrace(bytesOf(list)));
    expect(readTrace(bytesOf({ a: 1 }))).toMatchObject({ ok: false, why: expect.stringContaining('Chrome trace events') });
    expect(readTrace(bytesOf([]).subarray(1))).toMatchObject({ ok: false, why: expect.stringContaining('JSON') });
    expect(readTrace(gzipSync(bytesOf(list)).subarray(0, 12).fill(255, 10))).toMatchObject({ ok: false });
  });

  it('of slime has every span in one phase, and no second twice', (context) => {
    if (!existsSync(REAL)) return context.skip('the shared data is not here');
    const bytes = readFileSync(REAL);
    const read = readTrace(bytes);
    if (!read.ok) throw new Error(read.why);
    const { traceEvents } = JSON.parse(gunzipSync(bytes).toString()) as {
      readonly traceEvents: readonly { ph: string; pid: string; ts: number }[];
    };
    expect(read).toMatchObject({ spans: traceEvents.filter(({ ph }) => ph === 'B').length, unmatched: 0, events: traceEvents.length });
    for (const { lane, span, seconds } of read.lanes) {
      const times = traceEvents.filter(({ ph, pid }) => pid === lane && (ph === 'B' || ph === 'E')).map(({ ts }) => ts / 1e6);
      expect(span).toBeCloseTo(Math.max(...times) - Math.min(...times), 6);
      expect(seconds.reduce((sum, one) => sum + one, 0)).toBeCloseTo(span, 6);
    }
    expect(read.lanes.map(({ lane }) => lane)).toEqual(
      [...new Set(traceEvents.filter(({ ph }) => ph === 'B').map(({ pid }) => pid))].sort(),
    );
  });
});
