/** `npm start`: installs and builds where needed, then `espalier view`. */
import { ensureCommandLine, ensureInstalled, ensurePage } from './setup.mjs';

ensureInstalled();
ensurePage();
ensureCommandLine();
const { PORT } = process.env;
process.argv.splice(2, 0, 'view', ...(PORT ? ['--port', PORT] : []));
await import('../dist-cli/espalier.mjs');
