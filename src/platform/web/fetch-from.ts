/** The port through which files at addresses are asked for. Browsers and Node each have their own way: what they may ask differs. */

export interface FetchHow {
  readonly method?: 'GET' | 'HEAD';
  /** It is posted in place of `method`, and no redirect of that is followed. */
  readonly body?: string;
  /** Origins that a person allowed; `https://*.name` stands for all below a name, `*` for any host. */
  readonly hosts: readonly string[];
  /** `manual`: a redirect is not followed. Browsers do not say where it would have led. */
  readonly redirect: 'follow' | 'manual';
  readonly signal: AbortSignal;
  /** Such as `Range`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing of the answer is kept, and none that was kept is taken. */
  readonly isFresh?: boolean;
}

export interface Fetched {
  readonly answer: Response;
  /** Where the answer came from in the end. */
  readonly from: string;
  /** A redirect that was not followed. */
  readonly isRedirect: boolean;
}

export type FetchFrom = (url: URL, how: FetchHow) => Promise<Fetched>;

/** Whether `hosts` name the host of `url`. */
export function isAllowed({ origin, protocol, hostname }: URL, hosts: readonly string[]): boolean {
  if (protocol !== 'https:' && protocol !== 'http:') return false;
  return hosts.some((host) => host === '*' || host === origin || (protocol === 'https:' && isBelow(hostname, host)));
}

function isBelow(hostname: string, pattern: string): boolean {
  return pattern.startsWith('https://*.') && hostname.endsWith(pattern.slice('https://*'.length));
}
