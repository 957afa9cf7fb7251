/** Files beside logs are named for what they are; rollouts are never taken for one. */
import { describe, expect, it } from 'vitest';
import { sideFile } from '../../../src/formats/side-files.ts';
import { inputFile, openSession } from '../../helpers/openSession.ts';

describe('sideFile', () => {
  it.each<[string, unknown]>([
    ['verifiers evaluation', { env_id: 'e', model: 'm', num_examples: 5, rollouts_per_example: 3, avg_reward: 0.5 }],
    ['index of verifiers traces', { line: 0, offset: 0, id: 'a', trace_ids: ['t'] }],
    ['annotations of verifiers traces', { trace_id: 't', advantage: 0.1, step: 1, subset: 'effective' }],
    ['few-shot examples', { messages_display: 'user: hi' }],
    ['instance ids by outcome', { no_generation: [], resolved: ['a__b-1'] }],
    ['patches', { 'a__b-1': { model_name_or_path: 'm', instance_id: 'a__b-1', model_patch: '' } }],
    ['prompts of a training set', { prompt: [{ role: 'user', content: 'a' }], reward_model: { style: 'rule' }, data_source: 'd' }],
    ['prompts of a training set', { responses_create_params: { input: [] }, agent_ref: { name: 'a' } }],
    ['cases of verl', { case_id: 'c', scenario: 's', correct_path: 'ct' }],
    ['single steps of an AReaL agent run', { step: 1, observation: [], thinking_process: '', function_call: [] }],
    ['settings of a BrowserGym experiment', { 'py/object': 'browsergym.experiments.loop.ExpArgs' }],
    ['figures of a BrowserGym run', { n_steps: 3, cum_reward: 1 }],
    ['the goal of a BrowserGym run', [{ type: 'text', text: 'Tick.' }]],
    ['Inspect Scout', { transcript_id: 't', scan_id: 's', scanner_name: 'n' }],
    ['tests of one SWE-bench instance', { patch_successfully_applied: true, resolved: true, tests_status: {} }],
    ['instance ids by outcome', { ids_resolved: [], ids_unresolved: [], total: 0 }],
    ['test results of a moatless run', { test_results: [] }],
    ['AReaL agent run', { function_call_total_count: 1, total_steps: 2 }],
    ['tasks of AgentBench', { description: 'd', evaluation: {}, labels: [] }],
    ['Cline or Roo Code showed of a task', { ts: 1_772_614_800_000, type: 'say', say: 'text', text: 'Look.' }],
    ['Cline or Roo Code showed of a task', { ts: 1_772_614_800_000, type: 'ask', ask: 'tool', text: '{}' }],
    ['requests of a batch', { custom_id: 'r1', method: 'POST', url: '/v1/chat/completions', body: { messages: [] } }],
    ['requests of a batch', { custom_id: 'r1', params: { model: 'm', messages: [] } }],
    ['Cline or Roo Code had in sight', { files_in_context: [], model_usage: [] }],
    ['known of a task of Cline or Roo Code', { id: '1', ts: 1, task: 'Look.', tokensIn: 1, tokensOut: 2 }],
    ['Gemini CLI tests itself', { method: 'generateContentStream', response: [{ candidates: [] }] }],
    ['an app in a sandbox of cua', { app_id: 'gin', os: 'linux', install_exit_code: -1 }],
    ['Chrome trace events', { traceEvents: [], displayTimeUnit: 'ns' }],
    ['NeMo-Gym tests its servers', { input: [], expected_output: [], expected_output_return_token_id_information: [] }],
    ['tasks of an ADK evaluation', { eval_set_id: 'e', eval_cases: [] }],
    ['summary of a Harbor job', { id: 'j', started_at: '2026-03-04', n_total_trials: 2, stats: { n_trials: 2, evals: {} } }],
    ['settings of a Harbor job', { job_name: 'j', jobs_dir: 'jobs', n_attempts: 1, agents: [], datasets: [] }],
    ['settings of a Harbor trial', { task: { path: 't' }, trial_name: 't__1', trials_dir: 'jobs/j', agent: { name: 'a' } }],
    ['result of a Harbor trial', { task_name: 't', trial_name: 't__1', trial_uri: 'file:///t', agent_info: {}, verifier_result: null }],
    ['verifiers tests itself', { schema: 1, notes: '', cases: [] }],
  ])('knows %s', (words, record) => {
    expect(sideFile(record)).toContain(words);
  });
  it.each<[unknown]>([[null], [[]], [{}], ['text'], [{ messages: [] }], [{ trace_id: 't' }], [{ resolved: true }], [{ resolved: ['a'] }]])(
    'knows nothing of %j',
    (record) => {
      expect(sideFile(record)).toBeNull();
    },
  );
  it('is an issue of its own beside the log', async () => {
    const log = JSON.stringify({
      messages: [
        { role: 'user', content: 'a' },
        { role: 'assistant', content: 'b' },
      ],
    });
    const { session, facts } = await openSession([
      inputFile('log.jsonl', log),
      inputFile('metadata.json', '{"model": "m", "num_examples": 1, "rollouts_per_example": 1}'),
    ]);
    expect(facts).toMatchObject({ rollouts: 1, issues: 1 });
    expect(session.issues(0, 9).issues).toMatchObject([{ file: 'metadata.json', code: 'side-file' }]);
  });
});

it('survives records nested deeper than any writer can follow', async () => {
  const deep = `{"about": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`;
  const { facts } = await openSession([inputFile('deep.json', deep)]);
  expect(facts).toMatchObject({ rollouts: 0, issues: 1 });
});

it('reports a text that is no JSON once, and not line by line', async () => {
  const { session, facts } = await openSession([
    inputFile('notes.md', '# Notes\nnothing\nhere\n'),
    inputFile('reward.txt', '1.0\n'),
    inputFile('torn.jsonl', 'oops\n{"messages": [\n'),
  ]);
  expect(facts.inputs.map(({ name, records, issueCount }) => [name, records, issueCount])).toEqual([
    ['notes.md', 1, 1],
    ['reward.txt', 1, 1],
    ['torn.jsonl', 2, 2],
  ]);
  expect(session.issues(0, 1).issues).toMatchObject([{ code: 'not-json', found: 'text that begins "# Notes"' }]);
});
