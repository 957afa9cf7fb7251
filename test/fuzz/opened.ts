/** Opens bytes in memory as a log, on this thread, as often as wanted: the reader and the vocabulary are made once. */
import { bytesSource } from '../../src/core/source/bytes-source.ts';
import type { ForestBuilder } from '../../src/core/tree/build.ts';
import { makeTokeniseCounts } from '../../src/core/tokens/tokenisation.ts';
import type { Tokenizer } from '../../src/core/tokens/tokenizer.ts';
import { DEFAULT_OPEN_SETTINGS } from '../../src/engine/answers/opening.ts';
import type { Inflated } from '../../src/engine/containers/container.ts';
import { freezeDataset, type Dataset } from '../../src/engine/dataset.ts';
import { NOTHING_BESIDE } from '../../src/engine/beside.ts';
import { makeIssueLog } from '../../src/engine/issue-log.ts';
import { makeOpening, openFiles } from '../../src/engine/open.ts';
import type { Opening } from '../../src/engine/opening-inputs.ts';
import type { OpenedInput } from '../../src/engine/opened-input.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import type { Unpack } from '../../src/engine/parts.ts';
import { makeLocalPool, makeTokenisation, type ParsePool } from '../../src/engine/pool.ts';
import { makeSession, type Session } from '../../src/engine/session.ts';
import { settledOpening, settleInput } from '../../src/engine/settle.ts';
import { joinBytes } from '../../src/base/bytes.ts';
import { openHandle } from '../../src/platform/node/open-handle.ts';

/** Unpacks into memory: no file is made for a few bytes. */
const unpackHere: Unpack = async (path, stream, onBytes, signal) => {
  const pieces: Uint8Array[] = [];
  let fault: string | null = null;
  const each = async ({ bytes, read, fault: found }: Inflated): Promise<void> => {
    signal.throwIfAborted();
    fault ??= found;
    pieces.push(bytes);
    onBytes(read);
  };
  for await (const part of stream) await each(part);
  const whole = Uint8Array.from(joinBytes(pieces));
  return { file: { path, source: bytesSource(path, whole), handle: { bytes: whole } }, fault };
};

export function fileOf(path: string, bytes: Uint8Array<ArrayBuffer>): InputFile {
  return { path, source: bytesSource(path, bytes), handle: { bytes } };
}

const local: ParsePool = makeLocalPool(openHandle);
let configured: Promise<void> | null = null;
/** Always the same settings: they need no other vocabulary. */
const pool: ParsePool = { ...local, configure: () => (configured ??= local.configure(DEFAULT_OPEN_SETTINGS)) };
let reader: Promise<Tokenizer> | null = null;

/** Names every byte of a run of tokens that our vocabulary made. */
export function vocabulary(): Promise<Tokenizer> {
  return (reader ??= makeTokenisation(DEFAULT_OPEN_SETTINGS).then(({ tokenizer }) => tokenizer));
}

/** Takes batches and forgets them: what is read is counted, and no forest is built. */
function counting(): ForestBuilder {
  return { rollouts: [], pool: [], nodes: [], add: () => undefined } as unknown as ForestBuilder;
}

/** @param isBuilt false: no forest comes of it. */
export async function opened(files: readonly InputFile[], isBuilt: boolean): Promise<Opening> {
  const settings = DEFAULT_OPEN_SETTINGS;
  await pool.configure(settings);
  const inputs: OpenedInput[] = [];
  const opening: Opening = isBuilt
    ? makeOpening(settings.maxNodeTokens)
    : {
        tokens: counting(),
        actions: counting(),
        inputs,
        issues: makeIssueLog(inputs),
        unmapped: [],
        counts: makeTokeniseCounts(),
        beside: NOTHING_BESIDE,
        intact: true,
        room: Infinity,
        open: 0,
        rows: 0,
        isFull: false,
        isSettled: false,
        restored: null,
      };
  await openFiles(opening, files, settings, pool, unpackHere, new AbortController().signal, () => undefined);
  return opening;
}

/** As a session holds it once all is read. */
export function frozen(opening: Opening): Dataset {
  const dataset = freezeDataset(opening, 1, true, 'o200k_base');
  for (const input of opening.inputs) settleInput(input);
  return { ...dataset, opening: settledOpening(opening.inputs, true, opening.beside) };
}

/** Sessions of their own, with one pool. */
export async function sessionOver(files: readonly InputFile[]): Promise<Session> {
  const session = makeSession({ pool, unpack: unpackHere });
  await session.open(files, DEFAULT_OPEN_SETTINGS, () => undefined);
  return session;
}
