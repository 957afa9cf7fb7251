import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { score } from '../../../src/cli/commands/score.ts';
import { UsageError } from '../../../src/cli/usage.ts';
import { readScores } from '../../../src/core/score/scores-file.ts';
import { TINY_LM } from '../../helpers/tinyLm.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';

const folder = mkdtempSync(join(tmpdir(), 'espalier-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const log = join(folder, 'log.jsonl');
writeFileSync(
  log,
  JSON.stringify({
    task_id: 't',
    messages: [
      { role: 'user', content: 'how many?' },
      { role: 'assistant', content: 'as many as there are' },
    ],
  }),
);

async function told(args: readonly string[]): Promise<{ code: number; text: string }> {
  let text = '';
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((some) => {
    text += String(some);
    return true;
  });
  try {
    return { code: await score(args), text };
  } finally {
    write.mockRestore();
  }
}

describe('espalier score', () => {
  it('saves scores that say what they are of', async () => {
    const out = join(folder, 'scores.bin');
    const { code, text } = await told([log, '--model', TINY_LM, '--out', out, '--threads', '1', '--device', 'wasm']);
    expect(code).toBe(0);
    expect(text).toMatch(/^model: tiny-lm \(fp16, node wasm, 1 thread\)\n/);
    expect(text).toMatch(/ distinct \+ 1 repeated at window starts; /);
    expect(text).toMatch(/\d+ tokens scored in [\d.]+ s, saved to .*scores\.bin \(/);
    const read = readScores(readFileSync(out), sha256);
    expect(read.ok && read.scores.header).toMatchObject({
      name: 'tiny-lm',
      dtype: 'fp16',
      scored: read.ok ? read.scores.entropy.filter((value) => !Number.isNaN(value)).length : -1,
    });
    expect(read.ok && read.scores.header.scored).toBeGreaterThan(4);
    expect(text).toMatch(/^sketches of the gradient by the last layer of \d+ sampled tokens and \d+ nodes?: [\d.]+ [kM]i?B$/m);
    expect(read.ok && read.scores.sketches?.tokens.of.length).toBe(read.ok && read.scores.header.scored);

    await told([log, '--model', TINY_LM, '--out', out, '--threads', '1', '--device', 'wasm', '--sketch', 'off']);
    const without = readScores(readFileSync(out), sha256);
    expect(without).toMatchObject({ ok: true, scores: { sketches: null } });
    expect(without.ok && without.scores.entropy).toEqual(read.ok && read.scores.entropy);
  });

  it('stops at the estimate when asked to', async () => {
    const { code, text } = await told([log, '--model', TINY_LM, '--estimate', '--threads', '1', '--device', 'wasm']);
    expect(code).toBe(0);
    expect(text).toContain('tokens to forward');
    expect(text).toMatch(/^a context of [\d,]+ tokens.*\nkeys and values take at most [\d.]+ kB, [\d.]+ k?B for each token of a prefix$/m);
    expect(text).not.toContain('saved');
  });

  it('says what is wrong', async () => {
    await expect(score([log])).rejects.toThrow(new UsageError('--out: expected a file'));
    await expect(score([log, '--out', 'x', '--tokens', 'some'])).rejects.toThrow(
      new UsageError('--tokens: expected missing, sampled, all, found some'),
    );
    await expect(score([log, '--out', 'x', '--model', join(folder, 'none')])).rejects.toThrow(UsageError);
    await expect(score([log, '--out', 'x', '--sketch', '1'])).rejects.toThrow(new UsageError('--sketch: expected on or off, found 1'));
    await expect(score([log, '--out', 'x', '--device', 'tpu'])).rejects.toThrow(
      new UsageError('--device: expected auto, cuda, native, wasm, dml, found tpu'),
    );
    const without = await told([log, '--model', TINY_LM, '--out', join(folder, 'x'), '--device', 'dml']);
    if (process.platform !== 'win32') {
      expect(without.code).toBe(1);
      expect(without.text).toMatch(/^--device: expected a device of .*wasm, found dml; the others come with npm install onnxruntime-node/);
    }
    const { code, text } = await told([log, '--model', folder, '--out', join(folder, 'x')]);
    expect(code).toBe(1);
    expect(text).toMatch(/expected config\.json in the model's folder, found log\.jsonl/);
  });
});
