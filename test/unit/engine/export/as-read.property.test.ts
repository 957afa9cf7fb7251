/** Lines as they were read: their bytes are those of the inputs, whatever the files are packed in, and every record is counted. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import '../../../helpers/drawSeed.ts';
import { DEFAULT_RULE, type PruneRule } from '../../../../src/core/model/rule.ts';
import type { InputFile } from '../../../../src/engine/input-file.ts';
import { exportSpec, inputFile, memorySink, openSession } from '../../../helpers/openSession.ts';
import { zipFile } from '../../../helpers/zipFile.ts';
import { zstdFrame } from '../../../helpers/zstdFrame.ts';

interface Manifest {
  readonly totals: { readonly lines: { kept: number; gone: number; parted: number }; readonly rollouts: { total: number; whole: number } };
  readonly outputs: readonly { readonly name: string; readonly bytes: number; readonly records: number; readonly shortfalls?: object[] }[];
}

async function asRead(files: readonly InputFile[], rule: PruneRule = DEFAULT_RULE, cut = 1) {
  const { session, facts } = await openSession(files);
  const sink = memorySink();
  const order = await session.makeOrder(rule);
  await session.export(order.orderId, { cut, train: 1 }, exportSpec('as-read'), sink, () => undefined);
  const manifest = JSON.parse(sink.files.get('manifest.json') ?? '') as Manifest;
  return { facts, session, orderId: order.orderId, bytes: sink.bytes.get('as-read.jsonl') ?? Buffer.alloc(0), manifest };
}

const DROP_BAD: PruneRule = { ...DEFAULT_RULE, acts: [{ verb: 'drop', where: 'reward < 0.5', isOn: true }] };
const WRITE_GOOD: PruneRule = { ...DEFAULT_RULE, acts: [{ verb: 'keep', where: 'reward > 0.5', isOn: true }] };

interface Drawn {
  readonly line: string;
  readonly stays: boolean;
}

/** Spelled as no writer of ours would: blanks, escapes, numbers that a parser rounds. */
const record = fc
  .record({
    task: fc.constantFrom('Count the pears.', 'Prune the öak.', 'Water \\u00e4ll beds.'),
    said: fc.constantFrom('Done.', 'Snip 🌱.', 'Tab\\tand \\"quote\\".', 'x'.repeat(3000)),
    isGood: fc.boolean(),
    gap: fc.constantFrom('', ' ', '\t  '),
    number: fc.constantFrom('1.0', '12345678901234567890', '1e2', '-0.10'),
  })
  .map(({ task, said, isGood, gap, number }): Drawn => ({
    line:
      `{"messages":${gap}[{"role":"user","content":"${task}"},{"role":"assistant","content":"${said}"}],` +
      `"reward":${isGood ? '1.0' : '0.00'},${gap}"odd":${number}}`,
    stays: isGood,
  }));
const file = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 8 }),
  end: fc.constantFrom('\n', '\r\n', '\n\n', '\n  \n'),
  isEnded: fc.boolean(),
  hasMark: fc.boolean(),
  hasBroken: fc.boolean(),
  packing: fc.constantFrom('plain', 'gzip', 'zstd', 'zip'),
});
type DrawnFile = ReturnType<typeof file.generate>['value'];

function inputOf({ records, end, isEnded, hasMark, hasBroken, packing }: DrawnFile, index: number): InputFile {
  const lines = records.map(({ line }) => line);
  if (hasBroken) lines.splice(1, 0, '{"messages":');
  const text = (hasMark ? '\ufeff' : '') + lines.join(end) + (isEnded ? end : '');
  const bytes = Buffer.from(text);
  const name = `log-${index}.jsonl`;
  if (packing === 'gzip') return inputFile(`${name}.gz`, gzipSync(bytes));
  if (packing === 'zstd') return inputFile(`${name}.zst`, zstdFrame(bytes));
  if (packing === 'zip') return inputFile(`log-${index}.zip`, zipFile([{ name, content: bytes, method: 8 }]));
  return inputFile(name, bytes);
}

