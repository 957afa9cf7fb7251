/** Model calls among the events of an Inspect sample: those of the policy, not those of scorers, with why they begin a branch. */
import { defined } from './envelope.ts';
import type { InspectSample } from './inspect-sample.ts';
import { type JsonObject, get, getList, getNumber, getObject, getString, isObject } from './json.ts';
import type { ChatCall } from './chat-calls.ts';
import { readTime, readTiming, type Timing } from './messages.ts';

export interface InspectCall extends ChatCall<JsonObject> {
  readonly tools: unknown;
}

/** What a span is, those around it included. */
interface Span {
  readonly isScoring: boolean;
  /** The innermost in which another asks the model. */
  readonly scope: { readonly id: string; readonly type: string } | undefined;
}

/** In order; prompts and replies as they are logged. Calls that failed or wait are none. */
export function inspectCalls({ events, inputOf }: InspectSample): InspectCall[] {
  const spans = new Map<string, Span>();
  const spanAt = (id: string | undefined): Span | undefined => (id === undefined ? undefined : spans.get(id));
  const calls: InspectCall[] = [];
  /** Steps of older logs, which stand around events. */
  const steps: boolean[] = [];
  let scoringSteps = 0;
  let isCompacted = false;
  let ofFirst: string | undefined;
  // Roles are given to models beside the one that is evaluated, or to all of them.
  const allHaveRoles = events.every((event) => get(event, 'event') !== 'model' || getString(event, 'role') !== undefined);
  for (const event of events) {
    const kind = getString(event, 'event');
    if (kind === 'span_begin') {
      const id = getString(event, 'id') ?? '';
      spans.set(id, spanOf(id, getString(event, 'type') ?? '', spanAt(getString(event, 'parent_id'))));
    } else if (kind === 'step' && get(event, 'action') === 'begin') {
      steps.push(isScorer(getString(event, 'type') ?? ''));
      if (steps.at(-1) === true) scoringSteps++;
    } else if (kind === 'step') {
      if (steps.pop() === true) scoringSteps--;
    } else if (kind === 'compaction') isCompacted = true;
    if (kind !== 'model') continue;
    const output = getObject(event, 'output');
    const choice = getList(output, 'choices')?.[0];
    const reply = getObject(choice, 'message');
    const span = spanAt(getString(event, 'span_id'));
    const isScoring = scoringSteps > 0 || span?.isScoring === true;
    if (reply === undefined || isScoring || isBeside(getString(event, 'role'), allHaveRoles)) continue;
    const scope = span?.scope;
    if (calls.length === 0) ofFirst = scope?.id;
    const isElsewhere = scope !== undefined && scope.id !== ofFirst;
    const cause = isCompacted ? 'compaction' : isElsewhere ? (scope.type === 'branch' ? 'branch' : 'sub-agent') : undefined;
    calls.push({
      prompt: inputOf(event),
      reply: withChoice(reply, choice),
      tools: get(event, 'tools'),
      timing: timingOf(event),
      ...defined({ cause, policy: getString(output, 'model') ?? getString(event, 'model') }),
    });
    isCompacted = false;
  }
  return calls;
}

/**
 * When a call of a model or a tool was answered and how long that took. The clock also runs while limits of rates are waited for and
 * calls are made again, working time does not: what it has less was waited.
 */
export function timingOf(event: unknown): Timing {
  const whole = readTiming(get(event, 'timestamp'), get(event, 'completed'));
  if (whole === undefined) return defined({ time: readTime(get(event, 'timestamp')) });
  const all = whole.seconds ?? 0;
  const worked = Math.min(all, getNumber(event, 'working_time') ?? all);
  return { ...whole, seconds: worked, ...(worked < all ? { waited: all - worked } : {}) };
}

/** Whether a model with this role is not the one that is evaluated. */
function isBeside(role: string | undefined, allHaveRoles: boolean): boolean {
  return role !== undefined && (!allHaveRoles || /^(?:grader|judge|scorer|monitor)/i.test(role));
}

function isScorer(type: string): boolean {
  return type === 'scorer' || type === 'scorers';
}

/** @param around the span that it begins in */
function spanOf(id: string, type: string, around: Span | undefined): Span {
  const isScope = type === 'agent' || type === 'branch' || type === 'subtask';
  return { isScoring: isScorer(type) || around?.isScoring === true, scope: isScope ? { id, type } : around?.scope };
}

/** Why it ended and its log-probs stand beside the message. */
function withChoice(message: JsonObject, choice: unknown): JsonObject {
  const logprobs = get(choice, 'logprobs');
  return { ...message, ...defined({ stop_reason: getString(choice, 'stop_reason'), logprobs: isObject(logprobs) ? logprobs : undefined }) };
}
