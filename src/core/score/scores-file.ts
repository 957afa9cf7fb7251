/** Scores as a file: a header that says what they are scores of and which columns follow, and the columns. */
import type { RunSketches } from '../gradient/runs.ts';
import {
  isSketchesHeader,
  readSketches,
  sketchesFault,
  sketchesBytes,
  sketchesHeader,
  writeSketches,
  type SketchesHeader,
} from '../gradient/sketches-file.ts';
import { isSealed, SEAL_BYTES, sealBytes, type Sha256 } from '../model/seal.ts';
import { newestVersion, upgrade, type Upgraded, type VersionedFile } from '../model/versions.ts';
import { readWindows, type ScoreWindows } from './score-windows.ts';
import { whyNoColumn } from './scores-check.ts';

/** Scores fit a forest when all three hashes do. */
export interface ScoreKey {
  /** SHA-256 of the model's files. */
  readonly model: string;
  /** SHA-256 of the scorer's tokenizer.json. */
  readonly tokenizer: string;
  /** SHA-256 of the forest's tokens in their order and shape (`forestIdentity`). */
  readonly tokens: string;
}

export interface ScoresHeader extends ScoreKey {
  readonly name: string;
  readonly dtype: string;
  readonly executor: string;
  /** Edge tokens of the forest, and how many of them have a score. */
  readonly length: number;
  readonly scored: number;
  /** Null where it is not told: a file of version 3 or earlier, or scores that came with a forest export of that time. */
  readonly windows: ScoreWindows | null;
}

export interface Scores {
  readonly header: ScoresHeader;
  /** edge token -> nats, NaN = not scored */
  readonly entropy: Float32Array<ArrayBuffer>;
  readonly surprisal: Float32Array<ArrayBuffer>;
  /** edge token -> ‖p − 1_y‖² of the token y; all NaN where the file has no such column */
  readonly gradient: Float32Array<ArrayBuffer>;
  /** null where the file has none */
  readonly sketches: RunSketches | null;
}

const COLUMNS = ['entropy', 'surprisal', 'gradient'] as const;

/** As written: with the columns that follow it, in their order. */
interface FileHeader extends ScoresHeader {
  readonly columns: readonly string[];
  readonly sketches?: SketchesHeader | null;
}

/** docs/formats/scores.md; the steps are over the header. */
export const SCORES_FILE: VersionedFile<unknown> = {
  name: 'scores file',
  steps: [
    (header) => (typeof header === 'object' ? { ...header, columns: ['entropy', 'surprisal'] } : header),
    (header) => header,
    (header) => (typeof header === 'object' ? { ...header, windows: null } : header),
  ],
};
/** From this version on a file ends in its checksum. */
const SEALED = 3;

const MAGIC = `espalier-scores-${newestVersion(SCORES_FILE)}`;

/**
 * Layout: the magic and a line end; the header as one line of JSON; zero bytes up to a multiple of 4; the columns as
 * little-endian float32; the sketches (`gradient/sketches-file.ts`); the checksum (`model/seal.ts`).
 */
export function writeScores(scores: Scores, sha256: Sha256): Uint8Array<ArrayBuffer> {
  const { length } = scores.header;
  const sketches = scores.sketches && sketchesHeader(scores.sketches);
  const header: FileHeader = { ...scores.header, columns: COLUMNS, ...(sketches && { sketches }) };
  const head = new TextEncoder().encode(`${MAGIC}\n${JSON.stringify(header)}\n`);
  const start = Math.ceil(head.length / 4) * 4;
  const end = start + 4 * COLUMNS.length * length;
  const sealAt = end + (sketches === null ? 0 : sketchesBytes(sketches));
  const bytes = new Uint8Array(sealAt + SEAL_BYTES);
  bytes.set(head);
  const view = new DataView(bytes.buffer);
  COLUMNS.forEach((name, column) => {
    for (let i = 0; i < length; i++) view.setFloat32(start + 4 * (column * length + i), scores[name][i], true);
  });
  if (scores.sketches !== null) writeSketches(scores.sketches, view, end);
  bytes.set(sealBytes(sha256(bytes.subarray(0, sealAt))), sealAt);
  return bytes;
}

export type ReadScores = { readonly ok: true; readonly scores: Scores } | { readonly ok: false; readonly reason: string };

const FIELDS = ['model', 'tokenizer', 'tokens', 'name', 'dtype', 'executor'] as const;