it('has the bytes of the lines that stay, in the order of the inputs', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), fc.constantFrom(DROP_BAD, WRITE_GOOD), async (files, rule) => {
      const { facts, bytes, manifest } = await asRead(files.map(inputOf), rule);
      const all = files.flatMap(({ records }) => records);
      const staying = all.filter(({ stays }) => stays);
      expect(bytes.toString()).toBe(staying.map(({ line }) => `${line}\n`).join(''));
      expect(facts.rollouts).toBe(all.length);
      expect(manifest.totals.lines).toEqual({ kept: staying.length, gone: all.length - staying.length, parted: 0 });
      expect(manifest.outputs[0]).toMatchObject({ name: 'as-read.jsonl', records: staying.length, bytes: bytes.length });
    }),
    { numRuns: 40 },
  );
});

it('opens again as the log without what went, by a budget of whole rollouts too', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 2 }), fc.double({ min: 0, max: 1, noNaN: true }), async (files, cut) => {
      const { bytes, manifest } = await asRead(files.map(inputOf), { ...DEFAULT_RULE, strategy: 'whole-rollouts' }, cut);
      const { kept, gone, parted } = manifest.totals.lines;
      expect([kept, parted]).toEqual([manifest.totals.rollouts.whole, 0]);
      expect(kept + gone).toBe(manifest.totals.rollouts.total);
      const lines = files.flatMap(({ records }) => records.map(({ line }) => line));
      const written = bytes.toString().split('\n').slice(0, -1);
      expect(written).toHaveLength(kept);
      // A subsequence of the log's lines.
      let at = 0;
      for (const line of written) at = lines.indexOf(line, at) + 1;
      expect(written.length === 0 || at > 0).toBe(true);
      if (kept === 0) return;
      const again = await openSession([inputFile('again.jsonl', bytes)]);
      expect(again.facts).toMatchObject({ rollouts: kept, issues: 0 });
    }),
    { numRuns: 25 },
  );
});

const chat = (reward: number, said: string): string =>
  JSON.stringify(
    {
      messages: [
        { role: 'user', content: 'Go.' },
        { role: 'assistant', content: said },
      ],
      reward,
    },
    null,
    2,
  );

it('gives each record of an array a line, with nothing else changed', async () => {
  const { bytes } = await asRead(
    [inputFile('a.json', `[\n${chat(1, 'One.\r\n')},\r\n${chat(0, 'Two.')},\n${chat(1, 'Three.')}\n]`)],
    DROP_BAD,
  );
  expect(bytes.toString()).toBe([chat(1, 'One.\r\n'), chat(1, 'Three.')].map((text) => `${text.replaceAll('\n', ' ')}\n`).join(''));
});

it('gives a document that is one list of messages a line, without the mark before it', async () => {
  const { messages } = JSON.parse(chat(1, 'One.')) as { messages: unknown };
  const text = JSON.stringify(messages, null, 2);
  for (const mark of ['', '\ufeff']) {
    const { bytes, facts } = await asRead([inputFile('a.json', mark + text)]);
    expect(bytes.toString()).toBe(`${text.replaceAll('\n', ' ')}\n`);
    expect(facts).toMatchObject({ rollouts: 1, issues: 0 });
    expect((await openSession([inputFile('again.jsonl', bytes)])).facts).toMatchObject({ rollouts: 1, issues: 0 });
  }
});

