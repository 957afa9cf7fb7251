import { describe, expect, it } from 'vitest';
import { absoluteLine, lineCounter } from '../../../src/engine/dataset.ts';
import { bytesAt } from '../../../src/core/model/address.ts';

describe('a line of a file', () => {
  it('is known once all before it is read', () => {
    const ranges = [
      { start: 0, lines: 4, isUnread: false },
      { start: 100, lines: 2, isUnread: true },
      { start: 200, lines: 7, isUnread: true },
    ];
    const lines = (): number[] => [50, 150, 250].map((start) => absoluteLine({ ranges }, bytesAt(start), 2));
    expect(lines()).toEqual([2, 6, 0]);
    const counted = lineCounter({ ranges });
    expect([50, 150, 250].map((start) => counted(bytesAt(start), 2))).toEqual([2, 6, 0]);
    ranges[1]!.isUnread = false;
    expect(lines()).toEqual([2, 6, 8]);
    expect(absoluteLine({ ranges }, bytesAt(250), 0)).toBe(0);
    expect([50, 150, 250].map((start) => lineCounter({ ranges })(bytesAt(start), 2))).toEqual([2, 6, 8]);
  });
});
