/** Every fixture of every format opens to the snapshot beside it, and no damage to it makes a format throw or lose a record. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/formats/registry.ts';
import { openBytes } from './open.ts';
import { summarise } from './summary.ts';

const ROOT = fileURLToPath(new URL('../../fixtures/', import.meta.url));
/** Set ESPALIER_WRITE_FIXTURES=1 to write missing snapshots; read them before they are committed. */
const WRITE = process.env['ESPALIER_WRITE_FIXTURES'] === '1';

const formats = FORMATS.map(({ id }) => id).filter((id) => existsSync(`${ROOT}${id}`));
const fixtures = formats.flatMap((id) =>
  readdirSync(`${ROOT}${id}`)
    .filter((file) => /\.(jsonl|json|traj)$/.test(file) && !file.endsWith('.expected.json'))
    .map((file) => ({ id, file })),
);

/** Folders of language models and of our own files, which lie beside those of logs. */
const OTHERS = ['pickle', 'tiny-gqa', 'tiny-lm', 'versions'];

it('reads every folder of logs, and has a log in each', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const read = new Set(fixtures.map(({ id }) => id));
  expect(folders.filter((name) => !read.has(name) && !OTHERS.includes(name))).toEqual([]);
});

describe.each(fixtures)('$id/$file', ({ id, file }) => {
  const bytes = readFileSync(`${ROOT}${id}/${file}`);
  const expectedPath = `${ROOT}${id}/${file}.expected.json`;

  it('opens to its snapshot', async () => {
    const { format, decoded } = await openBytes(bytes, file);
    const found: unknown = JSON.parse(JSON.stringify({ format: format?.id, records: decoded.map(summarise) }));
    if (WRITE && !existsSync(expectedPath)) writeFileSync(expectedPath, `${JSON.stringify(found, null, 2)}\n`);
    expect(format?.id).toBe(id);
    expect(found).toEqual(JSON.parse(readFileSync(expectedPath, 'utf8')));
  });

  it('accounts for every record when it is cut or has a wrong byte anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(bytes.length),
        fc.option(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { nil: undefined }),
        async (length, wrong) => {
          const damaged = Uint8Array.from(bytes.subarray(0, length));
          if (wrong && wrong[0] < length) damaged[wrong[0]] = wrong[1];
          const { pieces, decoded } = await openBytes(damaged, file);
          expect(decoded.length).toBeGreaterThanOrEqual(pieces);
          const text = new TextDecoder().decode(damaged).trim();
          if (text !== '' && !/^\[\s*\]$/.test(text)) expect(pieces).toBeGreaterThan(0);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('survives damage', async () => {
    const values: unknown[] = [];
    for (const line of bytes.toString('utf8').split('\n')) {
      try {
        values.push(JSON.parse(line));
      } catch {
        // A fixture may hold broken lines on purpose; those are damaged already.
      }
    }
    if (!file.endsWith('.jsonl')) {
      const document: unknown = JSON.parse(bytes.toString('utf8'));
      values.length = 0;
      values.push(document);
      if (Array.isArray(document)) values.push(...(document as unknown[]));
    }
    const format = FORMATS.find((candidate) => candidate.id === id);
    const odd = fc.oneof(fc.constantFrom<unknown>(null, true, 0, -1, 1e308, '', 'x', [], {}, [null], [[]], { role: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.array(fc.tuple(fc.nat(), odd, fc.boolean()), { maxLength: 6 }), (value, damage) => {
        const record = structuredClone(value);
        for (const [seed, replacement, remove] of damage) damageAt(record, seed, structuredClone(replacement), remove);
        const context = { name: file, path: file, index: 0, line: 1 };
        format?.detects(record, context);
        const decoded = format?.decode(record, context) ?? [];
        expect(decoded.length).toBeGreaterThan(0);
        for (const entry of decoded) {
          if (entry.ok) expect(entry.rollout.branches.length).toBeGreaterThan(0);
          else expect(entry.complaint.expected).not.toBe('');
        }
      }),
      { numRuns: 150 },
    );
  });
});

/** Replaces or removes one value somewhere in `root`; `seed` says where. */
function damageAt(root: unknown, seed: number, replacement: unknown, remove: boolean): void {
  let holder: unknown = root;
  let rest = seed;
  for (let depth = 0; depth < 12; depth++) {
    if (typeof holder !== 'object' || holder === null) return;
    const keys = Object.keys(holder);
    if (keys.length === 0) return;
    const key = keys[rest % keys.length] ?? '';
    rest = Math.floor(rest / keys.length) + depth * 7;
    const inside: unknown = Reflect.get(holder, key);
    if (typeof inside === 'object' && inside !== null && (seed >> depth) % 3 !== 0) {
      holder = inside;
      continue;
    }
    if (!remove) Reflect.set(holder, key, replacement);
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else Reflect.deleteProperty(holder, key);
    return;
  }
}
