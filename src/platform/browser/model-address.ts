/** What a person may give as a model's address: a folder on any server, one of its files, or a repository page of the hub. */

const HUB = 'https://huggingface.co';

export interface ModelAddress {
  /** Address that file paths are appended to; ends in "/". */
  readonly folder: string;
  /** Where the hub lists the repository's files with their sizes; null for any other server. */
  readonly listing: string | null;
  readonly name: string;
  /** What a person allows by giving the address; the hub sends those who ask for a file on to hosts of its own. */
  readonly hosts: readonly string[];
}

/**
 * `https://huggingface.co/OWNER/NAME` in its usual forms (`tree`, `blob` and `resolve` with a revision, down to a file)
 * means the repository; others are taken as folders. Throws where `address` is none.
 * @param hub origin whose pages are repositories
 */
export function modelAddress(address: string, hub = HUB): ModelAddress {
  const url = new URL(address);
  // A name and password are nobody's to send.
  url.username = '';
  url.password = '';
  const repository = /^\/([^/]+)\/([^/]+?)(?:\/(?:tree|resolve|blob)\/([^/]+)(?:\/.*)?)?\/?$/.exec(url.pathname);
  if (url.origin === hub && repository) {
    const [, owner = '', name = '', revision = 'main'] = repository;
    return {
      folder: `${hub}/${owner}/${name}/resolve/${revision}/`,
      listing: `${hub}/api/models/${owner}/${name}/tree/${revision}?recursive=true`,
      name: decodeURIComponent(name),
      hosts: [hub, 'https://*.huggingface.co', 'https://*.hf.co'],
    };
  }
  url.search = '';
  url.hash = '';
  url.pathname = url.pathname.replace(/\/[^/]*\.(?:json|onnx|onnx_data|data)$/, '/').replace(/\/?$/, '/');
  return { folder: url.href, listing: null, name: nameOf(url), hosts: [url.origin] };
}

/** The last word of the path, or the one before `resolve` on a mirror of the hub. */
function nameOf({ pathname, host }: URL): string {
  const words = pathname.split('/').filter((word) => word !== '');
  const resolve = words.indexOf('resolve');
  return decodeURIComponent((resolve > 0 ? words[resolve - 1] : words.at(-1)) ?? host);
}
