/** `npm start`: installs and builds where needed, serves the workbench on localhost and prints its address. */
import { join } from 'node:path';
import { serve } from './serve.mjs';
import { ensureInstalled, ensurePage, ROOT } from './setup.mjs';

ensureInstalled();
ensurePage();
const { address } = await serve(join(ROOT, 'dist'), Number(process.env['PORT'] ?? 4173));
process.stdout.write(`Espalier is at ${address}\nBundled sample: ${address}?url=samples/orchard.jsonl\n`);