it('writes no part of a line, and counts it', async () => {
  const log = await openSession([
    inputFile('a.jsonl', [1, 0].map((reward) => JSON.stringify(JSON.parse(chat(reward, `${reward}`)))).join('\n')),
  ]);
  const sink = memorySink();
  await log.session.export(log.session.order(DEFAULT_RULE).orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  const forest = sink.files.get('forest.jsonl') ?? '';
  const whole = await asRead([inputFile('forest.jsonl', forest)]);
  expect(whole.bytes.toString()).toBe(forest);
  const parted = await asRead([inputFile('forest.jsonl', forest)], DROP_BAD);
  expect(parted.bytes).toHaveLength(0);
  expect(parted.manifest.totals.lines).toEqual({ kept: 0, gone: 0, parted: 1 });
  expect(parted.manifest.outputs[0]?.shortfalls).toMatchObject([{ count: 1 }]);
});

it('writes the records that a later one goes on with beside it', async () => {
  const line = (fields: object, ...said: string[]): string =>
    JSON.stringify({
      id: 'a',
      task_id: 'one',
      ...fields,
      messages: said.map((content, i) => ({ role: i % 2 ? 'assistant' : 'user', content })),
    });
  const paused = line({ status: 'aborted' }, 'Go.', 'One.', 'On.');
  const whole = line({ status: 'completed' }, 'Go.', 'One.', 'On.', 'Two.');
  const { facts, bytes, manifest } = await asRead([inputFile('a.jsonl', `${paused}\n${whole}\n`)]);
  expect(facts.repeated.merged).toBe(1);
  expect(bytes.toString()).toBe(`${paused}\n${whole}\n`);
  expect(manifest.totals.lines).toEqual({ kept: 2, gone: 0, parted: 0 });
  const gone = await asRead([inputFile('a.jsonl', `${paused}\n${whole}\n`)], {
    ...DEFAULT_RULE,
    acts: [{ verb: 'drop', where: 'status = completed', isOn: true }],
  });
  expect(gone.bytes).toHaveLength(0);
});

it('says why a log cannot be written so', async () => {
  const whyNot = async (...files: InputFile[]): Promise<string | null | undefined> =>
    (await openSession(files)).session.exportProfiles().find(({ id }) => id === 'as-read')?.unavailable;
  const one = JSON.stringify(JSON.parse(chat(1, 'One.')));
  expect(await whyNot(inputFile('a.jsonl', one))).toBeNull();
  for (const around of ['nothing', '['.repeat(5000) + ']'.repeat(5000)])
    expect(await whyNot(inputFile('a.json', `{"info": ${around}, "simulations": [${one}]}`))).toBe(
      'a.json has something around its records that could not be read, and that a line of one would lose',
    );
  for (const mark of ['', '\ufeff'])
    expect(await whyNot(inputFile('a.json', `${mark}{"info": 1, "simulations": [${one}]}`))).toBe(
      'a.json says something of all its records that a line of one would lose',
    );
  const { session } = await openSession([inputFile('a.jsonl', one)]);
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  await session.export(orderId, { cut: 1, train: 1 }, exportSpec('forest'), sink, () => undefined);
  expect(await whyNot(inputFile('a.jsonl', one), inputFile('b.jsonl', sink.bytes.get('forest.jsonl') ?? ''))).toMatch(
    /^a\.jsonl \(.+\) is of another format than b\.jsonl \(.+\), and a file has one$/,
  );
  const spec = { ...exportSpec('as-read'), skipUnavailable: false, records: { redact: 'all' } };
  await expect(session.export(orderId, { cut: 1, train: 1 }, spec, memorySink(), () => undefined)).rejects.toThrow(
    'Lines are written as they were read',
  );
});

it('shows its first lines before it is written', async () => {
  const lines = [1, 0, 1, 1, 1].map((reward, i) => JSON.stringify(JSON.parse(chat(reward, `${i}`))));
  const { session, orderId } = await asRead([inputFile('a.jsonl', lines.join('\n'))], DROP_BAD);
  const [preview] = await session.previewExport(orderId, { cut: 1, train: 1 }, exportSpec('as-read'));
  expect(preview?.lines.map(({ text }) => text)).toEqual([lines[0], lines[2], lines[3]]);
  expect(preview).toMatchObject({ records: 4, warnings: ['1 of 5 records have no rollout that is kept whole, and are not written.'] });
});
