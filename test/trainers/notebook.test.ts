/** `show` of the Python package in a real kernel: what a notebook is given to draw, and that the server behind it answers. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/sources.ts';
import { titled, trainerEnvironment } from '../helpers/trainers.ts';

const found = trainerEnvironment('notebook');
const environment = { ...found, missing: found.missing ?? (existsSync(join(ROOT, 'dist/index.html')) ? null : 'the page is not built') };

describe.skipIf(environment.missing !== null)(titled('the workbench in a notebook', environment), () => {
  it('is a widget with a frame of the page that is served', () => {
    const env = {
      ...process.env,
      PYTHONPATH: join(ROOT, 'integrations/python'),
      ESPALIER_COMMAND: [process.execPath, join(ROOT, 'bin/espalier.mjs')].join(delimiter),
    };
    const args = [join(ROOT, 'integrations/python/checks/notebook.py'), join(ROOT, 'public/samples/orchard.jsonl')];
    expect(JSON.parse(execFileSync(environment.python, args, { encoding: 'utf8', env }))).toEqual({
      kinds: ['application/vnd.jupyter.widget-view+json', 'text/plain'],
      address: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/\?view=[\w-]+&mode=embedded$/) as unknown,
      height: 400,
      frame: true,
      answer: '200 frame-ancestors http://localhost:* http://127.0.0.1:* vscode-webview:',
    });
  });
});
