/** Model calls among the events of an Inspect sample: those of the policy, not those of scorers, with why they begin a branch. */
import { defined } from './envelope.ts';
import type { InspectSample } from './inspect-sample.ts';
import { type JsonObject, get, getList, getObject, getString, isObject } from './json.ts';
import type { ChatCall } from './chat-calls.ts';
import { readTime } from './messages.ts';

export interface InspectCall extends ChatCall<JsonObject> {
  readonly tools: unknown;
}

interface Span {
  readonly type: string;
  readonly parent: string | undefined;
}

/** In order; prompts and replies as they are logged. Calls that failed or wait are none. */
export function inspectCalls({ events, inputOf }: InspectSample): InspectCall[] {
  const spans = new Map<string, Span>();
  const calls: InspectCall[] = [];
  /** Steps of older logs, which stand around events. */
  const steps: string[] = [];
  let isCompacted = false;
  let ofFirst: string | undefined;
  // Roles are given to models beside the one that is evaluated, or to all of them.
  const allHaveRoles = events.every((event) => get(event, 'event') !== 'model' || getString(event, 'role') !== undefined);
  for (const event of events) {
    const kind = getString(event, 'event');
    if (kind === 'span_begin')
      spans.set(getString(event, 'id') ?? '', { type: getString(event, 'type') ?? '', parent: getString(event, 'parent_id') });
    else if (kind === 'step' && get(event, 'action') === 'begin') steps.push(getString(event, 'type') ?? '');
    else if (kind === 'step') steps.pop();
    else if (kind === 'compaction') isCompacted = true;
    if (kind !== 'model') continue;
    const output = getObject(event, 'output');
    const choice = getList(output, 'choices')?.[0];
    const reply = getObject(choice, 'message');
    const around = spansAround(spans, getString(event, 'span_id'));
    const isScoring = [...steps, ...around.map(({ type }) => type)].some((type) => type === 'scorer' || type === 'scorers');
    if (reply === undefined || isScoring || isBeside(getString(event, 'role'), allHaveRoles)) continue;
    const scope = around.find(({ type }) => type === 'agent' || type === 'branch' || type === 'subtask');
    if (calls.length === 0) ofFirst = scope?.id;
    const isElsewhere = scope !== undefined && scope.id !== ofFirst;
    const cause = isCompacted ? 'compaction' : isElsewhere ? (scope.type === 'branch' ? 'branch' : 'sub-agent') : undefined;
    calls.push({
      prompt: inputOf(event),
      reply: withChoice(reply, choice),
      tools: get(event, 'tools'),
      ...defined({ cause, policy: getString(output, 'model') ?? getString(event, 'model'), time: readTime(get(event, 'timestamp')) }),
    });
    isCompacted = false;
  }
  return calls;
}

/** Whether a model with this role is not the one that is evaluated. */
function isBeside(role: string | undefined, allHaveRoles: boolean): boolean {
  return role !== undefined && (!allHaveRoles || /^(?:grader|judge|scorer|monitor)/i.test(role));
}

/** Its span and those around it, from the inside out. */
function spansAround(spans: ReadonlyMap<string, Span>, id: string | undefined): (Span & { readonly id: string })[] {
  const around: (Span & { readonly id: string })[] = [];
  const seen = new Set<string>();
  for (let at = id; at !== undefined && !seen.has(at); at = spans.get(at)?.parent) {
    seen.add(at);
    const span = spans.get(at);
    if (span !== undefined) around.push({ ...span, id: at });
  }
  return around;
}

/** Why it ended and its log-probs stand beside the message. */
function withChoice(message: JsonObject, choice: unknown): JsonObject {
  const logprobs = get(choice, 'logprobs');
  return { ...message, ...defined({ stop_reason: getString(choice, 'stop_reason'), logprobs: isObject(logprobs) ? logprobs : undefined }) };
}
