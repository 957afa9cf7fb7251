/**
 * Recorded HTTP of a test (VCR): requests to model servers and their replies. Requests that go on from an earlier reply are one
 * rollout; each other call is one of its own. https://vcrpy.readthedocs.io
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { branchesOfCalls, type LoggedCall } from './call-branches.ts';
import { accept, defined, positionId, refuse } from './envelope.ts';
import { readExchange, type Exchange } from './exchange.ts';
import { foldStream } from './fold-stream.ts';
import type { Complaint, Decoded, Format, RecordContext } from './format.ts';
import { describe, get, getId, getList, getString, isObject, parseJson } from './json.ts';
import { chainsOf, eventsOf, type MessageCall } from './message-calls.ts';
import { isReply } from './reply-shapes.ts';
import { sseData } from './sse-data.ts';
import { taskOfReply } from './reply-rollouts.ts';

/** vcrpy and most others have `interactions`; Ruby's VCR has `http_interactions`. */
function interactionsOf(record: unknown): readonly unknown[] | undefined {
  return getList(record, 'interactions') ?? getList(record, 'http_interactions');
}

export const cassette: Format = {
  id: 'cassette',
  label: 'Recorded requests to model servers',
  detects: (record) => interactionsOf(record)?.some((each) => isObject(get(each, 'request')) && isObject(get(each, 'response'))) === true,
  decode(record, context) {
    const interactions = interactionsOf(record) ?? [];
    const found: { readonly at: number; readonly exchange: Exchange; readonly notes: readonly Complaint[] }[] = [];
    const refused: Decoded[] = [];
    for (const [at, interaction] of interactions.entries()) {
      for (const reply of repliesOf(get(interaction, 'response'))) {
        const notes: Complaint[] = [];
        const read = readExchange(bodyOf(get(interaction, 'request')), reply, notes);
        if (read.ok) found.push({ at, exchange: read.exchange, notes });
        else refused.push(read);
      }
    }
    const decoded = [...rolloutsOf(found, context), ...refused];
    if (decoded.length > 0) return decoded;
    return [refuse('reply', 'a reply of a model server in some interaction', `none in ${interactions.length}`)];
  },
};

/** The JSON of a body that VCR keeps as text, or has parsed already. */
function bodyOf(message: unknown): unknown {
  const parsed = get(message, 'parsed_body');
  if (parsed !== undefined && parsed !== null) return parsed;
  const text = textOf(message);
  const read = text === undefined ? null : parseJson(text);
  return read?.ok === true ? read.value : text;
}

function textOf(message: unknown): string | undefined {
  const body = get(message, 'body');
  return typeof body === 'string' ? body : (getString(body, 'string') ?? getString(message, 'content'));
}

/** Of one interaction: one reply, several of a stream, or none where something else was asked for. */
function repliesOf(response: unknown): readonly unknown[] {
  const body = bodyOf(response);
  if (isReply(body)) return [body];
  if (typeof body !== 'string') return [];
  return foldStream(sseData(body), (event) => event).replies.map(({ reply }) => reply);
}

interface Found {
  readonly at: number;
  readonly exchange: Exchange;
  readonly notes: readonly Complaint[];
}

/** Chains of calls by their messages; of a call with several answers only the first can go on. */
function rolloutsOf(found: readonly Found[], context: RecordContext): Decoded[] {
  const calls = found.map(({ exchange }): MessageCall => ({ prompt: exchange.prompt, reply: exchange.answers[0]?.events ?? [] }));
  const rollouts = chainsOf(calls).map(({ links }) => {
    const events = eventsOf({ links }, calls);
    const logged = loggedCalls(links, found, calls);
    const own = links.map(({ call }) => found[call]!);
    const last = own.at(-1)!;
    return rolloutOf(own, events, logged, last.exchange.answers[0]?.status, context, 0);
  });
  const others = found.flatMap((each) =>
    each.exchange.answers.slice(1).map((answer, k) => {
      const events = [...each.exchange.prompt, ...answer.events];
      return rolloutOf([each], events, answer.call === null ? null : [answer.call], answer.status, context, k + 1);
    }),
  );
  return [...rollouts, ...others];
}

/** The ids of all calls of a chain, or null where one has none. */
function loggedCalls(
  links: readonly { readonly call: number; readonly from: number }[],
  found: readonly Found[],
  calls: readonly MessageCall[],
): readonly LoggedCall[] | null {
  const logged: LoggedCall[] = [];
  let at = 0;
  for (const { call, from } of links) {
    const { prompt, reply } = calls[call]!;
    at += prompt.length - from + reply.length;
    const ids = found[call]!.exchange.answers[0]?.call ?? null;
    if (ids === null) return null;
    logged.push({ ...ids, at: at - 1 });
  }
  return logged;
}

function rolloutOf(
  own: readonly Found[],
  events: readonly RolloutEvent[],
  logged: readonly LoggedCall[] | null,
  status: string | undefined,
  context: RecordContext,
  answer: number,
): Decoded {
  const { exchange, at } = own[0]!;
  if (events.length === 0) return refuse('empty', 'a message with content', describe(exchange.id));
  const id = exchange.id ?? `${positionId(context)}/${at}`;
  const branches = logged === null ? [{ events }] : branchesOfCalls(events, logged);
  const rollout = {
    id: answer === 0 ? id : `${id}/${answer}`,
    ...taskOfReply(branches[0]?.events ?? [], id),
    reward: null,
    branches,
    ...defined({ status, policy: exchange.model, startedAt: exchange.time, tools: exchange.tools }),
  };
  const entry = accept(
    rollout,
    own.flatMap(({ notes }) => notes),
  );
  return entry.ok ? { ...entry, fields: { model: exchange.model, id: getId(exchange, 'id'), calls: own.length } } : entry;
}
