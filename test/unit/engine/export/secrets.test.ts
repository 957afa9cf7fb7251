/** Secrets in texts: what is one, what only looks like one, what is shown of it, and time on hostile text. */
import { expect, it } from 'vitest';
import { masked, SECRET_KINDS, secretsIn } from '../../../../src/engine/export/preflight/secrets.ts';

/** Made up here, and put together from parts so that no scanner takes this file for a leak. */
const mixed = (length: number): string => 'aB3dE5gH7jK9'.repeat(Math.ceil(length / 12)).slice(0, length);
const pem = (what: string): string => `-----BEGIN ${what}-----`;
const [HOME, USERS] = [['', 'home'].join('/'), ['', 'Users'].join('/')];
const aws = (prefix: string): string => `${prefix}ABCDEFGH234567QR`;
const digits = '123456789012';
const SECRETS: Readonly<Record<(typeof SECRET_KINDS)[number]['id'], readonly string[]>> = {
  'private-key': [pem('RSA PRIVATE KEY'), pem('PRIVATE KEY'), pem('PGP PRIVATE KEY BLOCK')],
  aws: [aws('AKIA'), aws('ASIA')],
  github: [`ghp_${mixed(36)}`, `github_pat_${mixed(40)}`],
  gitlab: [`glpat-${mixed(20)}`],
  slack: [`xoxb-${digits}-abcdef`],
  'model-api': [`sk-${mixed(48)}`, `sk-ant-api03-${mixed(40)}`, `sk-${'0123456789abcdef'.repeat(2)}`],
  'hugging-face': [`hf_${mixed(34)}`],
  google: [`AIza${mixed(35)}`],
  stripe: [`sk_live_${mixed(24)}`],
  npm: [`npm_${mixed(36)}`],
  pypi: [`pypi-AgE${mixed(60)}`],
  jwt: [`eyJ${mixed(20)}.eyJ${mixed(40)}.${mixed(43)}`],
  bearer: [`Bearer ${mixed(32)}`],
  password: ['://user:hunter22@'],
  home: ['/home/ada', '/Users/grace.hopper', 'C:\\Users\\alan'],
  email: ['ada.lovelace+notes@mail.analytical.co.uk', 'x@y.org'],
};

it('are found in the midst of text, each as one of its kind', () => {
  for (const kind of SECRET_KINDS)
    for (const secret of SECRETS[kind.id]) {
      const text = kind.id === 'password' ? `see postgres${secret}db.internal/x` : `see "${secret}", and\n${secret} again`;
      const found = secretsIn(text).filter((each) => each.kind === kind.id);
      expect(found, `${kind.id}: ${secret}`).toHaveLength(kind.id === 'password' ? 1 : 2);
      expect(found[0].value).toBe(secret);
      expect(secretsIn(text).filter((each) => each.kind !== kind.id)).toEqual([]);
    }
});

it('show their beginning and their length only', () => {
  for (const kind of SECRET_KINDS)
    for (const value of SECRETS[kind.id]) {
      const shown = masked({ kind: kind.id, value });
      const told = kind.id === 'email' ? value.slice(1, value.indexOf('@')) : value.slice(Math.max(4, Math.ceil(value.length / 2)));
      if (told !== '' && kind.id !== 'private-key') expect(shown).not.toContain(told);
    }
  expect(masked({ kind: 'email', value: 'ada@analytical.org' })).toBe('a…@analytical.org');
  expect(masked({ kind: 'aws', value: aws('AKIA') })).toBe('AKIA… (20 characters)');
});

it('are not words, classes, hashes, examples, repositories or parts of longer names', () => {
  const innocent = [
    'sk-fading-circle-with-a-very-long-name',
    'risk-ABCDEFGHIJKLMNOPQRSTUVWX123',
    'task-0123456789abcdef0123456789abcdef',
    'AKIAshort',
    'XAKIAABCDEFGH234567QR',
    'commit 0123456789abcdef0123456789abcdef01234567',
    'git@github.com:owner/name.git',
    'you@example.com, me@mail.example.org, root@localhost, a@b.test',
    'def f(self) @property',
    'Bearer token-goes-in-this-place-here',
    'https://example.org:8080/a@b',
    '-----BEGIN PUBLIC KEY-----',
    'pip install numpy@1.2',
    `${HOME}/user/project, ${USERS}/runner/work and C:\\Users\\Public`,
    'hf_hub_download_and_a_lot_more_than_that',
  ];
  for (const text of innocent) expect(secretsIn(text), text).toEqual([]);
});

it('are looked for in linear time, whatever the text', () => {
  const hostile = [
    'a',
    '@',
    'a@',
    'a.',
    'eyJ',
    'eyJaaaaaaaa.',
    'sk-',
    'sk-a1',
    '://a:',
    'Bearer ',
    '-----BEGIN RSA ',
    'AKIA',
    '/home/',
    '-----BEGIN PRIVATE KEY-----a',
    'ghp_a',
    'a@a.',
  ];
  for (const piece of hostile) {
    const time = (length: number): number => {
      const text = piece.repeat(length / piece.length);
      const begun = performance.now();
      secretsIn(text);
      return performance.now() - begun;
    };
    time(100_000);
    // Four times the text, which a quadratic search would take sixteen times as long for; beside what a busy machine adds.
    const [short, long] = [Math.min(time(250_000), time(250_000)), Math.min(time(1_000_000), time(1_000_000))];
    expect(long, piece).toBeLessThan(9 * short + 60);
  }
});
