/** The files of a hub's repository, each as a file that is read by ranges. What a person gives as a token stays in memory. */
import { isLoopback, nextPage, resolveAddress, revisionAddress, treeAddress } from '../../engine/hub-address.ts';
import type { HubAddress } from '../../engine/hub-address.ts';
import { hubFiles } from '../../engine/score/hub-listing.ts';
import type { InputBlob } from '../../../workers/contract.ts';
import { fetchFrom } from '../../../workers/fetch.ts';

/** The hub refuses: the repository is private, gated or not there, which it does not tell apart. */
class NeedsToken extends Error {
  override readonly name = 'NeedsToken';
}

/** By the hub's origin. */
const tokens = new Map<string, string>();

/** Pages of a listing. Reached: the person names a folder. */
const MOST_PAGES = 100;
/** What describes a repository and holds no log. */
const ASIDE = /(^|\/)(\.git[^/]*|README\.md|LICENSE[^/]*|[^/]+\.(png|jpe?g|gif|webp|svg|mp4|py|ipynb|safetensors|gguf))$/i;

/** Only the hub itself, or a stand-in on this machine, is ever given a token. */
function takesToken({ hub }: HubAddress): boolean {
  return hub === 'https://huggingface.co' || isLoopback(hub);
}

export function setToken({ hub }: HubAddress, token: string): void {
  tokens.set(hub, token.trim());
}

/** Rejects with NeedsToken, or with a sentence. @param tell how many files are known so far */
export async function hubRepository(address: HubAddress, signal: AbortSignal, tell: (files: number) => void): Promise<InputBlob[]> {
  const token = takesToken(address) ? tokens.get(address.hub) : undefined;
  const { host } = new URL(address.hub);
  const get = async (url: string): Promise<Response> => {
    // What a listing names as its next page may be of another host.
    const headers = token === undefined || new URL(url).origin !== address.hub ? {} : { Authorization: `Bearer ${token}` };
    const how = { hosts: address.hosts, redirect: 'follow', signal, headers } as const;
    const { answer } = await fetchFrom(new URL(url), how).catch((error: unknown) => {
      if (signal.aborted || !(error instanceof TypeError)) throw error;
      throw new Error(`Could not reach ${host}.`);
    });
    if (answer.status === 401 || answer.status === 403) throw notShown(address);
    return answer;
  };
  // A commit does not change: what is read later is of the same files.
  const revision = await get(revisionAddress(address));
  const told: unknown = revision.ok ? await revision.json() : null;
  if (typeof told !== 'object' || told === null || !('sha' in told) || typeof told.sha !== 'string')
    throw new Error(
      `Expected the commit that ${address.revision} of ${address.repository} is, found ` +
        `${revision.ok ? 'none in the answer' : `status ${revision.status}`} from ${host}.`,
    );
  const at: HubAddress = { ...address, revision: told.sha };
  const found = await list(treeAddress(at), get, tell);
  const files = found ?? (await fileAlone(at, get, tell));
  const logs = files.filter(({ path }) => path === address.path || !ASIDE.test(path));
  if (logs.length === 0) {
    const left = files.length === 0 ? '' : `: ${files.length.toLocaleString('en')} left out, such as ${files[0]?.path}`;
    throw new Error(`Expected logs at ${address.repository}/${address.path}, found none${left}.`);
  }
  return logs.map(({ path, bytes }) => ({
    path: `${address.repository}/${path}`,
    blob: {
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
function notShown(address: HubAddress): Error {
  const sentence = `${new URL(address.hub).host} does not show ${address.repository}: it is private, gated, or not there.`;
  return takesToken(address) ? new NeedsToken(sentence) : new Error(sentence);
}

interface Listed {
  readonly path: string;
  readonly bytes: number;
}

/** All pages of a listing; null: there is no such folder. */
async function list(first: string, get: (url: string) => Promise<Response>, tell: (files: number) => void): Promise<Listed[] | null> {
  const files: Listed[] = [];
  let next: string | null = first;
  for (let page = 0; next !== null; page++) {
    if (page === MOST_PAGES) throw new Error(`Expected at most ${MOST_PAGES} pages of files, found more: name a folder of the repository.`);
    const answer: Response = await get(next);
    if (answer.status === 404 || answer.status === 400) return null;
    if (!answer.ok) throw new Error(`Expected a list of files, found status ${answer.status} from ${new URL(next).host}.`);
    const found = hubFiles(await answer.json());
    if (found === null) return null;
    for (const file of found) files.push(file);
    tell(files.length);
    next = nextPage(answer.headers.get('link'));
  }
  return files;
}

/** What is no folder is a file of the folder above. */
async function fileAlone(at: HubAddress, get: (url: string) => Promise<Response>, tell: (files: number) => void): Promise<Listed[]> {
  if (at.path === '') throw notShown(at);
  const folder = at.path.includes('/') ? at.path.slice(0, at.path.lastIndexOf('/')) : '';
  const siblings = await list(treeAddress({ ...at, path: folder }, false), get, tell);
  return siblings?.filter(({ path }) => path === at.path) ?? [];
}
