/** No line of code is longer than a screen is wide. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const LONGEST = 140;

/** Tracked and new files with code; built bytes and fixtures have their own makers. */
function codeFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
  return listed
    .split('\n')
    .filter((path) => /\.(css|mjs|py|ts|tsx)$/.test(path) && !path.includes('.built.') && !path.startsWith('test/fixtures/'))
    .filter((path) => existsSync(join(ROOT, path)));
}

it(`no line is longer than ${LONGEST} characters`, () => {
  const files = codeFiles();
  expect(files.length).toBeGreaterThan(300);
  const long = files.flatMap((path) =>
    readFileSync(join(ROOT, path), 'utf8')
      .split('\n')
      .flatMap((line, index) => (line.length > LONGEST ? [`${path}:${index + 1}`] : [])),
  );
  expect(long).toEqual([]);
});
