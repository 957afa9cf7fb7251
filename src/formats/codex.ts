/**
 * Sessions of Codex CLI (`~/.codex/sessions/<day>/rollout-<time>-<id>.jsonl`): what the model read and wrote are the `response_item`
 * lines; `event_msg` lines show the same to a person, and are read only where a session has nothing else. Before September 2025 the
 * items have no envelope. https://github.com/openai/codex (codex-rs/protocol/src/protocol.rs)
 */
import { itemMessage } from './codex-items.ts';
import { defined, positionId } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isList, isObject } from './json.ts';
import { roleOf } from './roles.ts';
import { distinctLines, makeTally, oneSession, sessionEntry, sessionEvent, type LineTally } from './session.ts';
import { branchesOfSession, type SessionNode } from './session-tree.ts';
import { oneLine } from './together.ts';

const ABOUT = ['session_meta', 'turn_context', 'world_state', 'inter_agent_communication_metadata', 'inter_agent_communication'];
const TYPES = new Set([...ABOUT, 'response_item', 'event_msg', 'compacted']);
const ITEMS = new Set(['reasoning', 'function_call', 'function_call_output', 'local_shell_call', 'web_search_call']);
const EXPECTED = 'a line of a Codex session: response_item, event_msg, compacted, or about the session';

export const codex: Format = {
  id: 'codex',
  label: 'Codex CLI sessions',
  beats: ['server-reply', 'chat', 'message-lines'],
  detects: (record) => isEnvelope(record) || isBareItem(record) || isBareHead(record),
  decode: oneLine(decodeSession),
  together: decodeSession,
};

function isEnvelope(record: unknown): boolean {
  return TYPES.has(getString(record, 'type') ?? '') && getObject(record, 'payload') !== undefined;
}

function isBareItem(record: unknown): boolean {
  const type = getString(record, 'type') ?? '';
  if (type === 'message') {
    const [first] = getList(record, 'content') ?? [];
    return getString(record, 'role') !== undefined && /^(?:in|out)put_text$/.test(getString(first, 'type') ?? '');
  }
  if (type === 'reasoning') return getList(record, 'summary') !== undefined && get(record, 'messages') === undefined;
  return (ITEMS.has(type) && getString(record, 'call_id') !== undefined) || getString(record, 'record_type') === 'state';
}

/** What goes into the Responses API may be a message without a type: the turns of a person in `to_input_list()` of the Agents SDK. */
function isBareMessage(value: unknown): value is JsonObject {
  const content = get(value, 'content');
  return (
    isObject(value) &&
    roleOf(get(value, 'role')) !== undefined &&
    (typeof content === 'string' || isList(content)) &&
    ['type', 'payload', 'record_type'].every((key) => get(value, key) === undefined)
  );
}

function isBareHead(record: unknown): boolean {
  return (
    isObject(record) &&
    Object.hasOwn(record, 'instructions') &&
    getString(record, 'id') !== undefined &&
    getString(record, 'timestamp') !== undefined &&
    get(record, 'messages') === undefined &&
    get(record, 'prompt') === undefined
  );
}

interface Session {
  readonly notes: Complaint[];
  readonly tally: LineTally;
  readonly about: Map<string, string>;
  usage: unknown;
  status: string | undefined;
  /** What the model is told before all else: in front of every context. */
  system: SessionNode | null;
  reply: number;
  /** Kind of the item before: a reply goes on until something answers it, or until it thinks again. */
  before: string;
}

function decodeSession(lines: readonly LogLine[], context: RecordContext): DecodedLines {
  const tally = makeTally(lines.length);
  const session: Session = {
    notes: [],
    tally,
    about: new Map(),
    usage: undefined,
    status: undefined,
    system: null,
    reply: 0,
    before: '',
  };
  const shown: SessionNode[] = [];
  const nodes = distinctLines(lines, tally).flatMap((line) => nodesOf(line, session, shown));
  const said = nodes.length > 0 ? nodes : shown;
  if (said === nodes) shown.length = 0;
  const read = branchesOfSession(session.system === null ? said : [session.system, ...said], session.notes);
  if (!read.ok) return oneSession(read, tally);
  const { about, usage, status, notes } = session;
  const fields = { ...Object.fromEntries(about), ...defined({ usage }) };
  const branches = said.length === 0 ? [] : read.branches;
  return oneSession(sessionEntry({ id: about.get('session') ?? positionId(context), fields, status }, branches, tally, notes), tally);
}

/** What a line adds to the conversation. @param shown takes what is shown to people, in case there is nothing else */
function nodesOf(line: LogLine, session: Session, shown: SessionNode[]): SessionNode[] {
  const { value } = line;
  const { tally } = session;
  if (isBareMessage(value)) return item(line, value, session);
  if (isObject(value) && isBareItem(value) && getObject(value, 'payload') === undefined && getString(value, 'record_type') === undefined)
    return item(line, value, session);
  if (isBareHead(value) || getString(value, 'record_type') !== undefined) {
    learn(value, session);
    tally.aside('head');
    return [];
  }
  const type = getString(value, 'type');
  const payload = getObject(value, 'payload');
  if (type === undefined || payload === undefined || !TYPES.has(type)) {
    tally.lost(line, EXPECTED);
    return [];
  }
  if (type === 'response_item') return item(line, payload, session);
  if (type === 'compacted') return compacted(payload, get(value, 'timestamp'), session);
  const kind = getString(payload, 'type');
  tally.aside(kind === undefined ? type : `${type} ${kind}`);
  learn(payload, session);
  const seen = kind === undefined ? null : displayed(kind, payload, get(value, 'timestamp'), session);
  if (seen !== null) shown.push(seen);
  return [];
}

