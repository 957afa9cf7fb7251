/** Real code and documentation to fill generated logs with: the text files of this project's own dependencies. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = [
  'vite',
  'zod',
  'knip',
  'playwright',
  'playwright-core',
  'protobufjs',
  'react-dom',
  'typescript',
  'yaml',
  'fast-check',
  '@tanstack',
  '@types',
  '@vitest',
  'd3-hierarchy',
];
const TEXT = /\.(?:ts|tsx|mts|js|mjs|cjs|md|json)$/;
const LARGEST = 400_000;
/** Longer lines on average mean a minified file. */
const LONGEST_LINE = 100;

/** File contents in the order of their paths, until `bytes` are together. Equal for equal installed versions. */
export function readTexts(root: string, bytes: number): readonly string[] {
  const texts: string[] = [];
  let held = 0;
  const share = bytes / FOLDERS.length;
  for (const folder of FOLDERS) {
    let taken = 0;
    for (const path of textFiles(join(root, 'node_modules', folder))) {
      if (taken >= share) break;
      const text = readFileSync(path, 'utf8');
      // gpt-tokenizer leaves out byte-order marks, ours keeps every character: such files would not compare.
      if (text.length < 200 || text.includes('\ufeff') || text.length > LARGEST || text.length / text.split('\n').length > LONGEST_LINE)
        continue;
      texts.push(text);
      taken += text.length;
    }
    held += taken;
  }
  if (held === 0) throw new Error('no dependency has text files to fill a log with: run npm ci');
  return texts;
}

function textFiles(folder: string): string[] {
  let names: string[] = [];
  try {
    names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return names
    .filter((name) => TEXT.test(name) && !name.includes('.min.'))
    .sort()
    .map((name) => join(folder, name));
}

/** Draws stretches of the texts, from line to line. */
export interface TextPool {
  /** About `length` characters of one file. */
  draw(length: number): string;
}

export function makeTextPool(texts: readonly string[], random: () => number): TextPool {
  return {
    draw(length) {
      const text = texts[Math.floor(random() * texts.length)];
      const at = Math.floor(random() * Math.max(1, text.length - length));
      const from = text.indexOf('\n', at) + 1;
      return text.slice(from, from + length).toWellFormed();
    },
  };
}
