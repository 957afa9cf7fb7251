/** What makes the page strict: its Content-Security-Policy, and the headers of every answer of its server, errors included. */

/** What SharedArrayBuffer needs. */
export const ISOLATION: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

type Directives = Readonly<Record<string, string>>;

/**
 * Nothing but the page's own files; no code from text, WebAssembly apart; no address of a script that is not the page's own. Workers
 * start from blobs, and so have this policy too (`platform/browser/bound-workers.ts`); all but the fetch worker, which has its own.
 */
const PAGE: Directives = {
  'default-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'img-src': "'self'",
  'font-src': "'self'",
  'connect-src': "'self'",
  'worker-src': "'self' blob:",
  'object-src': "'none'",
  'frame-src': "'none'",
  'media-src': "'none'",
  'manifest-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'default espalier-fetch',
};

/** Reaches the hosts in its address, which are those that a person allowed. */
const fetching = (hosts: readonly string[]): Directives => ({
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': hosts.length === 0 ? "'none'" : hosts.join(' '),
  'base-uri': "'none'",
  'form-action': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': "'none'",
});

const written = (directives: Directives): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

/** The policy as the page itself carries it, for hosts that send no headers. Who may frame it can be said in a header only. */
export const PAGE_POLICY = written(PAGE);

const FETCH_WORKER = /^\/assets\/fetch\.worker-[\w-]+\.js$/;
/** An origin, or all hosts below a name: nothing that could end a directive. */
const HOST = /^https?:\/\/(?:\*\.)?(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

const LOCAL = 'http://localhost';

/** The policy of an answer. @param path of what is asked for, below the folder that is served */
function policyOf(path: string, query: URLSearchParams, embedders: readonly string[]): string {
  const framed = embedders.length === 0 ? "'none'" : embedders.join(' ');
  return `${FETCH_WORKER.test(path) ? written(fetching(hostsOf(query))) : PAGE_POLICY}; frame-ancestors ${framed}`;
}

/** An origin, one with any port, or a scheme: who may show the page inside of another one. Nothing that could end a directive. */
export function isEmbedder(text: string): boolean {
  return /^(?:https?:\/\/(?:\*\.)?(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?:\d{1,5}|\*))?|vscode-webview:)$/.test(text);
}

function hostsOf(query: URLSearchParams): string[] {
  return query.getAll('to').flatMap((host) => (host === '*' ? ['https:', 'http:'] : HOST.test(host) ? [host] : []));
}

/** Devices and sensors that the page never asks for, whatever runs in it. */
const UNUSED =
  'camera microphone geolocation accelerometer gyroscope magnetometer midi usb serial hid payment display-capture ' +
  'screen-wake-lock publickey-credentials-get idle-detection';

/**
 * Headers of an answer.
 * @param target as a request names it
 * @param base where the folder is served
 * @param embedders who may show the page inside of another one
 */
export function strictHeaders(target: string, base: string, embedders: readonly string[]): Readonly<Record<string, string>> {
  const { pathname, searchParams } = URL.canParse(target, LOCAL) ? new URL(target, LOCAL) : new URL(LOCAL);
  const path = pathname.startsWith(base) ? pathname.slice(base.length - 1) : '/';
  return {
    'Content-Security-Policy': policyOf(path, searchParams, embedders),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    // It knows no list: where there is one, the policy alone says who.
    ...(embedders.length === 0 ? { 'X-Frame-Options': 'DENY' } : {}),
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': UNUSED.split(' ')
      .map((name) => `${name}=()`)
      .join(', '),
  };
}
