/**
 * Sessions of Claude Code (`~/.claude/projects/<folder>/<session>.jsonl`), its sub-agents' files, `claude -p --output-format
 * stream-json`, the web export with `loglines`, and sessions of iFlow, which has the same lines. The format is not documented; read in
 * files of versions 1.0 to 2.1.
 */
import { positionId } from './envelope.ts';
import type { Complaint, DecodedLines, Format, LogLine, RecordContext } from './format.ts';
import { type JsonObject, get, getId, getList, getObject, getString, isObject } from './json.ts';
import { addUsage, distinctLines, makeTally, oneSession, sessionEntry, sessionEvent, type LineTally } from './session.ts';
import { branchesOfSession, type SessionNode } from './session-tree.ts';
import { asLines, oneLine } from './together.ts';

/** Lines about the session that are no part of its chain. */
const ABOUT = new Set(
  (
    'summary file-history-snapshot queue-operation last-prompt permission-mode mode agent-name custom-title ai-title tag frame-link ' +
    'pr-link started result relocated worktree-state bridge-session atis-latch rate_limit_event stream_event tool_progress ' +
    'auth_status keep_alive content-replacement speculation-accept marble-origami-commit control_request control_response'
  ).split(' '),
);

/** Lines of the chain that are no messages. */
const CHAIN = new Set(['system', 'attachment', 'progress']);

const EXPECTED = 'a line of a Claude Code session: user, assistant, system, attachment, or about the session';

export const claudeCode: Format = {
  id: 'claude-code',
  label: 'Claude Code sessions',
  beats: ['chat'],
  detects: (record) => isLine(record) || isLine(getList(record, 'loglines')?.[0]),
  decode: oneLine(decodeSession),
  together: decodeSession,
};

function isLine(record: unknown): boolean {
  const type = getString(record, 'type');
  if (type === undefined || !isObject(record)) return false;
  const isOfSession = ['sessionId', 'session_id', 'uuid', 'parentUuid'].some((key) => getString(record, key) !== undefined);
  const message = getObject(record, 'message');
  if (type === 'user' || type === 'assistant')
    return get(message, 'content') !== undefined && (isOfSession || getString(record, 'timestamp') !== undefined);
  if (type === 'system') return isOfSession && getString(record, 'subtype') !== undefined && get(record, 'message') === undefined;
  if (type === 'summary') return getString(record, 'leafUuid') !== undefined;
  if (type === 'file-history-snapshot') return getObject(record, 'snapshot') !== undefined;
  if (type === 'result') return getString(record, 'subtype') !== undefined && get(record, 'duration_ms') !== undefined;
  if (type === 'attachment') return isOfSession && getObject(record, 'attachment') !== undefined;
  return isOfSession && (ABOUT.has(type) || CHAIN.has(type));
}

/** What is gathered of a session while its lines are read. */
interface Session {
  readonly notes: Complaint[];
  readonly tally: LineTally;
  readonly about: Map<string, string | number | boolean>;
  /** Id of a reply -> its usage, which each of its lines repeats. */
  readonly usage: Map<string, unknown>;
  /** Why the last turn ended, of the session (undefined) and of each sub-agent. */
  readonly status: Map<string | undefined, string>;
}

function decodeSession(given: readonly LogLine[], context: RecordContext): DecodedLines {
  const lines = given.flatMap((line) => {
    const inner = getList(line.value, 'loglines');
    return inner === undefined ? [line] : asLines(inner);
  });
  const session: Session = { notes: [], tally: makeTally(lines.length), about: new Map(), usage: new Map(), status: new Map() };
  const nodes = distinctLines(lines, session.tally).flatMap((line) => nodeOf(line, session) ?? []);
  const read = branchesOfSession(nodes, session.notes);
  const { about, tally, notes } = session;
  if (!read.ok) return oneSession(read, tally);
  const usage: Record<string, number> = {};
  for (const each of session.usage.values()) addUsage(usage, each);
  // Files of sub-agents name the session that asked for them.
  const isAgent = nodes.every(({ lane }) => lane !== undefined);
  const agent = about.get('agent') ?? context.name.replace(/\.jsonl?$/, '');
  const own = about.get('session');
  const id = own === undefined ? positionId(context) : isAgent ? `${own}/${agent}` : String(own);
  const status = session.status.get(undefined) ?? [...session.status.values()].at(-1);
  if (!isAgent) about.delete('agent');
  const fields = { ...Object.fromEntries(about), replies: session.usage.size, usage };
  return oneSession(sessionEntry({ id, fields, status }, read.branches, tally, notes), tally);
}

