/**
 * Sessions of opencode: `opencode export` (one document), and rows of its database or files of its storage, a line or a list entry each,
 * whose `data` may be JSON text. https://github.com/sst/opencode (packages/opencode/src/session/message-v2.ts)
 */
import { defined, refuse } from './envelope.ts';
import type { Complaint, Decoded, DecodedLines, Format, LogLine } from './format.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isObject, parseJson } from './json.ts';
import { partMessages } from './opencode-parts.ts';
import { addUsage, distinctLines, makeTally, sessionEntry, sessionEvent, type LineTally } from './session.ts';
import { branchesOfSession, type SessionNode } from './session-tree.ts';
import { asLines, oneLine } from './together.ts';

const EXPECTED = 'a session, a message or a part of an opencode session';

export const opencode: Format = {
  id: 'opencode',
  label: 'opencode sessions',
  beats: ['chat'],
  detects: (record) => isExport(record) || rowOf(record) !== null,
  decode: oneLine(decodeRows),
  together: decodeRows,
};

/** Its storage has a file for each message and each part. */
const APART = 'parts-apart';
const EXPORT = 'messages with their parts: what `opencode export` writes';

function isExport(record: unknown): boolean {
  const [first] = getList(record, 'messages') ?? [];
  return getString(getObject(record, 'info'), 'id') !== undefined && getList(first, 'parts') !== undefined;
}

type Row = { readonly kind: 'session' | 'message' | 'part'; readonly id: string; readonly of: string; readonly row: JsonObject };

/** What a row is, by what it names: the project of a session, the session of a message, the message of a part. */
function rowOf(record: unknown): Row | null {
  const id = getString(record, 'id');
  if (!isObject(record) || id === undefined) return null;
  const data = dataOf(record);
  const row = { ...record, ...data };
  const message = getString(row, 'messageID') ?? getString(row, 'message_id');
  if (message !== undefined) return getString(row, 'type') === undefined ? null : { kind: 'part', id, of: message, row };
  const session = getString(row, 'sessionID') ?? getString(row, 'session_id');
  if (session !== undefined) {
    const isMessage = getString(row, 'role') !== undefined && get(row, 'content') === undefined && get(row, 'message') === undefined;
    return isMessage && (getObject(row, 'time') ?? get(row, 'time_created')) !== undefined
      ? { kind: 'message', id, of: session, row }
      : null;
  }
  const project = getString(row, 'projectID') ?? getString(row, 'project_id');
  return project !== undefined && getString(row, 'directory') !== undefined ? { kind: 'session', id, of: project, row } : null;
}

/** The column that holds the rest, as an object or as JSON text. */
function dataOf(record: JsonObject): JsonObject {
  const data = get(record, 'data');
  if (isObject(data)) return data;
  const parsed = typeof data === 'string' && data.startsWith('{') ? parseJson(data) : null;
  return parsed?.ok && isObject(parsed.value) ? parsed.value : {};
}

/** Rows of an exported document, as rows are in the database. What is none stays as it is. */
function exportedRows(document: JsonObject): unknown[] {
  const info = getObject(document, 'info') ?? {};
  const session = getString(info, 'id') ?? '';
  return [
    { projectID: '', ...info },
    ...(getList(document, 'messages') ?? []).flatMap((message) => {
      const own = getObject(message, 'info');
      const of = getString(own, 'id') ?? '';
      return [
        own === undefined ? message : { sessionID: session, ...own },
        ...(getList(message, 'parts') ?? []).map((part) => (isObject(part) ? { messageID: of, ...part } : part)),
      ];
    }),
  ];
}

interface Session {
  row: JsonObject;
  readonly messages: Row[];
}

