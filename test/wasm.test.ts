/** That the WebAssembly in the repository is what its source compiles to. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { build, compilerVersion, SOURCES, sourceHash, targetOf } from '../scripts/wasm.mjs';

const version = compilerVersion();

describe.each(Object.keys(SOURCES))('%s', (source) => {
  const built = readFileSync(targetOf(source), 'utf8');

  it('was built from the source as it is now', () => {
    expect(/SHA-256 (\w+)/.exec(built)?.[1]).toBe(sourceHash(source));
  });

  // Another compiler gives other bytes that do the same.
  it.skipIf(!built.includes(`compiler: ${version}\n`))('is what the compiler that built it makes of it', () => {
    expect(built).toBe(build(source));
  });
});
