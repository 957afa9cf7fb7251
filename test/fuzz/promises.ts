/** What must hold of everything that was read, whatever it was. */
import { decodeTokens } from '../../src/core/tokens/tokenizer.ts';
import { pathTo } from '../../src/core/tree/navigate.ts';
import { DEFAULT_RULE } from '../../src/core/model/rule.ts';
import type { Dataset } from '../../src/engine/dataset.ts';
import type { Opening } from '../../src/engine/opening-inputs.ts';
import type { InputFile } from '../../src/engine/input-file.ts';
import { makeReadBack } from '../../src/engine/read-back.ts';
import { exportSpec, linesOf, memorySink } from '../helpers/openSession.ts';
import { fileOf, sessionOver, vocabulary } from './opened.ts';
import { bytesOf, hold } from './target.ts';

/** Records = rollouts + records with an issue, of each input and of all; each issue lies in its file. */
export function accountsAddUp(opening: Opening): void {
  let issues = 0;
  for (const input of opening.inputs) {
    const { records, rollouts, recordIssues } = input;
    hold(records === rollouts + recordIssues, 'records = rollouts + issues', () => `${records} = ${rollouts} + ${recordIssues}`);
    hold(input.issues.length <= recordIssues + input.notes, 'issues are records or notes');
    issues += recordIssues + input.notes;
    const size = input.file.source.byteLength;
    for (const { file, address, line, code, expected, found } of input.issues) {
      hold(file === input.path, 'an issue names its file', () => `${file} for ${input.path}`);
      const end = address.start + address.size;
      const isInside = address.unit === 'row' || (address.start >= 0 && address.size >= 0 && end <= size);
      hold(
        isInside && Number.isSafeInteger(address.start),
        'an issue lies in its file',
        () => `${code} at ${address.start}+${address.size} of ${size}`,
      );
      hold(Number.isSafeInteger(line) && line >= 0 && line <= size + 1, 'an issue has a line', () => `${code} at line ${line}`);
      hold(code !== '' && expected !== '' && found !== '', 'an issue says what was expected and found', () => code);
    }
  }
  hold(issues === opening.issues.count, 'all issues are those of the inputs');
}

/** A frozen forest is made of what was read, and its columns fit. */
export function forestFits({ tokens, opening }: Dataset): void {
  const { forest, rollouts } = tokens;
  const used = opening.inputs.reduce((sum, input) => sum + input.rollouts, 0);
  hold(rollouts.length === used, 'every used record is a rollout of the forest', () => `${rollouts.length} of ${used}`);
  const { leaf, length } = forest.trajectories;
  const having = new Set<number>();
  for (let t = 0; t < length; t++) {
    const n = leaf[t] ?? -1;
    hold(n >= 0 && n < forest.length, 'a trajectory ends at a node');
    having.add(forest.trajectories.rollout[t] ?? -1);
  }
  hold(having.size === rollouts.length, 'every rollout has a trajectory', () => `${having.size} of ${rollouts.length}`);
  for (let n = 0; n < forest.length; n++) {
    const parent = forest.parent[n] ?? 0;
    hold(parent < n && forest.edgeStart[n + 1] > forest.edgeStart[n], 'parents precede, and no node is empty');
  }
  for (const { reward, advantage } of rollouts)
    hold((reward === null || Number.isFinite(reward)) && (advantage === null || Number.isFinite(advantage)), 'rewards are numbers');
}

const MOST_READ_BACK = 4;

/** What each rollout says stands in its tokens, byte for byte, where our vocabulary made them. */
export async function textIsInTheTree(dataset: Dataset): Promise<void> {
  const { rollouts } = dataset.tokens;
  const readBack = makeReadBack(dataset, undefined);
  for (let row = 0; row < Math.min(rollouts.length, MOST_READ_BACK); row++) {
    if (dataset.opening.inputs[rollouts[row].source]?.format?.hasMessages !== true) continue;
    const { branches } = await readBack.rollout(row);
    for (const [branch, { events }] of branches.entries()) {
      if (events.some(({ tokens }) => tokens?.ids !== undefined)) continue;
      const said = await textOfBranch(dataset, row, branch);
      if (said === null) continue;
      for (const { parts } of events)
        for (const { text, kind } of parts)
          hold(kind === 'call' || said.includes(text.toWellFormed()), 'text of a used record is in the tree', () =>
            JSON.stringify(text.slice(0, 80)),
          );
    }
  }
}

async function textOfBranch({ tokens: { forest } }: Dataset, row: number, branch: number): Promise<string | null> {
  const { trajectories } = forest;
  for (let t = 0; t < trajectories.length; t++) {
    if (trajectories.rollout[t] !== row || trajectories.branch[t] !== branch) continue;
    return textOfLeaf(forest, trajectories.leaf[t]);
  }
  return null;
}

/** What the path to a node says; ids that are not of our vocabulary say nothing. */
export async function textOfLeaf(forest: Dataset['tokens']['forest'], leaf: number): Promise<string> {
  const tokenizer = await vocabulary();
  const ids: number[] = [];
  for (const n of pathTo(forest, leaf))
    for (let at = forest.edgeStart[n]; at < forest.edgeStart[n + 1]; at++)
      if (tokenizer.bytes(forest.edgeTokens[at]) !== null) ids.push(forest.edgeTokens[at]);
  return decodeTokens(tokenizer, ids) ?? '';
}

/** Of a line of a forest export, all that a second export of it must have too. */
const SAME = ['task', 'parent', 'kind', 'kinds', 'flags', 'tool', 'token_ids', 'kept', 'trained', 'protected', 'sampled_count'] as const;

/** A forest export opens without an issue to the same tree, and is pruned as the log was: its own export says the same. */
export async function prunesAlike(files: readonly InputFile[]): Promise<void> {
  const session = await sessionOver(files);
  const facts = session.facts();
  if (facts.rollouts === 0) return;
  const budget = { cut: 0.5, train: 0.5 };
  const first = await forestOf(session, budget);
  const again = await sessionOver([fileOf('forest.jsonl', bytesOf(first))]);
  const { issues, trajectories, tokens, restored } = again.facts();
  hold(issues === 0, 'a forest export opens without an issue', () => again.issues(0, 1).issues[0]?.expected ?? '');
  hold(
    trajectories === facts.trajectories && tokens.flat === facts.tokens.flat && tokens.distinct === facts.tokens.distinct,
    'a forest export has all trajectories and tokens',
    () =>
      `${trajectories} of ${facts.trajectories}, ${tokens.flat} of ${facts.tokens.flat}, ${tokens.distinct} of ${facts.tokens.distinct}`,
  );
  hold(restored !== null && restored.budget.cut === budget.cut, 'a forest export says what it was pruned by');
  const second = await forestOf(again, budget);
  const [lines, relines] = [linesOf(first), linesOf(second)];
  hold(lines.length === relines.length, 'a forest export has all tasks');
  for (const [index, line] of lines.entries())
    for (const key of SAME)
      hold(
        JSON.stringify(line[key]) === JSON.stringify(relines[index][key]),
        'a forest export is pruned alike',
        () => `${key} of task ${index}`,
      );
}

async function forestOf(session: Awaited<ReturnType<typeof sessionOver>>, budget: { cut: number; train: number }): Promise<string> {
  const { orderId } = session.order(DEFAULT_RULE);
  const sink = memorySink();
  await session.export(orderId, budget, exportSpec('forest'), sink, () => undefined);
  return sink.files.get('forest.jsonl') ?? '';
}
