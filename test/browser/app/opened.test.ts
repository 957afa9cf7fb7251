/** From what is open to what shall be: a step back or forth opens, adds or removes, and reads nothing that it need not. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DEFAULT_OPEN_SETTINGS } from '../../../src/engine/answers/opening.ts';
import { joinOrigins, NO_PLACE, steer, withoutFile } from '../../../src/app/state/opened.ts';
import type { Opened, Opening } from '../../../src/app/state/opened.ts';

const blob = new Blob([]);
const [a, b, c] = ['a', 'b', 'c'].map((path) => ({ path, blob }));
const origin = { kind: 'files', handles: [] } as const;
const settings = DEFAULT_OPEN_SETTINGS;
const opened = (files: Opened['files'], how = settings): Opened => ({ files, origin, settings: how });
const now: Opening = { ...opened([a!, b!]), id: 7, takesPruning: true, takesSuggested: true };

it('keeps the request where files come or go, and makes another for other files or other settings', () => {
  expect(steer(now, opened([a!, b!, c!]), () => 8)).toMatchObject({ id: 7, files: [a, b, c] });
  expect(steer(now, opened([b!]), () => 8)).toMatchObject({ id: 7, files: [b] });
  expect(steer(now, opened([c!]), () => 8)).toMatchObject({ id: 8, files: [c], takesSuggested: false });
  expect(steer(now, opened([a!, b!], { ...settings, maxNodeTokens: 9 }), () => 8)).toMatchObject({ id: 8 });
  expect(steer(now, { ...opened(now.files) }, () => 8)).toBe(now);
  expect(steer(now, null, () => 8)).toBeNull();
  expect(steer(null, opened([a!]), () => 8)).toMatchObject({ id: 8, files: [a] });
  expect(NO_PLACE.node).toBeNull();
});

it('always leads to the files that shall be open', () => {
  const some = fc.subarray([a!, b!, c!], { minLength: 1 });
  fc.assert(
    fc.property(some, some, (from, to) => {
      const next = steer({ ...now, files: from }, opened(to), () => 8);
      expect(next?.files).toEqual(to);
      const isPart = from.every((file) => to.includes(file)) || to.every((file) => from.includes(file));
      expect(next?.id).toBe(isPart ? 7 : 8);
    }),
  );
});

it('keeps a way back only where all files have one', () => {
  const handle = { kind: 'file', name: 'a' } as FileSystemHandle;
  const found = { kind: 'files', handles: [handle] } as const;
  expect(joinOrigins(found, found)).toEqual({ kind: 'files', handles: [handle, handle] });
  expect(joinOrigins(found, origin)).toEqual(origin);
  expect(joinOrigins({ kind: 'address', address: 'x' }, found)).toEqual(origin);
  expect(withoutFile({ ...opened([a!, b!]), origin: found }, a!)).toMatchObject({ files: [b], origin: { without: ['a'] } });
});

it('watches what is served on where files are added or taken out', () => {
  const served = { kind: 'files', handles: [], view: 'token' } as const;
  const found = { kind: 'files', handles: [{ kind: 'file', name: 'a' } as FileSystemHandle] } as const;
  expect(joinOrigins(served, origin)).toEqual(served);
  expect(joinOrigins(served, found)).toEqual(served);
  expect(joinOrigins({ kind: 'address', address: 'x' }, served)).toEqual(served);
  const less = withoutFile({ ...opened([a!, b!]), origin: served }, a!);
  expect(less).toMatchObject({ files: [b], origin: { ...served, without: ['a'] } });
  expect(joinOrigins(less.origin, origin)).toEqual({ ...served, without: ['a'] });
});
