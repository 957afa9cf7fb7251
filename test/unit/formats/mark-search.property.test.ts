import '../../helpers/drawSeed.ts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { indexOfNumber } from '../../../src/base/find-number.ts';
import { TextHash } from '../../../src/base/hash.ts';
import { lastSampledAt, isSampledAt, runEnd } from '../../../src/core/tokens/logged-ends.ts';
import type { RolloutEvent } from '../../../src/core/model/rollout.ts';
import { cutCompletion, cutMessages } from '../../../src/formats/chatml-ids.ts';
import { alignToMask } from '../../../src/formats/per-token.ts';

const lists = [(list: number[]) => list, (list: number[]) => Int32Array.from(list)];
const mask = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60 });

it('a number is found where a loop finds it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }), fc.nat(3), fc.nat(32), fc.nat(32), (list, value, from, to) => {
      const expected = list.findIndex((each, i) => each === value && i >= from && i < to);
      for (const make of lists) expect(indexOfNumber(make(list), value, from, to)).toBe(expected);
    }),
  );
});

it('runs of sampled tokens end where a loop over the tokens says', () => {
  fc.assert(
    fc.property(mask, fc.nat(), fc.nat(), fc.boolean(), fc.constantFrom('none', 'list', 'bytes'), (bits, a, b, sampled, kind) => {
      const tokens = { ids: Int32Array.from(bits), ...(kind === 'none' ? {} : { mask: kind === 'list' ? bits : Uint8Array.from(bits) }) };
      const event: RolloutEvent = { role: 'assistant', sampled, parts: [], tokens };
      const from = a % bits.length;
      const limit = from + 1 + (b % (bits.length - from));
      let to = from + 1;
      while (to < limit && isSampledAt(event, to) === isSampledAt(event, from)) to++;
      expect(runEnd(event, from, limit)).toBe(to);
      expect(lastSampledAt(event)).toBe(bits.findLastIndex((_, i) => isSampledAt(event, i)));
    }),
  );
});

/** START, USER and ASSISTANT, NEWLINE, END of Qwen; marks of thoughts, calls and results; any other id. */
const START = 151644;
const ROLES = { 872: 'user', 77091: 'assistant' } as const;
const id = fc.constantFrom(START, 872, 77091, 198, 151645, 151657, 151658, 151667, 151668, 151665, 5, 6);
const header = fc.constantFrom([START, 872, 198], [START, 77091, 198]);
const idList = fc
  .array(
    fc.oneof(
      header,
      id.map((one) => [one]),
    ),
    { maxLength: 25 },
  )
  .map((pieces) => pieces.flat());

it('messages begin where each id says so', () => {
  fc.assert(
    fc.property(idList, fc.nat(4), (ids, from) => {
      const starts = ids.flatMap((each, i) => (each === START && i >= from ? [i] : []));
      const known = starts.every((at) => (ids[at + 1] ?? 0) in ROLES && ids[at + 2] === 198);
      const expected =
        starts.length === 0 || !known
          ? null
          : starts.map((at, m) => {
              const start = m === 0 ? from : at;
              const end = starts[m + 1] ?? ids.length;
              const role = ROLES[ids[at + 1] as keyof typeof ROLES];
              const open = role === 'assistant' && m === starts.length - 1 && !ids.slice(at, end).includes(151645);
              const marks = ids.flatMap((each, i) => (role === 'user' && each === 151665 && i >= at && i < end ? [i] : []));
              const results = marks.map((mark, r) => ({ kind: 'result', start: r === 0 ? start : mark, end: marks[r + 1] ?? end }));
              return { role, start, end, open, results };
            });
      for (const make of lists) expect(cutMessages(make(ids), from)).toEqual(expected);
    }),
  );
});

it('a completion is cut at every mark of thoughts and calls', () => {
  fc.assert(
    fc.property(
      fc.array(
        id.filter((each) => each !== 198 && each !== 151645),
        { maxLength: 25 },
      ),
      fc.nat(4),
      (ids, from) => {
        // Of every token on its own, what it is; runs of one kind between two marks are one.
        let kind = 'text';
        const runs: { kind: string; start: number; end: number }[] = [];
        let start = from;
        const close = (end: number, of: string, next: string): void => {
          if (end > start) runs.push({ kind: of, start, end });
          start = end;
          kind = next;
        };
        for (let i = from; i < ids.length; i++) {
          if (ids[i] === 151667) close(i, kind, 'thinking');
          if (ids[i] === 151657) close(i, kind, 'call');
          if (ids[i] === 151658) close(i + 1, kind, 'text');
          if (ids[i] === 151668) close(i + 1, 'thinking', 'text');
        }
        close(ids.length, kind, 'text');
        for (const make of lists) expect(cutCompletion(make(ids), from)).toEqual(runs);
      },
    ),
  );
});

it('values of tokens that nobody sampled are none', () => {
  fc.assert(
    fc.property(mask, (bits) => {
      const values = Float64Array.from(bits, (_, i) => i);
      const aligned = alignToMask(values, Uint8Array.from(bits));
      expect(aligned).toEqual({ ok: true, values: Float64Array.from(bits, (bit, i) => (bit === 1 ? i : Number.NaN)) });
    }),
  );
});

it('numbers are hashed alike one by one and together', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), (numbers) => {
      const [one, all] = [new TextHash(), new TextHash()];
      for (const number of numbers) one.addNumber(number);
      all.addNumbers(Int32Array.from(numbers));
      expect(all.digest()).toBe(one.digest());
    }),
  );
});