function nodeOf(line: LogLine, session: Session): SessionNode | null {
  const { value } = line;
  const type = getString(value, 'type');
  const { tally } = session;
  if (type === undefined || !isObject(value)) {
    tally.lost(line, EXPECTED);
    return null;
  }
  learn(value, session);
  const lane = laneOf(value);
  const parent = parentOf(value);
  const chain = { id: getString(value, 'uuid'), parent, lane };
  if (type === 'user' || type === 'assistant') return messageNode(line, value, type, chain, session);
  if (!ABOUT.has(type) && !CHAIN.has(type)) {
    tally.lost(line, EXPECTED, `a line of type ${type}`);
    return null;
  }
  const queued = getObject(value, 'attachment');
  if (type === 'attachment' && getString(queued, 'type') === 'queued_command' && getString(queued, 'commandMode') === 'prompt') {
    const message = { role: 'user', content: get(queued, 'prompt'), timestamp: get(value, 'timestamp') };
    const event = sessionEvent(message, session.notes, false);
    if (event !== null) return { ...chain, event };
  }
  const subtype = getString(value, 'subtype') ?? getString(queued, 'type');
  tally.aside(subtype === undefined || type === 'result' ? type : `${type} ${subtype}`);
  if (!CHAIN.has(type) || (chain.id === undefined && subtype !== 'compact_boundary')) return null;
  return { ...chain, event: null, cut: subtype === 'compact_boundary' ? 'compaction' : undefined };
}

function messageNode(
  line: LogLine,
  value: JsonObject,
  role: 'user' | 'assistant',
  chain: Pick<SessionNode, 'id' | 'parent' | 'lane'>,
  session: Session,
): SessionNode | null {
  const { notes, tally, usage, about } = session;
  const message = getObject(value, 'message');
  const content = get(message, 'content');
  if (message === undefined || (typeof content !== 'string' && !Array.isArray(content))) {
    tally.lost(line, `a message with content in a line of type ${role}`, message === undefined ? 'no message' : 'a message without');
    return null;
  }
  const reply = getId(message, 'id');
  const model = getString(message, 'model');
  // What the program itself says in place of a reply, such as an error of the server, is no turn of the model.
  const sampled = role === 'assistant' && model !== '<synthetic>' && get(value, 'isApiErrorMessage') !== true;
  if (sampled) {
    usage.set(reply ?? `line ${usage.size}`, get(message, 'usage'));
    if (model !== undefined && !about.has('model')) about.set('model', model);
    const ended = getString(message, 'stop_reason');
    if (ended !== undefined) session.status.set(chain.lane, ended);
  }
  const event = sessionEvent({ ...message, role, content: withCalls(content), timestamp: get(value, 'timestamp') }, notes, sampled);
  const cut = get(value, 'isCompactSummary') === true ? 'compaction' : undefined;
  return { ...chain, event, reply: sampled ? reply : undefined, cut };
}

/** Calls that the server itself answers are calls like others. */
function withCalls(content: unknown): unknown {
  if (!Array.isArray(content)) return content;
  return content.map((block: unknown) =>
    isObject(block) && ['server_tool_use', 'mcp_tool_use'].includes(getString(block, 'type') ?? '')
      ? { ...block, type: 'tool_use' }
      : block,
  );
}

function laneOf(value: JsonObject): string | undefined {
  const asked = getString(value, 'parent_tool_use_id');
  if (asked !== undefined) return asked;
  return get(value, 'isSidechain') === true ? (getString(value, 'agentId') ?? 'side') : undefined;
}

function parentOf(value: JsonObject): string | null | undefined {
  const parent = get(value, 'parentUuid');
  return typeof parent === 'string' || parent === null ? parent : undefined;
}

const KNOWN: readonly (readonly [key: string, field: string])[] = [
  ['sessionId', 'session'],
  ['session_id', 'session'],
  ['agentId', 'agent'],
  ['cwd', 'cwd'],
  ['gitBranch', 'branch'],
  ['version', 'version'],
  ['slug', 'slug'],
  ['summary', 'title'],
  ['aiTitle', 'title'],
  ['customTitle', 'title'],
];

/** The first value of each member that says something of the session; what a run came to, from its last line. */
function learn(value: JsonObject, session: Session): void {
  for (const [key, field] of KNOWN) {
    const known = getString(value, key);
    if (known !== undefined && known !== '' && !session.about.has(field)) session.about.set(field, known);
  }
  const isResult = getString(value, 'type') === 'result' && get(value, 'duration_ms') !== undefined;
  if (!isResult) return;
  for (const key of ['duration_ms', 'duration_api_ms', 'num_turns', 'total_cost_usd', 'is_error'] as const) {
    const told = get(value, key);
    if (typeof told === 'number' || typeof told === 'boolean') session.about.set(key, told);
  }
  const ended = getString(value, 'subtype');
  if (ended !== undefined) session.status.set(undefined, ended);
}
