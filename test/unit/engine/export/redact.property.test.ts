/** Redaction: nothing that is looked for is left in any written file of messages, and equal inputs give equal bytes. */
import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { expect, it } from 'vitest';
import { DEFAULT_RULE } from '../../../../src/core/model/rule.ts';
import { makeRedactor, readRedact, secretId } from '../../../../src/engine/export/preflight/redact.ts';
import { SECRET_KINDS, secretsIn } from '../../../../src/engine/export/preflight/secrets.ts';
import { PROFILES } from '../../../../src/engine/export/profiles/index.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';

/** Put together, so that this file names no folder of a person. */
const HOME = ['', 'home'].join('/');
const mixed = (length: number): string => 'aB3dE5gH7jK9'.repeat(Math.ceil(length / 12)).slice(0, length);
const SECRETS = [
  'ada@analytical.org',
  'grace.hopper@navy.mil',
  ['AKIA', 'ABCDEFGH234567QR'].join(''),
  `ghp_${mixed(36)}`,
  `sk-${mixed(48)}`,
  'postgres://user:hunter22@db.internal/x',
  `${HOME}/ada/src/main.py`,
  'C:\\Users\\alan\\notes.txt',
  ['-----BEGIN RSA', 'KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA', 'KEY-----'].join(' PRIVATE '),
  `Bearer ${mixed(32)}`,
];
const all = readRedact('all')!;
const secret = fc.constantFrom(...SECRETS);
const plain = fc.stringMatching(/^[a-z @/:.[\]\n"-]{0,12}$/);
const text = fc.array(fc.oneof(secret, plain), { maxLength: 8 }).map((parts) => parts.join(' '));

it('leaves nothing that it looks for, in any text, and nothing else is changed', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        text,
        fc.array(fc.oneof(secret, plain), { maxLength: 6 }).map((parts) => parts.join('')),
      ),
      (written) => {
        const redacted = makeRedactor(all).text(written);
        expect(secretsIn(redacted)).toEqual([]);
        expect(makeRedactor(all).text(redacted)).toBe(redacted);
        if (secretsIn(written).length === 0) expect(redacted).toBe(written);
      },
    ),
    { numRuns: 400 },
  );
});

it('gives one value one placeholder, in texts, lists and names of members', () => {
  const redactor = makeRedactor(all);
  expect(redactor.deep({ 'ada@analytical.org': ['to ada@analytical.org and grace@navy.mil', 3, null] })).toEqual({
    '[e-mail address 1]': ['to [e-mail address 1] and [e-mail address 2]', 3, null],
  });
  expect(redactor.text(`cd ${HOME}/ada/src; psql postgres://user:hunter22@db/x`)).toBe(
    'cd /home/[user name in a path 1]/src; psql postgres://[password in an address 1]@db/x',
  );
  expect(redactor.found().map(({ kind, masked, times }) => [kind, masked, times])).toEqual([
    ['email', 'a…@analytical.org', 2],
    ['email', 'g…@navy.mil', 1],
    ['home', '/home/… (3 characters)', 1],
    ['password', '://… (17 characters)', 1],
  ]);
});

it('leaves kinds that were not asked for, and values that were ticked off', () => {
  const written = 'ada@analytical.org, grace@navy.mil, /home/ada';
  expect(makeRedactor(readRedact('home')!).text(written)).toBe('ada@analytical.org, grace@navy.mil, /home/[user name in a path 1]');
  expect(makeRedactor(readRedact(`email,!${secretId('ada@analytical.org')}`)!).text(written)).toBe(
    'ada@analytical.org, [e-mail address 1], /home/ada',
  );
  expect(readRedact('emails')).toBeNull();
});

const line = (i: number, a: string, b: string, c: string): string =>
  JSON.stringify({
    id: `run ${i} of ${a}`,
    task_id: `mail ${b}`,
    reward: i % 2,
    messages: [
      { role: 'system', content: `You help ${c}.` },
      { role: 'user', content: `Write to ${a}` },
      {
        role: 'assistant',
        content: `Now ${b}`,
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'send', arguments: JSON.stringify({ to: a, [b]: c }) } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: `sent by ${c}` },
      { role: 'assistant', content: `Done: ${a} ${c}` },
    ],
  });

const MESSAGE_PROFILES = PROFILES.filter(({ needs, writesIds }) => needs.includes('messages') && writesIds !== true).map(({ id }) => id);

it('writes no finding into any file of messages, the same bytes each time, and says how many values it replaced', async () => {
  expect(MESSAGE_PROFILES.length).toBeGreaterThan(4);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(secret, secret, secret), { minLength: 2, maxLength: 4 }), async (drawn) => {
      const log = drawn.map((secrets, i) => line(i, ...secrets)).join('\n');
      const written = async (): Promise<ReturnType<typeof memorySink>> => {
        const { session } = await openSession([inputFile('mail.jsonl', log)]);
        const { orderId } = session.order(DEFAULT_RULE);
        const sink = memorySink();
        const spec = { ...exportSpec(...MESSAGE_PROFILES), skipUnavailable: true, records: { redact: 'all' } };
        await session.export(orderId, { cut: 1, train: 1 }, spec, sink, () => undefined);
        return sink;
      };
      const { files, bytes } = await written();
      const texts = (value: unknown): string[] =>
        typeof value === 'string'
          ? [value]
          : typeof value === 'object' && value !== null
            ? Object.entries(value).flatMap(([name, member]) => [name, ...texts(member)])
            : [];
      for (const [name, content] of files) {
        const lines = content.split('\n').filter((each) => each.startsWith('{') && name.endsWith('.jsonl'));
        const file = Uint8Array.from(bytes.get(name)!).buffer;
        // Pages of tables are packed: they are read back.
        const rows = name.endsWith('.parquet') ? await parquetReadObjects({ file }) : lines.map((each): unknown => JSON.parse(each));
        for (const each of [...texts(rows), ...(name.endsWith('.parquet') ? [] : [content])]) expect(secretsIn(each), name).toEqual([]);
      }
      const manifest = JSON.parse(files.get('manifest.json')!) as { redacted: { different_values: Record<string, number> } };
      expect(Object.keys(manifest.redacted.different_values).length).toBeGreaterThan(0);
      expect([...(await written()).files]).toEqual([...files]);
    }),
    { numRuns: 6 },
  );
}, 120_000);

it('writes no file of token ids, which would spell it all the same', async () => {
  const { session } = await openSession([inputFile('mail.jsonl', line(1, SECRETS[0]!, SECRETS[1]!, SECRETS[2]!))]);
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  const budget = { cut: 1, train: 1 };
  const spec = { ...exportSpec('tokens', 'messages'), records: { redact: 'email' } };
  await session.export(orderId, budget, { ...spec, skipUnavailable: true }, sink, () => undefined);
  expect([...sink.files.keys()].sort()).toEqual(['manifest.json', 'messages.jsonl']);
  expect(sink.files.get('manifest.json')).toContain('Token ids would still spell what is redacted');
  await expect(session.export(orderId, budget, { ...spec, skipUnavailable: false }, memorySink(), () => undefined)).rejects.toThrow(
    'tokens: Token ids would still spell what is redacted',
  );
});

it('names every kind in the help of its setting', () => {
  for (const { id } of SECRET_KINDS) expect(readRedact(id)?.kinds.has(id)).toBe(true);
});
