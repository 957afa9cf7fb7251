import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forestIdentity, readScores, scoresMismatch, writeScores, type Scores } from '../../../../src/core/score/scores-file.ts';
import { treeFromText } from '../../../helpers/treeFromText.ts';
import { proven } from '../../../helpers/proven.ts';
import { sha256 } from '../../../../src/platform/node/sha256.ts';

const SCORES: Scores = {
  header: {
    model: 'aa11',
    tokenizer: 'bb22',
    tokens: 'cc33',
    name: 'tiny',
    dtype: 'fp32',
    executor: 'wasm',
    length: 3,
    scored: 2,
    windows: { context: 2048, overlap: 170, start: 0 },
  },
  entropy: Float32Array.of(1.5, Number.NaN, 0),
  surprisal: Float32Array.of(0.25, Number.NaN, 7),
  gradient: Float32Array.of(0.5, Number.NaN, 1.25),
  sketches: {
    dim: 4,
    of: 'logits',
    why: 'a reason',
    tokens: { of: Int32Array.of(0), scale: Float32Array.of(2), values: Uint16Array.of(1, 2, 3, 0x3c00), share: 0.5 },
    runs: { of: Int32Array.of(0, 2), end: Int32Array.of(2, 3), scale: Float32Array.of(1, 4), values: new Uint16Array(8).fill(7), share: 1 },
  },
};

/** The header changed, the checksum made anew. */
function withHeader(bytes: Uint8Array, what: RegExp, by: string): Uint8Array {
  const end = bytes.indexOf(10, bytes.indexOf(10) + 1) + 1;
  const head = Buffer.from(Buffer.from(bytes.subarray(0, end)).toString('latin1').replace(what, by), 'latin1');
  const body = Buffer.concat([head, Buffer.alloc((4 - (head.length % 4)) % 4), bytes.subarray(Math.ceil(end / 4) * 4, -32)]);
  return Buffer.concat([body, Buffer.from(sha256(body), 'hex')]);
}

