/**
 * Workers under the page's policy. A worker that comes from a host has the policy that its own answer brings, which on hosts without
 * headers is none; one that comes from a `blob:` address has the policy of whoever starts it. So, where the policy asks for trusted
 * addresses, each worker starts from a blob of one line that imports its script: also those that ONNX Runtime starts by itself.
 */

interface Policy {
  /** What comes stands where a script's address is asked for. */
  createScriptURL(address: string): URL;
}

interface Policies {
  readonly defaultPolicy: Policy | null;
  createPolicy(name: string, rules: { readonly createScriptURL: (address: string) => string | null }): Policy;
}

declare global {
  /** Missing in browsers without Trusted Types. */
  var trustedTypes: Policies | undefined;
}

const policies = globalThis.trustedTypes;

/** Call it before the first worker starts, in the page and in every worker that starts others. */
export function bindWorkers(): void {
  const bound = new Map<string, string>();
  if (policies?.defaultPolicy !== null) return;
  policies.createPolicy('default', {
    createScriptURL(address) {
      if (!isOwn(address)) return null;
      const known = bound.get(address);
      if (known !== undefined) return known;
      const made = URL.createObjectURL(new Blob([`import ${JSON.stringify(address)};`], { type: 'text/javascript' }));
      bound.set(address, made);
      return made;
    },
  });
}

/** Made at once, so that nobody else can make it. */
const fetching = policies?.createPolicy('espalier-fetch', { createScriptURL: (address) => (isOwn(address) ? address : null) });

/**
 * The address of a worker that is bound by its own answer alone: the one that may reach other hosts, and the service worker, which no
 * blob can start.
 */
export function ownAddress(address: URL): URL {
  return fetching?.createScriptURL(address.href) ?? address;
}

function isOwn(address: string): boolean {
  return URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && new URL(address).origin === globalThis.origin;
}
