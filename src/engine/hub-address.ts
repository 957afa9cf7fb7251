/**
 * Repositories of a hub as addresses: `hf://datasets/OWNER/NAME[@REVISION][/PATH]`, `hf://OWNER/NAME…` for models, `hf://spaces/…`, and
 * the pages of the same. https://huggingface.co/docs/huggingface_hub/guides/hf_file_system, https://huggingface.co/docs/hub/api
 */

const HUB = 'https://huggingface.co';
const KINDS = ['models', 'datasets', 'spaces'] as const;

export interface HubAddress {
  /** Origin. */
  readonly hub: string;
  readonly kind: (typeof KINDS)[number];
  /** `OWNER/NAME`. */
  readonly repository: string;
  readonly revision: string;
  /** A folder or file in it; empty: all of it. */
  readonly path: string;
  /** What a person allows by naming it: the hub sends those who ask for a file on to hosts of its own. */
  readonly hosts: readonly string[];
}

/** @param hub origin of the hub. Null: no address of a repository */
export function hubAddress(address: string, hub = HUB): HubAddress | null {
  const text = address.startsWith('hf://') ? address.slice('hf://'.length) : repositoryPage(address, hub);
  if (text === null) return null;
  const steps = text.split('/').filter((step) => step !== '');
  const kind = KINDS.find((each) => each === steps[0]) ?? 'models';
  const [owner, named, ...path] = KINDS.some((each) => each === steps[0]) ? steps.slice(1) : steps;
  const [, name, revision = 'main'] = /^([^@]+)(?:@(.+))?$/.exec(named ?? '') ?? [];
  const isPlain = [owner, name, ...path].every((step) => step !== undefined && step !== '.' && step !== '..');
  if (owner === undefined || name === undefined || !isPlain) return null;
  const own = hub === HUB ? ['https://*.huggingface.co', 'https://*.hf.co'] : hostsOf(hub);
  return {
    hub,
    kind,
    repository: `${owner}/${name}`,
    revision: decoded(revision),
    path: path.map(decoded).join('/'),
    hosts: [hub, ...own],
  };
}

/** A stand-in on this machine may send on to another port of it. */
function hostsOf(hub: string): string[] {
  return isLoopback(hub) ? ['*'] : [];
}

/** Whether an origin is this machine itself. */
export function isLoopback(origin: string): boolean {
  return URL.canParse(origin) && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(origin).hostname);
}

/** What follows `hf://` for a page of the hub; null: it is none. */
function repositoryPage(address: string, hub: string): string | null {
  if (!address.startsWith(`${hub}/datasets/`)) return null;
  const { pathname } = new URL(address);
  const found = /^\/(datasets\/[^/]+\/[^/]+)(?:\/(?:tree|blob|viewer)(?:\/([^/]+))?(?:\/(.*))?)?\/?$/.exec(pathname);
  if (!found) return null;
  const [, repository = '', revision, path = ''] = found;
  return pathname.includes('/viewer') ? repository : `${repository}${revision === undefined ? '' : `@${revision}`}/${path}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where the hub says which commit a revision is. */
export function revisionAddress({ hub, kind, repository, revision }: HubAddress): string {
  return `${hub}/api/${kind}/${repository}/revision/${encodeURIComponent(revision)}`;
}

/** Where the hub lists a folder; the next page of the list is in the answer's `Link`. */
export function treeAddress({ hub, kind, repository, revision, path }: HubAddress, isDeep = true): string {
  const folder = path === '' ? '' : `/${encodedPath(path)}`;
  return `${hub}/api/${kind}/${repository}/tree/${encodeURIComponent(revision)}${folder}${isDeep ? '?recursive=true' : ''}`;
}

/** Where a file is. @param path of the repository's root */
export function resolveAddress({ hub, kind, repository, revision }: HubAddress, path: string): string {
  const prefix = kind === 'models' ? '' : `${kind}/`;
  return `${hub}/${prefix}${repository}/resolve/${encodeURIComponent(revision)}/${encodedPath(path)}`;
}

/** The `next` of a `Link` header (RFC 8288); null: this was the last page. */
export function nextPage(link: string | null): string | null {
  return /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1] ?? null;
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}
