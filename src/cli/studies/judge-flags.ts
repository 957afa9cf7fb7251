/** `--judge URL` and its companions: asks a language model about candidates, with a key that is in no output. */
import { DEFAULT_PROMPT, promptFault } from '../../core/judge/prompt.ts';
import type { ScoreList } from '../../core/candidates/candidate.ts';
import type { CandidatesQuestion } from '../../engine/answers/candidates.ts';
import type { JudgeAnswer, JudgeSettings } from '../../engine/answers/judging.ts';
import { chatAddress, keyFault } from '../../engine/judge/chat.ts';
import { DEFAULT_JUDGE, judge } from '../../engine/judge/judge.ts';
import { judgeScores } from '../../engine/judge/judge-scores.ts';
import { fetchFrom } from '../../platform/node/fetch-from.ts';
import { judgeAt } from '../../platform/web/judge-address.ts';
import type { Dataset } from '../api.ts';
import { readFlagFile } from '../flag-files.ts';
import { note, progress } from '../streams.ts';
import { counted, countText } from '../text/figures.ts';
import { UsageError } from '../usage.ts';
import type { StudyFlags } from './study.ts';

export const JUDGE_OPTIONS = {
  judge: { type: 'string' },
  'judge-model': { type: 'string' },
  'judge-key-file': { type: 'string' },
  'judge-samples': { type: 'string' },
  'judge-at-once': { type: 'string' },
  'judge-temperature': { type: 'string' },
  'judge-prompt': { type: 'string' },
} as const;

/** The environment's place for a key. */
const KEY_VARIABLE = 'ESPALIER_JUDGE_KEY';

export const JUDGE_HELP = `\
  --judge URL            asks a language model at this OpenAI-compatible address for a score of each patch, and ranks by it
                         (ranking judge). What leaves this machine: each patch, the text of its task and the prompt, to that
                         address alone
  --judge-model NAME     its model, as the address calls it
  --judge-key-file FILE  the key that the address asks for, else the variable ${KEY_VARIABLE}; sent to that address alone
  --judge-samples N      answers asked for about each patch, 1 to 100 (default ${DEFAULT_JUDGE.samples}); its score is their mean
  --judge-at-once N      questions under way at once, 1 to 64 (default ${DEFAULT_JUDGE.atOnce})
  --judge-temperature T  0 to 2 (default: the address's own)
  --judge-prompt FILE    another prompt, in which {task} and {patch} are filled in`;

/** What is asked, and where. The key is a member that no `JSON.stringify` and no message shows. */
interface JudgeCall {
  readonly address: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly key: () => string;
  readonly settings: JudgeSettings;
}

const calls = new WeakMap<StudyFlags, JudgeCall | null>();

/** Null: no judge is asked for. The same call for the same flags: a key may come from a pipe, which is read once. Throws UsageError. */
export function judgeCall(flags: StudyFlags): JudgeCall | null {
  const known = calls.get(flags);
  if (known !== undefined) return known;
  const call = readCall(flags);
  calls.set(flags, call);
  return call;
}

function readCall(flags: StudyFlags): JudgeCall | null {
  const text = (name: keyof typeof JUDGE_OPTIONS): string | undefined => (typeof flags[name] === 'string' ? flags[name] : undefined);
  const typed = text('judge');
  if (typed === undefined) {
    const other = Object.keys(JUDGE_OPTIONS).find((name) => flags[name] !== undefined);
    if (other !== undefined) throw new UsageError(`--${other} is of --judge, which is not given`);
    return null;
  }
  const address = chatAddress(typed);
  if (!address.ok) throw new UsageError(`--judge: expected an http or https address, found ${address.found}`);
  const model = text('judge-model');
  if (model === undefined || model === '') throw new UsageError('--judge needs --judge-model NAME');
  const file = text('judge-key-file');
  const key = (file === undefined ? (process.env[KEY_VARIABLE] ?? '') : readFlagFile('--judge-key-file', file).toString('utf8')).trim();
  const fault = keyFault(key);
  if (fault !== null) throw new UsageError(`${file === undefined ? KEY_VARIABLE : '--judge-key-file'}: ${fault}`);
  const promptFile = text('judge-prompt');
  const prompt = promptFile === undefined ? DEFAULT_PROMPT : readFlagFile('--judge-prompt', promptFile).toString('utf8');
  const unusable = promptFault(prompt);
  if (unusable !== null) throw new UsageError(`--judge-prompt: ${unusable}`);
  const temperature = text('judge-temperature');
  return {
    address: typed,
    model,
    temperature: temperature === undefined ? null : numberIn('--judge-temperature', temperature, 0, 2, false),
    key: () => key,
    settings: {
      ...DEFAULT_JUDGE,
      prompt,
      samples: numberIn('--judge-samples', text('judge-samples') ?? String(DEFAULT_JUDGE.samples), 1, 100, true),
      atOnce: numberIn('--judge-at-once', text('judge-at-once') ?? String(DEFAULT_JUDGE.atOnce), 1, 64, true),
    },
  };
}

function numberIn(flag: string, text: string, low: number, high: number, isWhole: boolean): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high) || (isWhole && !Number.isInteger(value)))
    throw new UsageError(`${flag}: expected ${isWhole ? 'a whole number' : 'a number'} from ${low} to ${high}, found ${text}`);
  return value;
}

export interface Judged {
  readonly list: ScoreList;
  readonly answer: JudgeAnswer;
  /** What goes into JSON of it. */
  readonly report: object;
}

/** Says on stderr what is sent and where, how far it has come, and what gave no score. */
export async function askJudge(dataset: Dataset, question: CandidatesQuestion, call: JudgeCall): Promise<Judged> {
  const candidates = await dataset.studies.judgedCandidates(question);
  const { host, protocol } = new URL(call.address.trim());
  const { samples } = call.settings;
  note(
    `sends ${counted(candidates.length, 'patch', 'patches')} and the texts of their tasks to ${host}, ${counted(samples, 'time')} each` +
      (protocol === 'http:' ? ', unencrypted' : ''),
  );
  const { address, model, temperature, settings } = call;
  const answer = await judge({
    candidates,
    settings,
    send: judgeAt({ address, model, temperature }, call.key(), fetchFrom),
    signal: new AbortController().signal,
    onProgress: ({ done, total, failed, perSecond, secondsLeft }) => {
      if (!process.stderr.isTTY && done < total) return;
      const left = secondsLeft === null || done === total ? '' : `, ${Math.ceil(secondsLeft)} s left`;
      const wrong = failed === 0 ? '' : `, ${countText(failed)} without a score`;
      progress(`judged ${countText(done)} of ${countText(total)}${wrong}, ${perSecond.toFixed(1)}/s${left}`, done === total);
    },
  });
  for (const { name, issues } of answer.scores)
    for (const { sample, expected, found } of issues) note(`${name}, sample ${sample + 1}: expected ${expected}, found ${found}`);
  const report = {
    model,
    host,
    samples,
    requests: answer.requests,
    repeated: answer.repeated,
    tokens: answer.tokens,
    scores: answer.scores,
  };
  return { list: judgeScores(answer, model, host), answer, report };
}
