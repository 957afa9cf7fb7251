/** Histories of SWE-agent: what was sampled, what was shown, and where a shortened prompt breaks the chain. */
import { describe, expect, it } from 'vitest';
import type { Rollout } from '../../../src/core/model/rollout.ts';
import { pendingCalls } from '../../../src/core/tokens/pending.ts';
import { plainText } from '../../../src/core/tokens/template.ts';
import { sweAgent } from '../../../src/formats/swe-agent.ts';

const CONTEXT = { name: 'garden__tap-9.traj', path: 'run/garden__tap-9.traj', index: 0, line: 0 };
const decode = (record: unknown): Rollout[] => sweAgent.decode(record, CONTEXT).flatMap((entry) => (entry.ok ? [entry.rollout] : []));
const say = (role: string, content: string, more: object = {}) => ({ role, content, agent: 'main', ...more });
const system = say('system', 'Be quick.');
const issue = say('user', 'It drips.');
const turn = (text: string, more: object = {}) => say('assistant', text, { action: text, ...more });
const step = (response: string, query: object[]) => ({ action: response, response, observation: '', query });
/** Texts of each branch; sampled ones carry a star. */
const drawn = (rollout: Rollout) =>
  rollout.branches.map(({ events }) =>
    events.map(({ sampled, parts }) => `${parts.map(({ text }) => text).join('+')}${sampled ? '*' : ''}`).join(' / '),
  );

describe('sweAgent', () => {
  it('says how a run ended that never began', () => {
    const record = { history: [], trajectory: [], info: { exit_status: 'exit_cost' } };
    expect(sweAgent.detects(record, CONTEXT)).toBe(true);
    expect(sweAgent.decode(record, CONTEXT)).toMatchObject([
      { ok: false, complaint: { code: 'empty', found: 'neither, with exit status exit_cost' } },
    ]);
  });
  it('samples no demonstration', () => {
    const [rollout] = decode({
      history: [system, turn('demo', { is_demo: true }), issue, turn('ls'), say('user', 'tap.py'), turn('submit')],
    });
    expect(drawn(rollout)).toEqual(['Be quick. / demo / It drips. / ls* / tap.py / submit*']);
    expect(rollout.branches[0].events[2].parts[0].kind).toBe('user');
    expect(rollout.branches[0].events[4].parts[0]).toMatchObject({ kind: 'result', tool: 'ls' });
    expect(rollout.task).toBe('garden__tap-9');
  });

  const history = [system, issue, turn('ls'), say('user', 'tap.py'), turn('open tap.py'), say('user', 'drip()'), turn('submit')];
  it('follows the prompts of the steps: one branch while they go on from one another', () => {
    const [rollout] = decode({
      history,
      trajectory: [step('ls', history.slice(0, 2)), step('open tap.py', history.slice(0, 4)), step('submit', history.slice(0, 6))],
    });
    expect(drawn(rollout)).toEqual(['Be quick. / It drips. / ls* / tap.py / open tap.py* / drip() / submit*']);
  });
  it('opens a branch where an old observation was elided from the prompt', () => {
    const elided = [...history.slice(0, 3), say('user', 'Old output'), ...history.slice(4, 6)];
    const [rollout] = decode({
      history,
      trajectory: [step('ls', history.slice(0, 2)), step('open tap.py', history.slice(0, 4)), step('submit', elided)],
    });
    expect(drawn(rollout)).toEqual([
      'Be quick. / It drips. / ls* / tap.py / open tap.py*',
      'Be quick. / It drips. / ls / Old output / open tap.py / drip() / submit*',
    ]);
    expect(rollout.branches[1].cause).toBe('rewrite');
  });
  it('says so when only some steps hold their prompt', () => {
    const [entry] = sweAgent.decode({ history, trajectory: [step('ls', history.slice(0, 2)), step('open tap.py', [])] }, CONTEXT);
    expect(entry).toMatchObject({ ok: true, notes: [{ code: 'query' }] });
  });
  it('gives each attempt of a retried instance a rollout of the same task', () => {
    const rollouts = decode({
      history,
      attempts: [{ history, info: { exit_status: 'exit_cost' } }, { history }],
      info: { exit_status: 'submitted' },
    });
    expect(rollouts.map(({ status, task }) => [status, task])).toEqual([
      ['exit_cost', 'garden__tap-9'],
      ['submitted', 'garden__tap-9'],
    ]);
    expect(new Set(rollouts.map(({ id }) => id)).size).toBe(2);
    expect(sweAgent.detects({ attempts: [{ history }] }, CONTEXT)).toBe(true);
  });

  it('makes the fenced action of a reply a call, and leaves its text as it was', () => {
    const told = 'Let me look.\n```\nopen tap.py\n```\nThen on.';
    const [rollout] = decode({ history: [system, issue, say('assistant', told, { action: 'open tap.py\n' }), say('user', 'drip()')] });
    const [, , reply, observation] = rollout.branches[0].events;
    expect(reply.parts.map(({ kind, text, tool }) => [kind, text, tool])).toEqual([
      ['text', 'Let me look.\n', undefined],
      ['call', '```\nopen tap.py\n```', 'open'],
      ['text', '\nThen on.', undefined],
    ]);
    expect(reply.parts.map((part) => plainText(part)).join('')).toBe(told);
    expect(observation.parts[0]).toMatchObject({ kind: 'result', tool: 'open' });
    expect(pendingCalls(rollout.branches[0])[2]).toBe(1);
  });
  it.each([
    ['a tag', 'Now.\n<command>\nsubmit\n</command>', '<command>\nsubmit\n</command>'],
    ['nothing', 'Now submit', 'submit'],
    ['an open fence', '```\nsubmit', 'submit'],
  ])('finds an action in %s', (_, told, call) => {
    const [rollout] = decode({ history: [system, issue, say('assistant', told, { action: 'submit' })] });
    expect(rollout.branches[0].events[2].parts.find(({ kind }) => kind === 'call')?.text).toBe(call);
  });
  it('leaves a reply that does not hold its action, and one with calls of its own', () => {
    const call = { id: 'a', type: 'function', function: { name: 'open', arguments: '{"path":"tap.py"}' } };
    const [rollout] = decode({
      history: [
        system,
        issue,
        say('assistant', 'Hm.', { action: 'ls' }),
        say('user', '-'),
        say('assistant', 'open it', { action: 'open it', tool_calls: [call] }),
      ],
    });
    expect(rollout.branches[0].events[2].parts.map(({ kind }) => kind)).toEqual(['text']);
    expect(rollout.branches[0].events[4].parts.map(({ kind, inline }) => [kind, inline])).toEqual([
      ['text', undefined],
      ['call', undefined],
    ]);
  });
  it('reads the conversation from the prompts where there is no history', () => {
    const record = {
      environment: 'main',
      trajectory: [step('ls', history.slice(0, 2)), step('submit', [...history.slice(0, 3), say('user', 'tap.py')])],
      info: {},
    };
    expect(sweAgent.detects(record, CONTEXT)).toBe(true);
    expect(drawn(decode(record)[0])).toEqual(['Be quick. / It drips. / ls* / tap.py / submit*']);
  });
});
