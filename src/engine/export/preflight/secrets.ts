/**
 * Secrets in texts: keys of services, private keys, passwords in addresses, and addresses of people. Every pattern begins at a
 * fixed word where no letter or digit stands before it, repeats single classes only and is bounded, so that a text is read in linear
 * time whatever it holds. Forms are those that vendors document; the list is in docs/training-sets.md.
 */
export type SecretKind = (typeof SECRET_KINDS)[number]['id'];

interface SecretPattern {
  readonly id: string;
  /** In the singular. */
  readonly label: string;
  /** A person's, rather than a key to something. */
  readonly isPersonal?: true;
  readonly pattern: RegExp;
  /** Whether what was found is one. */
  readonly accepts?: (found: string) => boolean;
  /** How many characters at the start may be shown. */
  readonly shown: number;
  /** Of a match, what a redaction leaves at its ends because it tells nothing: the scheme of an address. Default: nothing. */
  readonly kept?: RegExp;
  readonly after?: number;
}

/** Not words with dashes between them, such as the name of a CSS class. */
const isMixed = (found: string): boolean => /\d/.test(found) && /[A-Z]/.test(found);

/** Names that are kept for examples (RFC 2606, RFC 6761), and the user of addresses of repositories. */
const isExample = (found: string): boolean =>
  /@(?:[a-z0-9-]{1,63}\.){0,8}(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$/i.test(found) || /^git@/i.test(found);

/** Users of containers and examples, and folders that all share. */
const SERVICES = new Set(
  (
    'user users ubuntu debian runner app node agent admin root vscode jovyan sandbox openhands swe-agent coder developer dev ' +
    'default shared public guest vagrant circleci gitpod me you name username someone linuxbrew'
  ).split(' '),
);
const isService = (found: string): boolean => SERVICES.has(found.slice(found.search(/[^\\/]*$/)).toLowerCase());

export const SECRET_KINDS = [
  // https://www.rfc-editor.org/rfc/rfc7468#section-10, https://www.rfc-editor.org/rfc/rfc4880#section-6.2
  // With what it encloses, where that ends.
  {
    id: 'private-key',
    label: 'private key',
    pattern: /-----BEGIN (?:[A-Z]{2,9} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:[A-Za-z0-9+/=\s\\:.,()]{0,8000}-----END [A-Z ]{1,40}-----)?/g,
    shown: 27,
  },
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  { id: 'aws', label: 'AWS access key', pattern: /(?<![A-Za-z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9])/g, shown: 4 },
  // https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
  {
    id: 'github',
    label: 'GitHub token',
    pattern: /(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{22,251})/g,
    shown: 4,
  },
  // https://docs.gitlab.com/security/tokens/#token-prefixes
  { id: 'gitlab', label: 'GitLab token', pattern: /(?<![A-Za-z0-9])glpat-[A-Za-z0-9_-]{20,250}/g, shown: 6 },
  // https://docs.slack.dev/authentication/tokens
  { id: 'slack', label: 'Slack token', pattern: /(?<![A-Za-z0-9])xox[abeoprs]-[A-Za-z0-9-]{10,250}/g, shown: 5 },
  // Keys of OpenAI, Anthropic, OpenRouter, DeepSeek and others begin alike.
  {
    id: 'model-api',
    label: 'key of a model API',
    pattern: /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{20,250}/g,
    accepts: (found) => isMixed(found) || /[0-9a-f]{32}/.test(found),
    shown: 3,
  },
  // https://huggingface.co/docs/hub/security-tokens
  { id: 'hugging-face', label: 'Hugging Face token', pattern: /(?<![A-Za-z0-9])hf_[A-Za-z0-9]{34,40}(?![A-Za-z0-9])/g, shown: 3 },
  // https://cloud.google.com/docs/authentication/api-keys
  { id: 'google', label: 'Google API key', pattern: /(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g, shown: 4 },
  // https://docs.stripe.com/keys
  { id: 'stripe', label: 'Stripe live key', pattern: /(?<![A-Za-z0-9])[rs]k_live_[A-Za-z0-9]{16,250}/g, shown: 8 },
  // https://github.blog/security/application-security/announcing-npms-new-access-token-format
  { id: 'npm', label: 'npm token', pattern: /(?<![A-Za-z0-9])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g, shown: 4 },
  // https://pypi.org/help/#apitoken
  { id: 'pypi', label: 'PyPI token', pattern: /(?<![A-Za-z0-9])pypi-AgE[A-Za-z0-9_-]{50,250}/g, shown: 5 },
  // https://www.rfc-editor.org/rfc/rfc7519
  {
    id: 'jwt',
    label: 'JSON web token',
    pattern: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,2000}\.eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{16,2000}/g,
    shown: 3,
  },
  // https://www.rfc-editor.org/rfc/rfc6750#section-2.1
  {
    id: 'bearer',
    label: 'bearer token',
    pattern: /(?<![A-Za-z0-9])Bearer [A-Za-z0-9._~+/-]{20,2000}/g,
    accepts: isMixed,
    shown: 7,
  },
  // https://www.rfc-editor.org/rfc/rfc3986#section-3.2.1
  {
    id: 'password',
    label: 'password in an address',
    pattern: /:\/\/[^\s/:@'"<>[\]{}$]{1,64}:[^\s/:@'"<>[\]{}$]{3,128}@(?=[A-Za-z0-9[])/g,
    shown: 3,
    kept: /^:\/\//,
    after: 1,
  },
  // https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1, of which what people use
  {
    id: 'email',
    label: 'e-mail address',
    isPersonal: true,
    pattern: /(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g,
    accepts: (found) => !isExample(found),
    shown: 1,
  },
  // Folders of people on Linux, macOS and Windows: the name of the user.
  {
    id: 'home',
    label: 'user name in a path',
    isPersonal: true,
    pattern: /(?<![A-Za-z0-9._-])(?:\/(?:home|Users)\/|[A-Za-z]:(?:\\{1,2}|\/)Users(?:\\{1,2}|\/))[A-Za-z0-9][A-Za-z0-9._-]{0,63}/g,
    accepts: (found) => !isService(found),
    shown: 0,
    kept: /^.*[\\/]/,
  },
] as const satisfies readonly SecretPattern[];

const PATTERNS: readonly (SecretPattern & { readonly id: SecretKind })[] = SECRET_KINDS;

export interface SecretFound {
  readonly kind: SecretKind;
  readonly value: string;
}

/** Where in a text it stands, and how many characters at its ends tell nothing. */
export interface SecretPlace extends SecretFound {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

export function secretsIn(text: string): SecretFound[] {
  return findSecrets(text).map(({ kind, value }) => ({ kind, value }));
}

export function findSecrets(text: string): SecretPlace[] {
  const found: SecretPlace[] = [];
  /** Where passwords in addresses end: what stands there looks like an address of a person, and is none. */
  const passwords = new Set<number>();
  for (const { id, pattern, accepts, kept, after = 0 } of PATTERNS)
    for (const { 0: value, index } of text.matchAll(pattern)) {
      if (accepts !== undefined && !accepts(value)) continue;
      if (id === 'password') passwords.add(index + value.length);
      if (id === 'email' && passwords.has(index + value.indexOf('@') + 1)) continue;
      found.push({ kind: id, value, at: index, before: kept?.exec(value)?.[0].length ?? 0, after });
    }
  return found;
}

/** The first letters of a secret and its length; of an address of a person, its domain too. */
export function masked({ kind, value }: SecretFound): string {
  const shown = PATTERNS.find(({ id }) => id === kind)?.shown ?? 0;
  if (kind === 'home') return `${value.slice(0, value.search(/[^\\/]*$/))}… (${value.length - value.search(/[^\\/]*$/)} characters)`;
  if (kind === 'email') return `${value.slice(0, shown)}…${value.slice(value.indexOf('@'))}`;
  return `${value.slice(0, shown)}… (${value.length} characters)`;
}
