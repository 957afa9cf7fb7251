/** `espalier view`: the workbench, served on this machine, with the files that are named. */
import { hostname, userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { hostName } from '../../platform/node/host-names.ts';
import { isRemote, openBrowser } from '../../platform/node/open-browser.ts';
import { isEmbedder } from '../../platform/node/page-headers.ts';
import { serve } from '../../platform/node/serve.ts';
import { shareFiles, type SharedFile, type SharedFiles } from '../../platform/node/shared-files.ts';
import { shownAddress } from '../../platform/web/address-fault.ts';
import { hubOrigin, isAddress, refuseCredentials } from '../addresses.ts';
import { filesAt } from '../found-files.ts';
import { namesOf } from '../inputs.ts';
import { pageFolder } from '../places.ts';
import { UsageError } from '../usage.ts';
import { print, printHelp } from '../streams.ts';

export const VIEW_HELP = `espalier view [PATH…] [options]

Serves the workbench on 127.0.0.1 and prints its address; Ctrl-C stops it. The files that are named, and those in folders that are, are
open in it at once: the page reads them by ranges, and no other file can be read through it. The address has a random token in it; who
does not know it reads nothing. Without PATH, logs are opened in the page and stay in the browser.
One address in the place of paths (hf://datasets/OWNER/NAME, https://…) is opened by the page itself, which asks first.

  --port N               first port to try (default 4173; 0 takes any free one)
  --follow               reads on as the files grow, and takes in files that come to the folders; archives and documents are
                         read anew as they change, up to 16 MiB; the page says which files are not read on, and why
  --no-open              does not open the browser; where there is none, nothing is opened anyway
  --host NAME[:PORT]     another name that the page is asked for by, as behind a forwarded port or a proxy; may be given
                         more than once (default: localhost, 127.0.0.1 and [::1] only, so that no other page can have
                         its own name point here)
  --embed ORIGIN         a page that may show the workbench inside of it, such as a notebook's, as https://HOST[:PORT] or with
                         * for any port; may be given more than once (default: none)

Exit codes: 130 stopped by Ctrl-C, 2 usage error; espalier --help lists all.
`;

const PORT = 4173;

/** Resolves once the page is served; the server keeps the process running. */
export async function view(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      port: { type: 'string' },
      host: { type: 'string', multiple: true },
      embed: { type: 'string', multiple: true },
      follow: { type: 'boolean' },
      'no-open': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    printHelp(VIEW_HELP);
    return 0;
  }
  if (values.follow && positionals.length === 0) throw new UsageError('--follow: expected a PATH that grows');
  const port = values.port === undefined ? PORT : Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 65536))
    throw new UsageError(`--port: expected a whole number from 0 to 65535, found ${values.port}`);
  const names = (values.host ?? []).map((text) => {
    const name = hostName(text);
    if (name === null) throw new UsageError(`--host: expected a name, or a name and a port, found ${text}`);
    return name;
  });
  const embedders = values.embed ?? [];
  const strange = embedders.find((text) => !isEmbedder(text));
  if (strange !== undefined) throw new UsageError(`--embed: expected an origin such as http://localhost:8888, found ${strange}`);
  const far = positionals.find(isAddress);
  if (far !== undefined && positionals.length > 1)
    throw new UsageError(`${shownAddress(far)}: an address is viewed alone, found ${positionals.length} PATHs`);
  if (far !== undefined) refuseCredentials(far, shownAddress(far));
  const folder = pageFolder();
  if (folder === null) throw new UsageError('the page is not built; build it with npm run build');
  const shared = positionals.length === 0 || far !== undefined ? undefined : share(positionals, values.follow === true);
  const { address, leadOnce } = await serve(folder, port, { names, embedders, ...(shared && { shared }) });
  const query = shared ? `?view=${shared.token}` : far === undefined ? '' : addressQuery(far, values.follow === true);
  print(`Espalier is at ${address}${query}`);
  if (positionals.length === 0) print(`Bundled sample: ${address}?url=samples/orchard.jsonl`);
  const taken = new URL(address).port;
  if (positionals.length > 0 || isRemote())
    print(`From another machine: ssh -L ${taken}:127.0.0.1:${taken} ${userName()}${hostname()}, then the same address there`);
  if (positionals.length > 0 && values['no-open'] !== true) openBrowser(leadOnce(query));
  return 0;
}

/** `NAME@`; empty where the system has no name for this user. */
function userName(): string {
  try {
    return `${userInfo().username}@`;
  } catch {
    return '';
  }
}

/** What the page is asked to fetch, and from which hub. */
function addressQuery(address: string, follow: boolean): string {
  const hub = hubOrigin();
  return `?url=${encodeURIComponent(address)}${hub === undefined ? '' : `&hub=${encodeURIComponent(hub)}`}${follow ? '&follow' : ''}`;
}

/** Throws UsageError as every command does where a path names nothing that can be read. */
function share(paths: readonly string[], follow: boolean): SharedFiles {
  const find = (): SharedFile[] => {
    const found = filesAt(paths);
    const pipe = found.find(({ isPipe }) => isPipe);
    if (pipe) throw new UsageError(`${pipe.file}: a pipe cannot be read by ranges; write it to a file first`);
    const names = namesOf(found);
    return found.map(({ file }) => ({ name: names.get(file) ?? file, path: file }));
  };
  return shareFiles(find, follow);
}