function decodeRows(given: readonly LogLine[]): DecodedLines {
  const lines = given.flatMap((line) =>
    isObject(line.value) && isExport(line.value) ? asLines(exportedRows(line.value), line.line) : [line],
  );
  const tally = makeTally(lines.length);
  const sessions = new Map<string, Session>();
  const parts = new Map<string, (Row & { readonly line: LogLine })[]>();
  const sessionOf = (id: string): Session => {
    const known = sessions.get(id) ?? { row: {}, messages: [] };
    sessions.set(id, known);
    return known;
  };
  for (const line of distinctLines(lines, tally)) {
    const found = rowOf(line.value);
    if (found === null) tally.lost(line, EXPECTED);
    else if (found.kind === 'session') sessionOf(found.id).row = found.row;
    else if (found.kind === 'message') sessionOf(found.of).messages.push(found);
    else {
      const own = parts.get(found.of);
      if (own) own.push({ ...found, line });
      else parts.set(found.of, [{ ...found, line }]);
    }
  }
  const messages = new Set([...sessions.values()].flatMap((session) => session.messages.map(({ id }) => id)));
  if (sessions.size > 0)
    for (const [of, own] of parts)
      if (!messages.has(of)) for (const { line } of own) tally.lost(line, 'a part of a message that the log holds', 'a part of another');
  const rollouts = [...sessions].map(([id, session]) => decodeSession(id, session, parts, tally));
  if (rollouts.length + tally.faults.length > 0) return { rollouts, faults: tally.faults };
  const found = 'parts alone';
  return {
    rollouts: [refuse(APART, EXPORT, found)],
    faults: [],
  };
}

function decodeSession(id: string, { row, messages }: Session, parts: ReadonlyMap<string, readonly Row[]>, tally: LineTally): Decoded {
  if (messages.length > 0 && messages.every(({ id: message }) => !parts.has(message)))
    return refuse(APART, EXPORT, 'messages without parts');
  const notes: Complaint[] = [];
  const usage: Record<string, number> = {};
  const about: { model?: unknown; provider?: unknown; agent?: unknown } = {};
  let status: string | undefined;
  const nodes = inOrder(messages).flatMap(({ id: message, row: told }): SessionNode[] => {
    const sampled = getString(told, 'role') === 'assistant';
    if (sampled) {
      about.model ??= getString(told, 'modelID') ?? getString(getObject(told, 'model'), 'modelID');
      about.provider ??= getString(told, 'providerID');
      about.agent ??= getString(told, 'agent') ?? getString(told, 'mode');
      status = getString(told, 'finish') ?? (getObject(told, 'error') === undefined ? status : getString(getObject(told, 'error'), 'name'));
      addUsage(usage, getObject(told, 'tokens'));
      addUsage(usage, { cost: getNumber(told, 'cost') });
    }
    const created = getNumber(getObject(told, 'time'), 'created') ?? getNumber(told, 'time_created');
    const own = inOrder(parts.get(message) ?? []).map((part) => part.row);
    const cut = get(told, 'summary') === true ? 'compaction' : undefined;
    return partMessages(getString(told, 'role') ?? 'user', own, tally).map(({ reply, ...said }, i) => ({
      id: undefined,
      parent: undefined,
      event: sessionEvent({ timestamp: created, ...said }, notes, sampled && get(said, 'role') === 'assistant'),
      ...defined({ reply: reply === undefined ? undefined : `${message} ${reply}`, cut: i === 0 ? cut : undefined }),
    }));
  });
  const read = branchesOfSession(nodes, notes);
  if (!read.ok) return read;
  const fields = {
    session: id,
    title: getString(row, 'title'),
    cwd: getString(row, 'directory'),
    version: getString(row, 'version'),
    ...about,
    usage,
  };
  const startedAt = getNumber(getObject(row, 'time'), 'created');
  return sessionEntry(
    { id, fields, status, startedAt: startedAt === undefined ? undefined : startedAt / 1000 },
    read.branches,
    tally,
    notes,
  );
}

/** By the time of their making, which is all that orders rows; else as they are. */
function inOrder(rows: readonly Row[]): readonly Row[] {
  const time = ({ row }: Row): number =>
    getNumber(getObject(row, 'time'), 'created') ?? getNumber(row, 'time_created') ?? getNumber(getObject(row, 'time'), 'start') ?? NaN;
  const timed = rows.map((row, at) => ({ row, at, time: time(row) }));
  if (timed.some((each) => Number.isNaN(each.time))) return rows;
  return timed.sort((a, b) => a.time - b.time || a.at - b.at).map(({ row }) => row);
}