function item(line: LogLine, payload: JsonObject, session: Session): SessionNode[] {
  const kind = getString(payload, 'type') ?? (getString(payload, 'role') === undefined ? '' : 'message');
  if (kind === 'ghost_snapshot' || kind === 'compaction' || kind === 'compaction_summary') {
    session.tally.aside(`response_item ${kind}`);
    return [];
  }
  const message = itemMessage(payload, kind);
  if (message === null) {
    session.tally.lost(line, EXPECTED, `an item of type ${kind}`);
    return [];
  }
  return [nodeOf(message, get(line.value, 'timestamp'), session, kind)];
}

/** @param kind of the item that it is, for what is sampled */
function nodeOf(message: JsonObject, timestamp: unknown, session: Session, kind: string, replayed = false): SessionNode {
  const isReply = get(message, 'role') === 'assistant';
  const goesOn = session.before !== '' && !(kind === 'reasoning' && session.before !== 'reasoning');
  if (isReply && !goesOn) session.reply++;
  session.before = isReply ? kind : '';
  const event = sessionEvent({ timestamp, ...message }, session.notes, isReply && !replayed);
  return { id: undefined, parent: undefined, event, reply: isReply ? `${replayed ? 'r' : ''}${session.reply}` : undefined };
}

/** The context that takes the place of all before it: the history that is named, or the summary. */
function compacted(payload: JsonObject, timestamp: unknown, session: Session): SessionNode[] {
  session.before = '';
  session.tally.aside('compacted');
  const begin: SessionNode = { id: undefined, parent: undefined, event: session.system?.event ?? null, cut: 'compaction' };
  const history = getList(payload, 'replacement_history');
  const nodes = (history ?? []).flatMap((entry) => {
    const message = isObject(entry) ? itemMessage(entry, getString(entry, 'type') ?? 'message') : null;
    return message === null ? [] : [nodeOf(message, timestamp, session, getString(entry, 'type') ?? 'message', true)];
  });
  session.before = '';
  const summary = getString(payload, 'message') ?? '';
  const told = history !== undefined || summary === '' ? [] : [nodeOf({ role: 'user', content: summary }, timestamp, session, 'message')];
  return [begin, ...nodes, ...told];
}

/** What a person was shown of the conversation. */
function displayed(kind: string, payload: JsonObject, timestamp: unknown, session: Session): SessionNode | null {
  const text = getString(payload, 'message') ?? getString(payload, 'text');
  if (text === undefined) return null;
  const message =
    kind === 'user_message'
      ? { role: 'user', content: text }
      : kind === 'agent_message'
        ? { role: 'assistant', content: text }
        : kind === 'agent_reasoning'
          ? { role: 'assistant', reasoning_content: text, content: '' }
          : null;
  return message && nodeOf(message, timestamp, session, kind === 'agent_reasoning' ? 'reasoning' : 'message');
}

const KNOWN: readonly (readonly [key: string, field: string])[] = [
  ['cwd', 'cwd'],
  ['model', 'model'],
  ['model_provider', 'provider'],
  ['effort', 'effort'],
  ['cli_version', 'version'],
  ['originator', 'originator'],
  ['source', 'source'],
  ['forked_from', 'forkedFrom'],
  ['forked_from_id', 'forkedFrom'],
  ['parent_thread_id', 'parentThread'],
];

const ENDS: Readonly<Record<string, string>> = { task_complete: 'completed', turn_aborted: 'aborted', error: 'error' };

/** Of several lines about the session the first counts: a resumed one repeats them. Usage is that of the whole session so far. */
function learn(payload: unknown, session: Session): void {
  const { about } = session;
  const kind = getString(payload, 'type');
  if (kind === undefined && getString(payload, 'turn_id') === undefined) {
    const id = getId(payload, 'id');
    if (id !== undefined && !about.has('session')) about.set('session', id);
  }
  for (const [key, field] of KNOWN) {
    const value = kind === undefined ? getString(payload, key) : undefined;
    if (value !== undefined && value !== '' && !about.has(field)) about.set(field, value);
  }
  const git = getObject(payload, 'git');
  for (const [key, field] of [
    ['branch', 'branch'],
    ['commit_hash', 'commit'],
  ] as const) {
    const value = getString(git, key);
    if (value !== undefined && !about.has(field)) about.set(field, value);
  }
  const told = getString(getObject(payload, 'base_instructions'), 'text') ?? getString(payload, 'instructions') ?? '';
  if (kind === undefined && told !== '' && session.system === null) {
    const event = sessionEvent({ role: 'system', content: told }, session.notes);
    session.system = { id: undefined, parent: undefined, event };
  }
  const info = getObject(payload, 'info');
  session.usage = getObject(info, 'total_token_usage') ?? getObject(payload, 'usage') ?? session.usage;
  if (kind !== undefined && Object.hasOwn(ENDS, kind)) session.status = ENDS[kind];
}
