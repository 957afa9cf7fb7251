/** `espalier view`: the workbench, served on this machine. */
import { parseArgs } from 'node:util';
import { hostName } from '../../platform/node/host-names.ts';
import { serve } from '../../platform/node/serve.ts';
import { pageFolder } from '../places.ts';
import { UsageError } from '../usage.ts';
import { print, printHelp } from '../streams.ts';

export const VIEW_HELP = `espalier view [options]

Serves the workbench on 127.0.0.1 and prints its address; Ctrl-C stops it. Logs are opened in the page and stay in the
browser.

  --port N               first port to try (default 4173; 0 takes any free one)
  --host NAME[:PORT]     another name that the page is asked for by, as behind a forwarded port or a proxy; may be given
                         more than once (default: localhost, 127.0.0.1 and [::1] only, so that no other page can have
                         its own name point here)

Exit codes: 130 stopped by Ctrl-C, 2 usage error; espalier --help lists all.
`;

const PORT = 4173;

/** Resolves once the page is served; the server keeps the process running. */
export async function view(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { port: { type: 'string' }, host: { type: 'string', multiple: true }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    printHelp(VIEW_HELP);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError(`view takes no PATH; open ${positionals[0]} in the page`);
  const port = values.port === undefined ? PORT : Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new UsageError(`--port: expected a whole number from 0 to 65535, found ${values.port}`);
  const names = (values.host ?? []).map((text) => {
    const name = hostName(text);
    if (name === null) throw new UsageError(`--host: expected a name, or a name and a port, found ${text}`);
    return name;
  });
  const folder = pageFolder();
  if (folder === null) throw new UsageError('the page is not built; build it with npm run build');
  const { address } = await serve(folder, port, { names });
  print(`Espalier is at ${address}`, `Bundled sample: ${address}?url=samples/orchard.jsonl`);
  return 0;
}
