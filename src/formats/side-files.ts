/** Files that lie beside logs and hold no rollouts: recognised by their structure, so that a report can say what they are. */
import { isBatchRequest } from './batch-lines.ts';
import { looksLikeMessages } from './messages.ts';
import { get, getList, getString, has, isList, isObject, toNumber } from './json.ts';
import { readSideFacts } from './side-facts.ts';

type Recognise = (record: unknown) => boolean;

const hasAll =
  (...keys: readonly string[]): Recognise =>
  (record) =>
    isObject(record) && keys.every((key) => has(record, key));

const SIDE_FILES: readonly (readonly [what: string, is: Recognise])[] = [
  [
    'settings and averages of a verifiers evaluation; its rollouts are in results.jsonl',
    hasAll('model', 'num_examples', 'rollouts_per_example'),
  ],
  ['an index of verifiers traces; the traces are in the stream beside it', hasAll('offset', 'trace_ids')],
  [
    'annotations of verifiers traces; the traces are in another file',
    (record) => isObject(record) && has(record, 'trace_id') && (has(record, 'subset') || has(record, 'advantage')),
  ],
  [
    'few-shot examples of tau-bench as one text each, without a record of who sampled what',
    (record) => isObject(record) && Object.keys(record).length === 1 && getString(record, 'messages_display') !== undefined,
  ],
  [
    'what a sub-agent of a Claude Code session was; its session lies beside it',
    (record) => isObject(record) && getString(record, 'agentType') !== undefined && get(record, 'messages') === undefined,
  ],
  ['what is known of a Kimi session; its wire log lies beside it', hasAll('createdAt', 'agents', 'lastPrompt')],
  ['settings of a Cline session; its messages lie beside it', hasAll('session_id', 'messages_path')],
  [
    'what Cline or Roo Code showed of a task; its messages lie in api_conversation_history.json beside it',
    (record) =>
      toNumber(get(record, 'ts')) !== undefined &&
      ['say', 'ask'].some((type) => get(record, 'type') === type && getString(record, type) !== undefined),
  ],
  ['requests of a batch, without replies; opened together with its results, they are their prompts', isBatchRequest],
  ['files that Cline or Roo Code had in sight in a task', hasAll('files_in_context')],
  ['what is known of a task of Cline or Roo Code; its messages lie beside it', hasAll('ts', 'task', 'tokensIn', 'tokensOut')],
  ['a summary of a Grok session; its messages are in chat_history.jsonl', hasAll('session_summary', 'chat_format_version')],
  ['the state of an OpenHands conversation; its events are in files beside it', hasAll('agent', 'execution_status', 'persistence_dir')],
  ['settings of an OpenHands evaluation; its runs are in output.jsonl', hasAll('agent_class', 'llm_config', 'max_iterations')],
  ['the summary of a Harbor job; its trials lie in the folders beside it', isHarborJob],
  ['settings of a Harbor job; its trials lie in the folders beside it', hasAll('job_name', 'jobs_dir')],
  ['settings of a Harbor trial; its trajectory is in agent/ beside it', hasAll('trial_name', 'trials_dir')],
  [
    'the result of a Harbor trial; its trajectory is in agent/ beside it, where it has one',
    hasAll('trial_name', 'trial_uri', 'agent_info'),
  ],
  ['patches of a Multi-SWE-bench run, by instance', hasAll('org', 'repo', 'number', 'fix_patch')],
  ['results of a SWE-bench evaluation: instance ids by outcome', isOutcomes],
  [
    'patches of a SWE-bench run, by instance',
    (record) =>
      isObject(record) &&
      Object.keys(record).length > 0 &&
      Object.values(record).every((entry) => getString(entry, 'model_patch') !== undefined),
  ],
  [
    'patches of a SWE-bench run, by instance',
    (record) =>
      getString(record, 'instance_id') !== undefined &&
      isObject(record) &&
      has(record, 'model_patch') &&
      get(record, 'messages') === undefined,
  ],
  ['settings of a BrowserGym experiment', (record) => (getString(record, 'py/object') ?? '').endsWith('.ExpArgs')],
  ['figures of a BrowserGym run; its steps lie beside it', hasAll('n_steps', 'cum_reward')],
  [
    'the goal of a BrowserGym run, as content parts',
    (record) =>
      isList(record) &&
      record.length > 0 &&
      record.every((part) => getString(part, 'type') === 'text' && getString(part, 'text') !== undefined),
  ],
  ['cases of verl where text that is tokenised again differs from what was sampled', hasAll('case_id', 'scenario', 'correct_path')],
  [
    'single steps of an AReaL agent run; its messages are in trajectory.json',
    hasAll('step', 'observation', 'thinking_process', 'function_call'),
  ],
  ['prompts of a training set, without rollouts', isPromptOnly],
  ['results of Inspect Scout scanners; the transcripts are in the logs that they name', hasAll('transcript_id', 'scan_id', 'scanner_name')],
  ['the tests of one SWE-bench instance: which of them pass', hasAll('patch_successfully_applied', 'resolved', 'tests_status')],
  ['results of a SWE-bench evaluation: instance ids by outcome', hasAll('ids_resolved', 'ids_unresolved')],
  ['test results of a moatless run', (record) => isObject(record) && Object.keys(record).length === 1 && has(record, 'test_results')],
  [
    'token counts and answers of an AReaL agent run; its messages are in trajectory.json',
    hasAll('function_call_total_count', 'total_steps'),
  ],
  ['replies that Gemini CLI tests itself with, without their prompts', isRecordedReply],
  ['what installing an app in a sandbox of cua came to; its session lies beside it', hasAll('app_id', 'os', 'install_exit_code')],
  ['times of a program (Chrome trace events), without rollouts', (record) => getList(record, 'traceEvents') !== undefined],
  ['a case that NeMo-Gym tests its servers with', hasAll('expected_output', 'expected_output_return_token_id_information')],
  ['tasks of AgentBench, without rollouts', hasAll('description', 'evaluation', 'labels')],
  ['recorded agent sessions that verifiers tests itself with', hasAll('schema', 'notes', 'cases')],
  [
    'tasks of an ADK evaluation with their reference calls, without rollouts',
    (record) =>
      getList(record, 'eval_cases') !== undefined ||
      (getString(record, 'query') !== undefined && getList(record, 'expected_tool_use') !== undefined),
  ],
  ['settings of an Agentless run', hasAll('loc_file', 'top_n', 'output_folder')],
  ['accepted answers of BFCL tasks', (record) => getString(record, 'id') !== undefined && getList(record, 'ground_truth') !== undefined],
  [
    'tasks of BFCL, without rollouts',
    (record) => getString(record, 'id') !== undefined && getList(record, 'question')?.every((turn) => Array.isArray(turn)) === true,
  ],
  [
    'messages that a converter makes of a Langfuse trace, span by span',
    (record) =>
      isObject(record) &&
      Object.keys(record).length > 0 &&
      Object.values(record).every((entry) => typeof get(get(entry, 'output'), 'success') === 'boolean'),
  ],
  [
    'SkyRL evaluation averages',
    (record) => isObject(record) && Object.keys(record).length > 0 && Object.keys(record).every((key) => key.startsWith('eval/')),
  ],
];

