/** Inputs that changed inputs are made from: seeds, and inputs that reached blocks which nothing before them had reached. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBytes } from './seeds.ts';
import { textOf } from './target.ts';

/** Of the repository: grown inputs of each target, and inputs that once broke something. */
export const CORPUS = 'test/fuzz/corpus';
export const REGRESSIONS = 'test/fuzz/regressions';

export type Grown = ReadonlyMap<string, readonly Uint8Array<ArrayBuffer>[]>;

function fileName(target: string): string {
  return `${target.replaceAll(' ', '-')}.jsonl`;
}

/** A line per input: as text where it is some, else in base 64. */
function lineOf(input: Uint8Array): string {
  const text = textOf(input);
  const isText = Buffer.from(text).equals(input);
  return JSON.stringify(isText ? { text } : { base64: Buffer.from(input).toString('base64') });
}

function inputOf(line: string): Uint8Array<ArrayBuffer> {
  const { text, base64 } = JSON.parse(line) as { text?: string; base64?: string };
  return Uint8Array.from(text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text));
}

/** The grown inputs that a folder holds for these targets. */
export function readGrown(folder: string, targets: readonly string[]): Map<string, Uint8Array<ArrayBuffer>[]> {
  return new Map(
    targets.map((target) => {
      const path = join(folder, fileName(target));
      const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
      return [target, lines.map(inputOf)];
    }),
  );
}

/** Each input once. */
export function writeGrown(folder: string, grown: Grown): void {
  mkdirSync(folder, { recursive: true });
  for (const [target, inputs] of grown) {
    const lines = new Set(inputs.map((input) => `${lineOf(input)}\n`));
    if (lines.size > 0) writeFileSync(join(folder, fileName(target)), [...lines].join(''));
  }
}

export interface Regression {
  readonly target: string;
  readonly path: string;
  readonly input: Uint8Array<ArrayBuffer>;
}

/** Every input that once broke something, in a folder of its target's name. */
export function readRegressions(): Regression[] {
  if (!existsSync(REGRESSIONS)) return [];
  return readdirSync(REGRESSIONS)
    .sort()
    .flatMap((folder) =>
      readdirSync(join(REGRESSIONS, folder))
        .sort()
        .map((name) => ({
          target: folder.replace('-', ' '),
          path: `${REGRESSIONS}/${folder}/${name}`,
          input: readBytes(join(REGRESSIONS, folder, name)),
        })),
    );
}

/** @returns where it was written. @param promise what was broken, of which the name is made */
export function writeRegression(folder: string, target: string, promise: string, input: Uint8Array): string {
  const place = join(folder, target.replaceAll(' ', '-'));
  mkdirSync(place, { recursive: true });
  const words = promise.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '').slice(0, 48); // prettier-ignore
  const path = join(place, `${words || 'fault'}.input`);
  writeFileSync(path, input);
  return path;
}
