/** Files of a run in parts and of what a run wrote: curves, shares, manifests, and the rule that they hold. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { threadId } from 'node:worker_threads';
import { earlierOutputs } from '../../../src/cli/leftovers.ts';
import { DEFAULT_RULE } from '../../../src/core/model/rule.ts';
import { sealed } from '../../../src/core/model/seal.ts';
import { makeRun, RUN } from '../../../src/core/prune/run.ts';
import { bytesSource } from '../../../src/core/source/bytes-source.ts';
import { readRestored, readRule } from '../../../src/engine/read-rule.ts';
import { readCurves, writeCurve } from '../../../src/engine/stream/curve-file.ts';
import { NO_DEMAND } from '../../../src/engine/stream/curve.ts';
import type { RunReader } from '../../../src/engine/stream/merge.ts';
import { readShare } from '../../../src/engine/stream/share-file.ts';
import { cutShared } from '../../../src/engine/stream/shared-budget.ts';
import { parseJson } from '../../../src/formats/json.ts';
import { memorySink } from '../../helpers/openSession.ts';
import { sha256 } from '../../../src/platform/node/sha256.ts';
import { resealBytes, resealText } from '../seal.ts';
import { readBytes } from '../seeds.ts';
import { bytesOf, hold, textOf, type Target } from '../target.ts';

export async function runFileTargets(): Promise<Target[]> {
  const ruled = bytesOf(JSON.stringify({ rule: DEFAULT_RULE, budget: { cut: 0.5, train: 1 } }));
  return [
    { id: 'file curve', kind: 'bytes', weight: 1, seeds: [await curveBytes()], seal: resealBytes, run: curve },
    { id: 'file share', kind: 'json', weight: 6, seeds: SHARES, seal: resealText, run: share },
    { id: 'file rule', kind: 'json', weight: 6, seeds: [ruled], run: rule },
    manifest(),
  ];
}

async function curveBytes(): Promise<Uint8Array> {
  const run = makeRun(3);
  run.flags.fill(RUN.opens);
  run.cost.set([3, 2, 1]);
  run.value.set([3, 1, 0.1]);
  const reader: RunReader = {
    async *read() {
      yield run;
    },
    drop: () => undefined,
  };
  const sink = memorySink();
  await writeCurve(
    [{ runs: { order: reader, bound: reader, rest: reader, train: reader }, demand: NO_DEMAND }],
    JSON.stringify(DEFAULT_RULE),
    sink,
    'curve',
  );
  return Uint8Array.from(sink.bytes.get('curve') ?? []);
}

async function curve(input: Uint8Array<ArrayBuffer>): Promise<void> {
  const read = await readCurves([bytesSource('curve', input)]).catch((error: unknown) => {
    hold(error instanceof Error && error.constructor === Error && error.message.startsWith('curve: '), 'a refusal says why', () =>
      String(error),
    );
    return null;
  });
  if (read === null) return;
  const cut = await cutShared(read.curves, { cut: 0.5, train: 0.5 });
  hold(
    cut.limits.every((limit) => Number.isSafeInteger(limit) && limit >= 0),
    'a curve is cut at a number of groups',
  );
}

const SHARE = {
  espalier_share: 1,
  rule: DEFAULT_RULE,
  budget: { cut: 0.5, train: 1 },
  parts: { a: { groups: 3, train_rows: null }, b: { groups: 0, train_rows: 2 } },
};

const SHARES = [bytesOf(JSON.stringify(SHARE)), bytesOf(sealed(JSON.stringify({ ...SHARE, espalier_share: 2 }), sha256))];

function share(input: Uint8Array): void {
  for (const part of ['a', 'b', '__proto__']) {
    const read = readShare(textOf(input), part, sha256);
    if (!read.ok) hold(read.reason !== '', 'a refusal says why');
    else {
      hold(Number.isSafeInteger(read.allotted.groups) && read.allotted.trainRows >= 0, 'a share allots counts');
      hold(
        [read.budget.cut, read.budget.train].every((each) => each >= 0 && each <= 1),
        'a share has a budget of shares',
        () => JSON.stringify(read.budget),
      );
    }
  }
}

function manifest(): Target {
  const folder = `.cache/fuzz-manifest/${process.pid}-${threadId}`;
  return {
    id: 'file manifest',
    kind: 'json',
    weight: 1,
    seeds: [1, 2].map((version) => readBytes(`test/fixtures/versions/manifest-${version}.json`)),
    seal: resealText,
    run(input) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'manifest.json'), input);
      for (const name of earlierOutputs(folder).keys())
        hold(!/[\\\0]|^\/|(?:^|\/)\.\.?(?:\/|$)/.test(name) && name !== '', 'a manifest names files of its folder', () => name);
    },
  };
}

function rule(input: Uint8Array): void {
  const parsed = parseJson(textOf(input));
  const value = parsed.ok ? parsed.value : undefined;
  const read = readRestored(value)?.rule ?? readRule(value);
  if (read === null) return;
  const again = readRule(JSON.parse(JSON.stringify(read)));
  hold(isDeepStrictEqual(again, read), 'a rule is read as it was written', () => JSON.stringify(read));
}
