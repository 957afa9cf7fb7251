/** The Python package: its wheel, with the command and the page inside, in an environment of its own where Python can make one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { environmentsFolder } from '../../scripts/trainer-environments.mjs';

const folder = mkdtempSync(join(tmpdir(), 'espalier-wheel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LOG = 'public/samples/orchard.jsonl';
/** Names that a spreadsheet, or a reader of CSV, takes for something else. */
const IDS = ['-neg', 'NA', '007', '=1+1'];

/** An environment of the trainers' has pandas and pyarrow; any Python can make one without. */
const core = join(environmentsFolder(), 'core/bin/python');
const python =
  [process.env['ESPALIER_PACKAGE_PYTHON'] ?? core, 'python3'].find((each) => spawnSync(each, ['-c', 'import pip, venv']).status === 0) ??
  null;
const missing = python === null ? 'no Python with pip' : existsSync('dist/index.html') ? null : 'the page is not built';

describe.skipIf(missing !== null)(missing === null ? 'the Python package' : `the Python package (skipped: ${missing})`, () => {
  it('is a wheel that views, shows and tabulates a log with nothing else of the repository', () => {
    const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): string =>
      execFileSync(program, args, { encoding: 'utf8', env, cwd: folder });
    const here = join(import.meta.dirname, '../..');
    // Without what scoring needs, and tokenizers in forms that are not read here: it packs in seconds.
    const built = spawnSync(python ?? '', [join(here, 'integrations/python/build.py'), folder, 'ort-*', '*.onnx', 'cjs', 'data'], {
      encoding: 'utf8',
    });
    const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
    expect([built.status, built.stderr]).toEqual([0, expect.anything()]);
    expect(wheel).toMatch(/^espalier_workbench-.*\.whl$/);
    run(python ?? '', [
      '-m',
      'pip',
      'install',
      '--no-deps',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      join(folder, 'site'),
      wheel ?? '',
    ]);
    const env = { ...process.env, PYTHONPATH: join(folder, 'site'), BROWSER: 'none' };
    const named = join(folder, 'named.jsonl');
    writeFileSync(
      named,
      IDS.map((id) => `${JSON.stringify({ id, messages: [{ role: 'assistant', content: `I am ${id}.` }] })}\n`).join(''),
    );
    const checks = join(here, 'integrations/python/checks/package.py');
    const found = JSON.parse(run(python ?? '', [checks, join(here, LOG), named], env)) as Record<string, unknown>;
    expect(found).toMatchObject({
      at: join(folder, 'site', 'espalier'),
      files: ['orchard.jsonl'],
      policy: 'frame-ancestors http://localhost:*',
      ended: true,
      refused: expect.stringContaining('no file or folder at /nowhere/at/all.jsonl'),
    });
    if ('pandas' in found) expect(found['pandas']).toMatchObject([128, expect.any(Number)]);
    if ('pandas' in found) expect(found).toMatchObject({ none: [0, []], ids: IDS });
    if ('arrow' in found) expect(found).toMatchObject({ arrow: 128, arrowNone: [0, true], arrowIds: IDS });
    if ('widget' in found) expect(found['widget']).toEqual([400, true]);
  });
});
