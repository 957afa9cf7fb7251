import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { makeLifetime } from '../../../src/base/lifetime.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a lifetime', () => {
  it('settles as the work does', async () => {
    const life = makeLifetime();
    expect(await life.during(Promise.resolve(7))).toBe(7);
    await expect(life.during(Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('rejects what is under way when it ends, and what comes later, with the first reason', async () => {
    const life = makeLifetime();
    const waiting = [1, 2].map(() => life.during(new Promise(() => undefined)));
    const done = life.during(Promise.resolve('done'));
    await done;
    life.end(new Error('it died'));
    life.end(new Error('again'));
    for (const work of waiting) await expect(work).rejects.toThrow('it died');
    await expect(life.during(Promise.resolve(1))).rejects.toThrow('it died');
    expect(await done).toBe('done');
  });

  it('keeps no answer once it was given', async () => {
    const life = makeLifetime();
    const answers: WeakRef<Uint8Array>[] = [];
    for (let i = 0; i < 50; i++) answers.push(new WeakRef(await life.during(Promise.resolve(new Uint8Array(1_000_000)))));
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    // The last may still lie in a register.
    expect(answers.filter((answer) => answer.deref() !== undefined).length).toBeLessThan(3);
    await expect(Promise.race([life.during(new Promise(() => undefined)), Promise.resolve('lives')])).resolves.toBe('lives');
  });
});
