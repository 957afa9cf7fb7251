/** Makes a format of a log of one session, from what each of its lines is. */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { defined, positionId } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { type JsonObject, getString, isObject } from './json.ts';
import { addUsage, distinctLines, makeTally, oneSession, sessionEntry, sessionEvent } from './session.ts';
import { branchesOfSession, type SessionNode } from './session-tree.ts';
import { oneLine } from './together.ts';
import { readTools } from './tools.ts';

/** What is gathered while the lines of a session are read, in their order. */
export interface SessionReading {
  readonly notes: Complaint[];
  /** Scalars that are known of the session: its id at `session`, and what becomes a field. */
  readonly about: Map<string, string | number | boolean>;
  /** Keeps the first of each that is a scalar and no empty text. */
  learn(field: string, ...values: readonly unknown[]): void;
  /** Adds to the usage of all calls together. */
  spend(usage: unknown): void;
  /** A message as an event; null where it holds nothing. */
  event(message: JsonObject, sampled?: boolean): RolloutEvent | null;
  status: string | undefined;
  /** Tool definitions, as logged. */
  tools: unknown;
  /** What a format must remember from line to line. */
  readonly memory: Map<string, unknown>;
  /** Id -> the node of it that was read before; a node comes later than all that it follows. */
  readonly entries: Map<string, SessionNode>;
}

/** What a line adds to the conversation; a word for its kind, where it is known and adds nothing; null, where it is lost. */
export type LineRead = readonly SessionNode[] | string | null;

export interface SessionKind extends Pick<Format, 'id' | 'label' | 'beats'> {
  /** Whether a line is one of such a session, by structure. */
  detects(line: unknown): boolean;
  /** What lines there are, for issues. */
  readonly expected: string;
  /** Documents that hold many lines: those, in their order; what is said of the session besides is learned. */
  lines?(document: JsonObject, reading: SessionReading): readonly unknown[] | undefined;
  /** Id of the session that a line names. Lines that name none are of the one before them. */
  sessionOf?(value: unknown): string | undefined;
  /** Lines that count where later ones take the place of earlier ones; the others are only counted. */
  settle?(lines: readonly LogLine[]): readonly LogLine[];
  line(value: JsonObject, reading: SessionReading): LineRead;
}

export function sessionFormat(kind: SessionKind): Format {
  const together = (lines: readonly LogLine[], context: RecordContext): DecodedLines => decodeSessions(kind, lines, context);
  return {
    id: kind.id,
    label: kind.label,
    ...defined({ beats: kind.beats }),
    detects: (record) => kind.detects(record),
    decode: oneLine(together),
    together,
  };
}

type Decodes = Omit<SessionKind, 'id' | 'label' | 'detects'>;

/** What the lines of a file come to: each document and each session that lines name is a rollout. */
function decodeSessions(kind: Decodes, lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const read = sessionsOf(kind, lines).map((own, i) => decodeSession(kind, own, { ...context, index: context.index + i }));
  return { rollouts: read.flatMap(({ rollouts }) => rollouts), faults: read.flatMap(({ faults }) => faults) };
}

/** The lines of each session, in the order in which they begin. What is before the first that is named belongs to it. */
function sessionsOf(kind: Decodes, lines: readonly LogLine[]): readonly (readonly LogLine[])[] {
  const names = lines.map(({ value }, i) => {
    const isDocument = isObject(value) && kind.lines?.(value, makeReading()) !== undefined;
    if (isDocument) return `document ${i}`;
    const id = kind.sessionOf?.(value);
    return id === undefined ? undefined : `session ${id}`;
  });
  const sessions = new Map<string, LogLine[]>();
  let name = names.find((each) => each !== undefined) ?? '';
  lines.forEach((line, i) => {
    name = names[i] ?? name;
    const own = sessions.get(name);
    if (own === undefined) sessions.set(name, [line]);
    else own.push(line);
  });
  return sessions.size === 0 ? [[]] : [...sessions.values()];
}

/** What the lines of one session come to. */
export function decodeSession(kind: Decodes, given: readonly LogLine[], context: RecordContext): DecodedLines {
  const reading = makeReading();
  const lines = given.flatMap((line) => {
    const inner = isObject(line.value) ? kind.lines?.(line.value, reading) : undefined;
    return inner === undefined ? [line] : inner.map((value) => ({ ...line, value }));
  });
  const tally = makeTally(lines.length);
  const settled = kind.settle?.(lines) ?? lines;
  for (let i = settled.length; i < lines.length; i++) tally.aside('superseded');
  const nodes = distinctLines(settled, tally).flatMap((line): readonly SessionNode[] => {
    const read = isObject(line.value) ? kind.line(line.value, reading) : null;
    if (read === null) tally.lost(line, kind.expected, foundOf(line.value));
    else if (typeof read === 'string') tally.aside(read);
    else {
      if (read.every(({ event }) => event === null)) tally.aside(getString(line.value, 'type') ?? 'empty');
      for (const node of read) if (node.id !== undefined && !reading.entries.has(node.id)) reading.entries.set(node.id, node);
      return read;
    }
    return [];
  });
  const read = branchesOfSession(nodes, reading.notes);
  if (!read.ok) return oneSession(read, tally);
  const { about, status, usage, tools, notes } = reading;
  const id = about.get('session');
  const fields = { ...Object.fromEntries(about), ...(Object.keys(usage).length === 0 ? {} : { usage }) };
  const known = { id: id === undefined ? positionId(context) : String(id), fields, status, tools: readTools([{ tools }]) };
  return oneSession(sessionEntry(known, read.branches, tally, notes), tally);
}

/** What a line is called that is not known: its type alone says it where it has one. */
function foundOf(value: unknown): string | undefined {
  const type = getString(value, 'type');
  return type === undefined ? undefined : `a line of type ${type}`;
}

function makeReading(): SessionReading & { readonly usage: Record<string, number> } {
  const notes: Complaint[] = [];
  const about = new Map<string, string | number | boolean>();
  const usage: Record<string, number> = {};
  return {
    notes,
    about,
    usage,
    learn(field, ...values) {
      if (about.has(field)) return;
      const known = values.find((value) => value !== '' && isScalar(value));
      if (isScalar(known)) about.set(field, known);
    },
    spend: (more) => addUsage(usage, more),
    event: (message, sampled) => sessionEvent(message, notes, sampled),
    status: undefined,
    tools: undefined,
    memory: new Map(),
    entries: new Map(),
  };
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** A turn in the order of the file. */
export function follows(event: RolloutEvent | null, more: Partial<SessionNode> = {}): readonly SessionNode[] {
  return event === null && more.id === undefined ? [] : [{ id: undefined, parent: undefined, event, ...more }];
}