describe('scores file', () => {
  it('is read as it was written', () => {
    expect(readScores(writeScores(SCORES, sha256), sha256)).toEqual({ ok: true, scores: SCORES });
    // Also from the middle of a larger buffer.
    const bytes = writeScores(SCORES, sha256);
    const within = new Uint8Array(bytes.length + 3);
    within.set(bytes, 3);
    expect(readScores(within.subarray(3), sha256)).toEqual({ ok: true, scores: SCORES });
  });

  it('has no gradients where it is of version 1, and passes over columns that it does not know', () => {
    const read = readScores(readFileSync('test/fixtures/versions/scores-1.scores'), sha256);
    if (!read.ok) throw new Error(read.reason);
    expect(read.scores.entropy.some((value) => !Number.isNaN(value))).toBe(true);
    expect(read.scores.gradient.every(Number.isNaN)).toBe(true);
    const bytes = writeScores(SCORES, sha256).subarray(0, -32);
    const renamed = new TextEncoder().encode(new TextDecoder('latin1').decode(bytes).split('\n')[1].replace('"surprisal"', '"remainder"'));
    bytes.set(renamed, bytes.indexOf(10) + 1);
    expect(readScores(Buffer.concat([bytes, Buffer.from(sha256(bytes), 'hex')]), sha256)).toEqual({
      ok: true,
      scores: { ...SCORES, surprisal: new Float32Array(3).fill(Number.NaN) },
    });
  });

  it('is refused with its reason when it is something else, cut off or damaged', () => {
    const bytes = writeScores(SCORES, sha256);
    const reason = (some: Uint8Array): string => {
      const read = readScores(some, sha256);
      return read.ok ? 'read' : read.reason;
    };
    expect(reason(new Uint8Array(0))).toBe('expected a scores file that begins with "espalier-scores-4", found something else');
    expect(reason(new TextEncoder().encode('{"messages": []}\n'))).toBe(
      'expected a scores file that begins with "espalier-scores-4", found something else',
    );
    const changed = 'the scores file does not fit its checksum: it has been changed, or was cut off, since it was written';
    for (const length of [20, 40, bytes.length - 4]) expect(reason(bytes.subarray(0, length))).toBe(changed);
    expect(reason(Buffer.concat([bytes, Buffer.of(0)]))).toBe(changed);
    // Of version 2, which has no checksum.
    const older = bytes.slice(0, -32);
    older[16] = 50;
    expect(reason(older)).toBe('read');
    expect(reason(older.subarray(0, 40))).toBe('the scores file is cut off in its header');
    expect(reason(older.subarray(0, -4))).toBe(`expected a scores file of ${older.length} bytes for 3 tokens, found ${older.length - 4}`);
    const damaged = older.slice();
    damaged[18] = 120;
    expect(reason(damaged)).toBe('the header of the scores file is malformed');
    for (const windows of ['{"context":9,"overlap":9,"start":0}', '{"context":-9}', '7', '{"context":2048,"overlap":170,"start":1.5}'])
      expect(reason(withHeader(bytes, /"windows":\{[^}]*\}/, `"windows":${windows}`))).toBe('the header of the scores file is malformed');
    expect(reason(withHeader(bytes, /"windows":\{[^}]*\}/, '"windows":null'))).toBe('read');
    const more = readScores(withHeader(bytes, /"windows":\{/, '"windows":{"more":[1],'), sha256);
    expect(more.ok && more.scores.header.windows).toEqual({ context: 2048, overlap: 170, start: 0 });
    const negative = older.slice();
    new DataView(negative.buffer).setFloat32(older.indexOf(10, 20) + 1 + ((4 - ((older.indexOf(10, 20) + 1) % 4)) % 4), -2, true);
    expect(reason(negative)).toBe('expected values from 0 to 100000 in the column entropy of the scores file, found -2 at token 0');
  });

  it('is refused, or the same, whatever happens to its bytes', ({ task }) => {
    const bytes = writeScores(SCORES, sha256);
    let refused = 0;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.constantFrom('flip', 'cut', 'insert'), (at, by, how) => {
        const altered =
          how === 'cut'
            ? bytes.slice(0, at)
            : how === 'insert'
              ? Uint8Array.from([...bytes.subarray(0, at), by, ...bytes.subarray(at)])
              : bytes.map((byte, i) => (i === at ? byte ^ by : byte));
        expect(readScores(altered, sha256).ok).toBe(false);
        refused++;
      }),
      { numRuns: 400 },
    );
    proven(task, {
      part: 'Input',
      fault: 'A byte of a scores file is altered or inserted, or its end is cut off',
      happened: `refused whole in ${refused} of ${refused} cases`,
    });
  });

  it('fits by its three hashes', () => {
    const { header } = SCORES;
    expect(scoresMismatch(header, { tokens: 'cc33' })).toBeNull();
    expect(scoresMismatch(header, { tokens: 'cc33', model: 'aa11', tokenizer: 'bb22' })).toBeNull();
    expect(scoresMismatch(header, { tokens: 'dd44' })).toBe(
      'the scores are for the tokens cc33…, and this is dd44…: they belong to other logs, or to logs tokenised differently',
    );
    expect(scoresMismatch(header, { tokens: 'cc33', model: 'ee55' })).toBe('the scores are for the model aa11…, and this is ee55…');
    expect(scoresMismatch(header, { tokens: 'cc33', tokenizer: 'ee55' })).toBe('the scores are for the tokenizer bb22…, and this is ee55…');
  });
});

describe('forestIdentity', () => {
  const identity = (text: string): string =>
    forestIdentity(treeFromText(text).forest)
      .map((column) => column.join(' '))
      .join(' | ');

  it('does not depend on segments, and does on tokens and shape', () => {
    expect(identity('a b C D')).toBe(identity('a | b C | D'));
    expect(identity('a b C D')).not.toBe(identity('a b C E'));
    expect(identity('A B C\nA D')).not.toBe(identity('A B C D'));
    expect(identity('A B C\nA D')).not.toBe(identity('A B C\nA B D'));
  });
});
