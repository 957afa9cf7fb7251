/** The README's table of bounds is what src/base/bounds.ts declares. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readmeWithBounds } from '../scripts/bounds-docs.mjs';

it('are in the README as they are declared', () => {
  expect(readFileSync('README.md', 'utf8')).toBe(readmeWithBounds());
});