function isRecordedReply(record: unknown): boolean {
  return /^generateContent(?:Stream)?$/.test(getString(record, 'method') ?? '') && get(record, 'response') !== undefined;
}

/** A task as verl, SkyRL and NeMo-Gym train on it, to which nobody has answered yet. */
function isPromptOnly(record: unknown): boolean {
  if (!isObject(record) || has(record, 'response') || has(record, 'completion') || has(record, 'output')) return false;
  if (has(record, 'responses_create_params')) return !has(record, 'reward');
  return (
    looksLikeMessages(get(record, 'prompt')) && (has(record, 'reward_model') || has(record, 'reward_spec') || has(record, 'env_class'))
  );
}

/** Older jobs count their trials in `stats` alone. */
function isHarborJob(record: unknown): boolean {
  const stats = get(record, 'stats');
  return isObject(stats) && (toNumber(get(record, 'n_total_trials')) ?? toNumber(get(stats, 'n_trials'))) !== undefined;
}

/** Lists of instance ids (or their counts) under words for outcomes. */
function isOutcomes(record: unknown): boolean {
  const words = ['resolved', 'resolved_ids', 'applied', 'no_generation', 'unresolved_ids', 'submitted_ids', 'completed_ids'];
  return (
    words.filter((word) => getList(record, word)?.every((id) => typeof id === 'string') === true).length >= 2 ||
    (getList(record, 'resolved_ids') !== undefined && get(record, 'total_instances') !== undefined)
  );
}

/** What a file without rollouts is, in a few words, or null where its record is of no kind that is known. */
export function sideFile(record: unknown): string | null {
  const known = SIDE_FILES.find(([, is]) => is(record))?.[0];
  if (known !== undefined) return known;
  const facts = readSideFacts([record], { folder: '', name: '' });
  if (facts === null) return null;
  if (facts.candidates.length > 0) return 'candidate patches of tasks';
  return facts.references.length > 0 ? 'what would be right in a task' : 'how runs ended, by instance';
}