/** Reads a file, checked whole before any of it is used; whether it belongs to a forest is for `scoresMismatch` to say. */
export function readScores(whole: Uint8Array, sha256: Sha256): ReadScores {
  let bytes = whole;
  const refuse = (reason: string): ReadScores => ({ ok: false, reason });
  const magicEnd = bytes.indexOf(10);
  const text = (from: number, to: number): string => new TextDecoder().decode(bytes.subarray(from, to));
  const version = magicEnd < 0 || magicEnd > 64 ? null : /^espalier-scores-(\d{1,9})$/.exec(text(0, magicEnd));
  if (version === null) return refuse(`expected a scores file that begins with "${MAGIC}", found something else`);
  const stated = Number(version[1]);
  if (stated >= SEALED && stated <= newestVersion(SCORES_FILE)) {
    if (!isSealed(whole, sha256))
      return refuse('the scores file does not fit its checksum: it has been changed, or was cut off, since it was written');
    bytes = whole.subarray(0, whole.length - SEAL_BYTES);
  }
  const end = bytes.indexOf(10, magicEnd + 1);
  if (end < 0) return refuse('the scores file is cut off in its header');
  const upgraded = parseHeader(stated, text(magicEnd + 1, end));
  if (upgraded?.ok === false) return refuse(upgraded.reason);
  const found = upgraded?.record;
  if (!isHeader(found)) return refuse('the header of the scores file is malformed');
  const { columns, sketches = null, ...said } = found;
  const header: ScoresHeader = { ...said, windows: readWindows(said.windows) };
  const start = Math.ceil((end + 1) / 4) * 4;
  const sketchesAt = start + 4 * columns.length * header.length;
  const expected = sketchesAt + (sketches === null ? 0 : sketchesBytes(sketches));
  if (bytes.length !== expected)
    return refuse(`expected a scores file of ${expected} bytes for ${header.length} tokens, found ${bytes.length}`);
  if (bytes.subarray(end + 1, start).some((byte) => byte !== 0)) return refuse('expected zero bytes behind the header of the scores file');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const column = (name: (typeof COLUMNS)[number]): Float32Array<ArrayBuffer> => {
    const values = new Float32Array(header.length).fill(NaN);
    const from = start + 4 * columns.indexOf(name) * header.length;
    if (columns.includes(name)) for (let i = 0; i < header.length; i++) values[i] = view.getFloat32(from + 4 * i, true);
    return values;
  };
  const [entropy, surprisal, gradient] = [column('entropy'), column('surprisal'), column('gradient')];
  const read = sketches && readSketches(sketches, view, sketchesAt);
  const why = whyNoColumn({ entropy, surprisal, gradient }) ?? (read && sketchesFault(read, header.length));
  return why === null ? { ok: true, scores: { header, entropy, surprisal, gradient, sketches: read } } : refuse(why);
}

/** Null where the line is no JSON. */
function parseHeader(version: number, line: string): Upgraded<unknown> | null {
  try {
    return upgrade(SCORES_FILE, version, JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}

function isHeader(value: unknown): value is FileHeader {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const length = fields.get('length');
  const columns: unknown = fields.get('columns');
  return (
    isSketchesHeader(fields.get('sketches') ?? null) &&
    (fields.get('windows') === null || readWindows(fields.get('windows')) !== null) &&
    Array.isArray(columns) &&
    columns.every((name) => typeof name === 'string') &&
    new Set(columns).size === columns.length &&
    FIELDS.every((field) => typeof fields.get(field) === 'string') &&
    typeof length === 'number' &&
    Number.isSafeInteger(length) &&
    length >= 0 &&
    isCount(fields.get('scored'), length)
  );
}

function isCount(value: unknown, most: number): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most;
}

/** Why these scores are not of this forest, or (where a model is named) not of this model; null where they are. */
export function scoresMismatch(header: ScoresHeader, key: { readonly tokens: string } & Partial<ScoreKey>): string | null {
  const differs = (what: string, found: string, expected: string): string =>
    `the scores are for ${what} ${found.slice(0, 12)}…, and this is ${expected.slice(0, 12)}…`;
  if (header.tokens !== key.tokens)
    return `${differs('the tokens', header.tokens, key.tokens)}: they belong to other logs, or to logs tokenised differently`;
  if (key.model !== undefined && header.model !== key.model) return differs('the model', header.model, key.model);
  if (key.tokenizer !== undefined && header.tokenizer !== key.tokenizer) return differs('the tokenizer', header.tokenizer, key.tokenizer);
  return null;
}

/**
 * What identifies a forest's tokens whatever segments cut them into nodes: the tokens in depth-first order and, for
 * every branch, where it starts and at which depth. Hash its bytes.
 */
export function forestIdentity(tree: {
  readonly length: number;
  readonly parent: Int32Array;
  readonly edgeStart: Int32Array;
  readonly depth: Int32Array;
  readonly edgeTokens: Int32Array;
}): readonly Int32Array[] {
  let branches = 0;
  for (let n = 0; n < tree.length; n++) if (tree.parent[n] !== n - 1 || n === 0) branches++;
  const starts = new Int32Array(2 * branches);
  let at = 0;
  for (let n = 0; n < tree.length; n++) {
    if (tree.parent[n] === n - 1 && n > 0) continue;
    starts[at++] = tree.edgeStart[n];
    starts[at++] = tree.depth[n];
  }
  return [starts, tree.edgeTokens];
}
