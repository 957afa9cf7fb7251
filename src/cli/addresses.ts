/** Addresses in the place of paths: `hf://` repositories of the hub, and files at `https://`. Nothing is asked before one is named. */
import { hubAddress, isLoopback } from '../engine/hub-address.ts';
import type { RangeFile } from '../core/source/range-file.ts';
import { bytesSource } from '../core/source/bytes-source.ts';
import { compareTexts } from '../core/tree/input-order.ts';
import type { InputFile } from '../engine/input-file.ts';
import { FileFault } from '../platform/node/fault.ts';
import { fetchFrom } from '../platform/node/fetch-from.ts';
import { spool } from '../platform/node/spool.ts';
import { AddressFault, NeedsToken, reached, shownAddress, Unreached } from '../platform/web/address-fault.ts';
import { askFile, nameOf } from '../platform/web/address-file.ts';
import { hubRepository } from '../platform/web/hub-files.ts';
import { makeHold, rangeSource } from '../platform/web/range-source.ts';
import { readFlagFile } from './flag-files.ts';
import { readOnce } from './read-once.ts';
import { note } from './streams.ts';
import { UsageError } from './usage.ts';

/** Asked for at once where records are read back one by one. */
const BLOCK = 1 << 20;
/** What was read of all addresses is kept in memory up to here, and asked for again behind it. */
const hold = makeHold(1 << 28);

export function isAddress(path: string): boolean {
  return /^(?:hf|https?):\/\//i.test(path);
}

/** Throws UsageError where an address has a name and password in it. @param from what it comes from, for the message */
export function refuseCredentials(address: string, from: string): void {
  if (!/^https?:/i.test(address) || !URL.canParse(address)) return;
  const { username, password } = new URL(address);
  if (username !== '' || password !== '')
    throw new UsageError(`${from}: expected an address without a name and password in it, found one with them`);
}

/** A file with a person's token for the hub; absent: the variable HF_TOKEN. It stays in memory and goes to the hub alone. */
export interface TokenFlags {
  readonly 'token-file'?: string | undefined;
}

/** A file with its own address: of a repository's with the commit. */
interface Far {
  readonly address: string;
  readonly input: InputFile;
}

/**
 * Each file once, however many addresses lead to it, in whatever order they come. Throws UsageError where one names nothing that may be
 * read, FileFault where its host is not reached.
 */
export async function inputsAt(addresses: readonly string[], flags: TokenFlags): Promise<InputFile[]> {
  const token = tokenOf(flags);
  const named = new Map<string, readonly Far[]>();
  const files = new Map<string, { readonly input: InputFile; readonly others: Set<string> }>();
  for (const address of addresses.toSorted(compareTexts)) {
    const found = named.get(address) ?? (await filesOf(address, token).catch((error: unknown) => refuse(address, error)));
    named.set(address, found);
    for (const { address: own, input } of found) {
      const known = files.get(own);
      if (known) known.others.add(shownAddress(address));
      else files.set(own, { input, others: new Set() });
    }
  }
  return [...files.values()].map(({ input, others }) => (others.size === 0 ? input : { ...input, notes: [readOnce([...others])] }));
}

function tokenOf({ 'token-file': file }: TokenFlags): string | undefined {
  const text = (file === undefined ? process.env['HF_TOKEN'] : readFlagFile('--token-file', file).toString('utf8'))?.trim();
  if (text === undefined || (text === '' && file === undefined)) return undefined;
  const from = file === undefined ? 'HF_TOKEN' : `--token-file: ${file}`;
  if (!/^[!-~]+$/.test(text))
    throw new UsageError(`${from}: expected one word, the token, found ${text === '' ? 'nothing' : 'other text'}`);
  return text;
}

async function filesOf(address: string, token: string | undefined): Promise<Far[]> {
  const { signal } = new AbortController();
  const repository = hubAddress(address, hubOrigin());
  if (repository !== null) {
    const files = await hubRepository(repository, token, fetchFrom, signal, () => undefined);
    return files.map(({ path, file }) => ({ address: file.address, input: farInput(path, file) }));
  }
  if (!/^https?:/i.test(address) || !URL.canParse(address))
    throw new UsageError(`expected hf://datasets/OWNER/NAME[@REVISION][/PATH] or https://HOST/PATH, found ${shownAddress(address)}`);
  const url = new URL(address);
  url.hash = '';
  return [{ address: url.href, input: await fileAt(url, signal) }];
}

async function fileAt(url: URL, signal: AbortSignal): Promise<InputFile> {
  const asked = await askFile(url, { hosts: ['*'], redirect: 'follow', signal, isFollowed: false }, fetchFrom);
  if (asked.kind === 'redirect') throw new AddressFault(`${url.host} answers with a redirect.`);
  const { host } = new URL(asked.from);
  if (host !== url.host) note(`note: ${url.host} sent the request on to ${host}`);
  if (asked.kind === 'ranges') return farInput(nameOf(url), asked.file);
  if (asked.kind === 'whole') return await reached(url.host, spool(nameOf(url), asked.answer.body ?? new Blob([]).stream()), signal);
  const bytes = new Uint8Array(await asked.blob.arrayBuffer());
  return { path: nameOf(url), source: bytesSource(nameOf(url), bytes), handle: { bytes } };
}

function farInput(path: string, file: RangeFile): InputFile {
  const source = rangeSource(path, { file, held: [] }, fetchFrom, { block: BLOCK, hold });
  return {
    path,
    source,
    handle: {
      // What was read by the time that it crosses to another thread goes with it.
      get blob() {
        return source.handle();
      },
    },
  };
}

/** The hub, or the one that the variable HF_ENDPOINT names: encrypted, or a stand-in on this machine. */
export function hubOrigin(): string | undefined {
  const named = process.env['HF_ENDPOINT']?.trim();
  if (named === undefined || named === '') return undefined;
  refuseCredentials(named, 'HF_ENDPOINT');
  const url = URL.canParse(named) ? new URL(named) : null;
  if (url === null || !(url.protocol === 'https:' || isLoopback(url.origin)))
    throw new UsageError(`HF_ENDPOINT: expected an https address, found ${shownAddress(named)}`);
  return url.origin;
}

function refuse(address: string, error: unknown): never {
  if (error instanceof NeedsToken)
    throw new UsageError(`${error.message} A token comes from the variable HF_TOKEN, or from a file with --token-file.`);
  if (error instanceof Unreached) throw new FileFault(`cannot read ${shownAddress(address)}: ${error.message}`, codeOf(error.cause));
  if (error instanceof AddressFault) throw new UsageError(`cannot read ${shownAddress(address)}: ${error.message}`);
  throw error;
}

/** Of the connection, such as `ENOTFOUND`. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'ECONNREFUSED';
}
