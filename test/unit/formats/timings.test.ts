/** What formats take of times that logs hold beside messages: when a model or a tool ended, how long it took, how long it had waited. */
import { describe, expect, it } from 'vitest';
import type { Format } from '../../../src/formats/format.ts';
import { agentLightning } from '../../../src/formats/agent-lightning.ts';
import { browserSteps } from '../../../src/formats/browser-steps.ts';
import { inspect } from '../../../src/formats/inspect.ts';
import { langfuse } from '../../../src/formats/langfuse.ts';
import { sweAgent } from '../../../src/formats/swe-agent.ts';
import { tau2 } from '../../../src/formats/tau2.ts';

/** role, time after 2026-01-01T00:00:00Z, seconds, waited of each event of each branch */
function timings(format: Format, record: unknown): unknown[][][] {
  const [entry] = format.decode(record, { name: 'a.json', path: 'run/a.json', index: 0, line: 1 });
  if (!entry?.ok) throw new Error(JSON.stringify(entry));
  const round = (value: number | undefined): number | undefined => (value === undefined ? undefined : Math.round(value * 1000) / 1000);
  return entry.rollout.branches.map(({ events }) =>
    events.map(({ role, time, seconds, waited }) =>
      [role, time === undefined ? undefined : round(time - ORIGIN), round(seconds), round(waited)].filter((one) => one !== undefined),
    ),
  );
}

const ORIGIN = Date.parse('2026-01-01T00:00:00Z') / 1000;
const at = (second: number): string => new Date((ORIGIN + second) * 1000).toISOString();
const user = { role: 'user', content: 'Water the beds.' };
const call = { id: 'c', type: 'function', function: { name: 'look', arguments: '{}' } };

describe('times beside messages', () => {
  it('are of events of Inspect: working time has what was waited taken off', () => {
    const asks = { role: 'assistant', content: '', tool_calls: [{ id: 'c', function: 'look', arguments: {} }] };
    const result = { role: 'tool', content: 'dry', tool_call_id: 'c', function: 'look' };
    const done = { role: 'assistant', content: 'Done.' };
    const reply = (message: object) => ({ model: 'm', choices: [{ message, stop_reason: 'stop' }] });
    const record = {
      id: 's',
      epoch: 1,
      input: user.content,
      messages: [user, asks, result, done],
      events: [
        { event: 'model', timestamp: at(1), completed: at(11), working_time: 4, model: 'm', input: [user], output: reply(asks) },
        { event: 'tool', timestamp: at(12), completed: at(15), working_time: 3, id: 'c', function: 'look' },
        { event: 'model', timestamp: at(15), completed: at(17), model: 'm', input: [user, asks, result], output: reply(done) },
      ],
    };
    expect(timings(inspect, record)).toEqual([[['user'], ['assistant', 11, 4, 6], ['tool', 15, 3], ['assistant', 17, 2]]]);
  });

  it('are of spans: calls of models and of tools, in Langfuse as in other traces', () => {
    const span = (id: string, type: string, start: number, end: number, input: unknown, output: unknown, metadata = {}) => ({
      id,
      traceId: 't',
      parentObservationId: 'root',
      type,
      name: id,
      startTime: at(start),
      endTime: at(end),
      input,
      output,
      metadata,
    });
    const asks = { role: 'assistant', content: '', tool_calls: [call] };
    const result = { role: 'tool', content: 'dry', tool_call_id: 'c' };
    const record = {
      trace: { id: 't' },
      observations: [
        span('first', 'GENERATION', 1, 3, [user], asks),
        span('look', 'TOOL', 4, 9, {}, 'dry', { attributes: { 'gen_ai.tool.call.id': 'c' } }),
        span('second', 'GENERATION', 10, 12, [user, asks, result], { role: 'assistant', content: 'Done.' }),
      ],
    };
    const [events] = timings(langfuse, record);
    expect(events?.filter(([role]) => role === 'assistant')).toEqual([
      ['assistant', 3, 2],
      ['assistant', 12, 2],
    ]);
  });

  it('are of requests of Agent Lightning, from the second in which the server began', () => {
    const response = { id: 'r', created: ORIGIN + 3, choices: [{ index: 0, message: { role: 'assistant', content: 'Done.' } }] };
    const event = {
      event_type: 'model_request',
      attempt_id: 'a',
      timestamp: ORIGIN + 7.5,
      data: { request: { messages: [user] }, response },
    };
    expect(timings(agentLightning, { rollout: { rollout_id: 'x' }, events: [event] })).toEqual([[['user'], ['assistant', 7.5, 4.5]]]);
  });

  it('are of steps of BrowserGym: the environment until what it showed, the agent until what it did', () => {
    const step = {
      'py/object': 'browsergym.experiments.loop.StepInfo',
      step: 0,
      obs: { goal: 'Tick.' },
      action: "click('1')",
      agent_info: {},
      profiling: { env_start: ORIGIN + 1, env_stop: ORIGIN + 3, agent_start: ORIGIN + 4, agent_stop: ORIGIN + 9 },
    };
    const events = [
      ['user', 3, 2],
      ['assistant', 9, 5],
    ];
    expect(timings(browserSteps, step)).toEqual([events]);
    expect(timings(browserSteps, { member: 'run_on_tick', steps: { 'step 0': step } })).toEqual([events]);
  });

  it('are of commands of SWE-agent: how long, and not when', () => {
    const action = (content: string) => ({
      role: 'assistant',
      content,
      thought: content,
      action: 'ls',
      agent: 'main',
      message_type: 'action',
    });
    const shown = (content: string) => ({ role: 'user', content, agent: 'main', message_type: 'observation' });
    const step = (execution_time: number) => ({ action: 'ls', observation: 'a', response: 'b', execution_time, messages: [] });
    const record = {
      history: [{ role: 'system', content: 's', agent: 'main' }, action('a'), shown('x'), action('b'), shown('y')],
      trajectory: [step(0.5), step(2)],
      info: {},
    };
    expect(timings(sweAgent, record)).toEqual([[['system'], ['assistant'], ['user', 0.5], ['assistant'], ['user', 2]]]);
    // A step more than there are replies: which is whose is not known.
    expect(timings(sweAgent, { ...record, trajectory: [step(0.5), step(2), step(3)] })[0]?.flat()).not.toContain(2);
  });

  it('are of messages of tau2, with how long the model took where it says so', () => {
    const record = {
      id: 'a',
      task_id: '1',
      reward_info: { reward: 1 },
      termination_reason: 'user_stop',
      messages: [
        { role: 'user', content: 'Hi', timestamp: '2026-01-01T00:00:02' },
        { role: 'assistant', content: 'Hello', timestamp: '2026-01-01T00:00:09', generation_time_seconds: 3.5 },
      ],
    };
    expect(timings(tau2, record)).toEqual([
      [
        ['user', 2],
        ['assistant', 9, 3.5],
      ],
    ]);
  });

  it('are none where an end is before its start', () => {
    const response = { id: 'r', created: ORIGIN + 30, choices: [{ index: 0, message: { role: 'assistant', content: 'Done.' } }] };
    const event = {
      event_type: 'model_request',
      attempt_id: 'a',
      timestamp: ORIGIN + 7,
      data: { request: { messages: [user] }, response },
    };
    expect(timings(agentLightning, { rollout: { rollout_id: 'x' }, events: [event] })).toEqual([[['user'], ['assistant']]]);
  });
});
