/** The files of a hub's repository, each as a file that is read by ranges. */
import type { RangeFile } from '../../core/source/range-file.ts';
import { isLoopback, nextPage, resolveAddress, revisionAddress, treeAddress, type HubAddress } from '../../engine/hub-address.ts';
import { hubFiles } from '../../engine/score/hub-listing.ts';
import { AddressFault, NeedsToken, reached } from './address-fault.ts';
import type { FetchFrom } from './fetch-from.ts';

export interface HubFile {
  /** `OWNER/NAME/PATH`. */
  readonly path: string;
  readonly file: RangeFile;
}

/** Pages of a listing. Reached: the person names a folder. */
const MOST_PAGES = 100;
/** What describes a repository and holds no log. */
const ASIDE = /(^|\/)(\.git[^/]*|README\.md|LICENSE[^/]*|[^/]+\.(png|jpe?g|gif|webp|svg|mp4|py|ipynb|safetensors|gguf))$/i;

type Get = (url: string) => Promise<Response>;

/** Only the hub itself, or a stand-in on this machine, is ever given a token. */
function takesToken({ hub }: HubAddress): boolean {
  return hub === 'https://huggingface.co' || isLoopback(hub);
}

/**
 * Rejects with AddressFault; with NeedsToken where a token may help.
 *
 * @param token of the person, for the hub alone; undefined: none
 * @param tell how many files are known so far
 */
export async function hubRepository(
  address: HubAddress,
  given: string | undefined,
  fetchFrom: FetchFrom,
  signal: AbortSignal,
  tell: (files: number) => void,
): Promise<HubFile[]> {
  const token = takesToken(address) ? given : undefined;
  const { host } = new URL(address.hub);
  const get: Get = async (url) => {
    // What a listing names as its next page may be of another host.
    const headers = token === undefined || new URL(url).origin !== address.hub ? {} : { Authorization: `Bearer ${token}` };
    const how = { hosts: address.hosts, redirect: 'follow', signal, headers } as const;
    const { answer } = await reached(host, fetchFrom(new URL(url), how), signal);
    if (answer.status === 401 || answer.status === 403) throw notShown(address);
    return answer;
  };
  // A commit does not change: what is read later is of the same files.
  const revision = await get(revisionAddress(address));
  const told: unknown = revision.ok ? await jsonOf(revision) : null;
  if (typeof told !== 'object' || told === null || !('sha' in told) || typeof told.sha !== 'string')
    throw new AddressFault(
      `Expected the commit that ${address.revision} of ${address.repository} is, found ` +
        `${revision.ok ? 'none in the answer' : `status ${revision.status}`} from ${host}.`,
    );
  const at: HubAddress = { ...address, revision: told.sha };
  const found = await list(treeAddress(at), get, tell);
  const files = found ?? (await fileAlone(at, get, tell));
  const logs = files.filter(({ path }) => path === address.path || !ASIDE.test(path));
  if (logs.length === 0) {
    const left = files.length === 0 ? '' : `: ${files.length.toLocaleString('en')} left out, such as ${files[0]?.path}`;
    throw new AddressFault(`Expected logs at ${address.repository}/${address.path}, found none${left}.`);
  }
  return logs.map(({ path, bytes }) => ({
    path: `${address.repository}/${path}`,
    file: {
      address: resolveAddress(at, path),
      size: bytes,
      tag: null,
      hosts: address.hosts,
      isFixed: true,
      ...(token !== undefined && { token }),
    },
  }));
}

/** Asks for a token only where one would be sent. */
function notShown(address: HubAddress): AddressFault {
  const sentence = `${new URL(address.hub).host} does not show ${address.repository}: it is private, gated, or not there.`;
  return takesToken(address) ? new NeedsToken(sentence) : new AddressFault(sentence);
}

/** Null: it is no JSON. */
function jsonOf(answer: Response): Promise<unknown> {
  return answer.json().catch(() => null);
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
}

/** All pages of a listing; null: there is no such folder. */
async function list(first: string, get: Get, tell: (files: number) => void): Promise<Listed[] | null> {
  const files: Listed[] = [];
  let next: string | null = first;
  for (let page = 0; next !== null; page++) {
    if (page === MOST_PAGES)
      throw new AddressFault(`Expected at most ${MOST_PAGES} pages of files, found more: name a folder of the repository.`);
    const answer: Response = await get(next);
    if (answer.status === 404 || answer.status === 400) return null;
    if (!answer.ok) throw new AddressFault(`Expected a list of files, found status ${answer.status} from ${new URL(next).host}.`);
    const found = hubFiles(await jsonOf(answer));
    if (found === null) return null;
    for (const file of found) files.push(file);
    tell(files.length);
    next = nextPage(answer.headers.get('link'));
  }
  return files;
}

/** What is no folder is a file of the folder above. */
async function fileAlone(at: HubAddress, get: Get, tell: (files: number) => void): Promise<Listed[]> {
  if (at.path === '') throw notShown(at);
  const folder = at.path.includes('/') ? at.path.slice(0, at.path.lastIndexOf('/')) : '';
  const siblings = await list(treeAddress({ ...at, path: folder }, false), get, tell);
  return siblings?.filter(({ path }) => path === at.path) ?? [];
}
