/** `espalier inspect PATH…`: what the inputs hold, record by record accounted for. */
import { joinedText } from '../../engine/words/joined.ts';
import { repeatedText } from '../../engine/words/repeated.ts';
import { parseArgs } from 'node:util';
import { open } from '../api.ts';
import { readInputs, refuseToOverwrite } from '../inputs.ts';
import { filesOfFlags, OPEN_HELP, OPEN_OPTIONS, openProgress, REGARD_HELP } from '../open-flags.ts';
import { intoFile, refuseFile } from '../usage.ts';
import { bytesText, counted, countText, shareText } from '../text/figures.ts';
import { addressText } from '../../core/model/address.ts';
import { PRESETS } from '../../core/rule/presets.ts';
import { entropyText, impossibleText, presetText, refusedTexts, suitedText, tokenText } from '../../engine/words/sources.ts';
import type { DatasetFacts } from '../../engine/answers/dataset.ts';
import type { Issue, IssueCount } from '../../core/model/issue.ts';
import { refuseFilter, searchProgress } from '../filter-flag.ts';
import { whereLines, whereReport } from '../text/where.ts';
import { print, printHelp, printJson } from '../streams.ts';
import { openOptions, readSession, SAID_OPTIONS, SESSION_HELP } from '../session-flag.ts';

export const INSPECT_HELP = `espalier inspect PATH… [options]

Opens rollout logs (files, folders, .gz, .zst, .zip, .tar, - for standard input, hf://datasets/OWNER/NAME[@REVISION][/PATH] and
https:// addresses, which are read by ranges) and reports what they contain.

  --json                 print one JSON object to standard output
  --nodes FILE.csv       write every node of the forest with its statistics, under the default rule
${OPEN_HELP}
${REGARD_HELP}
${SESSION_HELP}
  --where FILTER         also count the rollouts that the filter takes (docs/filter.md), by file
  --strict               exit 3 if any record has an issue

Exit codes: 0 done, 1 no record was usable, 2 usage error, 3 --strict and an issue; espalier --help lists all.
`;

export async function inspect(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      json: { type: 'boolean' },
      nodes: { type: 'string' },
      strict: { type: 'boolean' },
      ...SAID_OPTIONS,
      where: { type: 'string' },
      ...OPEN_OPTIONS,
    },
  });
  if (values.help) {
    printHelp(INSPECT_HELP);
    return 0;
  }
  const { nodes } = values;
  if (nodes !== undefined) refuseFile(nodes, '--nodes');
  const inputs = await readInputs(positionals, values);
  if (nodes !== undefined) refuseToOverwrite(inputs, filesOfFlags(values), [nodes], '--nodes');
  const session = await readSession(values.session);
  const where = values.where ?? (session?.filter || undefined);
  refuseFilter('--where', where);
  const dataset = await open(inputs, {
    ...(await openOptions(values, session, inputs)),
    filter: where ?? '',
    onProgress: openProgress(),
  });
  const found = where === undefined ? null : await dataset.where(where, searchProgress());
  const facts = dataset.facts();
  const issues = dataset.issues();
  const more = dataset.moreIssues();
  if (values.json) printJson({ ...inspectReport(facts, issues, more), ...(found === null ? {} : { where: whereReport(found) }) });
  else print(...inspectLines(facts, issues, more), ...(found === null ? [] : whereLines(found)));
  if (facts.rollouts === 0) return 1;
  if (nodes !== undefined) await intoFile(nodes, dataset.nodesCsv());
  return values.strict && facts.issues > 0 ? 3 : 0;
}

/** The object that `--json` prints. Issues of severity `record` are `issues`; the rest are `notes`. */
function inspectReport(facts: DatasetFacts, issues: readonly Issue[], more: readonly IssueCount[]): object {
  const told = byFile(issues);
  const untold = byFile(more);
  const of = (file: string, severity: Issue['severity']): object[] =>
    (told.get(file) ?? [])
      .filter((issue) => issue.severity === severity)
      .map(({ line, address, code, expected, found }) => ({ line, byteOffset: address.start, code, expected, found }));
  const moreOf = (file: string, severity: Issue['severity']): object[] =>
    (untold.get(file) ?? []).filter((kind) => kind.severity === severity).map(({ code, count }) => ({ code, count }));
  return {
    inputs: facts.inputs.map((input) => ({
      name: input.name,
      format: input.format,
      bytes: input.bytes,
      records: input.records,
      rollouts: input.rollouts,
      ...(input.mergedCount > 0 ? { merged: input.mergedCount } : {}),
      issueCount: input.issueCount,
      issues: of(input.name, 'record'),
      moreIssues: moreOf(input.name, 'record'),
      noteCount: input.noteCount,
      ...(input.refusedBranches > 0 ? { refusedBranches: input.refusedBranches } : {}),
      notes: of(input.name, 'note'),
      moreNotes: moreOf(input.name, 'note'),
    })),
    tasks: facts.tasks,
    rollouts: facts.rollouts,
    ...(repeatedText(facts.repeated) === '' ? {} : { repeated: facts.repeated }),
    trajectories: facts.trajectories,
    tokens: { flat: facts.tokens.flat, distinct: facts.tokens.distinct, por: facts.tokens.por, sampled: facts.tokens.sampled },
    nodes: facts.nodes,
    events: facts.events,
    ...(facts.images > 0 ? { images: facts.images } : {}),
    ...(facts.impossibleNumbers > 0 ? { impossibleNumbers: facts.impossibleNumbers } : {}),
    rewards: facts.rewards,
    joined: facts.joined,
    tokenSource: tokenText(facts.tokenOrigin),
    entropySource: entropyText(facts.entropy),
    entropyCoverage: facts.entropy.coverage,
    suited: { target: facts.suited.target, because: suitedText(facts.suited) },
    preset: { id: facts.suited.preset, because: presetReason(facts.suited) },
  };
}

function byFile<T extends { readonly file: string }>(list: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const files = new Map<string, T[]>();
  for (const entry of list) {
    const of = files.get(entry.file);
    if (of === undefined) files.set(entry.file, [entry]);
    else of.push(entry);
  }
  return files;
}

function presetReason(suited: DatasetFacts['suited']): string {
  return presetText(suited, PRESETS.find(({ id }) => id === suited.preset)?.label ?? suited.preset);
}

const SHOWN = 20;

function mergedText(merged: number): string {
  return merged > 0 ? ` (${countText(merged)} merged)` : '';
}

function inspectLines(facts: DatasetFacts, issues: readonly Issue[], more: readonly IssueCount[]): string[] {
  const lines = facts.inputs.map(
    (input) =>
      `${input.name}  ${input.formatLabel}, ${bytesText(input.bytes)}: ${counted(input.records, 'record')} ` +
      `= ${counted(input.rollouts, 'rollout')}${mergedText(input.mergedCount)} + ${countText(input.issueCount)} with issues`,
  );
  lines.push(
    '',
    `${counted(facts.tasks, 'task')}, ${counted(facts.rollouts, 'rollout')}, ` +
      `${counted(facts.trajectories, 'trajectory', 'trajectories')}, ${counted(facts.nodes, 'node')}`,
    `tokens: ${countText(facts.tokens.flat)} flat, ${countText(facts.tokens.distinct)} distinct ` +
      `(${shareText(facts.tokens.por)} shared), ${countText(facts.tokens.sampled)} sampled; ${tokenText(facts.tokenOrigin)}`,
    `entropy: ${entropyText(facts.entropy)}, on ${shareText(facts.entropy.coverage)} of sampled tokens`,
    facts.rewards === null
      ? 'rewards: none'
      : `rewards: ${facts.rewards.min} to ${facts.rewards.max}, mean ` +
          `${facts.rewards.mean.toFixed(4)}, of ${counted(facts.rewards.known, 'rollout')}`,
    ...(joinedText(facts.joined) === '' ? [] : [`beside the logs: ${joinedText(facts.joined)}`]),
    ...(repeatedText(facts.repeated) === '' ? [] : [`told again: ${repeatedText(facts.repeated)}`]),
    ...(facts.images > 0 ? [`images: ${countText(facts.images)}, for which tokens hold only placeholders`] : []),
    ...(facts.impossibleNumbers > 0 ? [impossibleText(facts.impossibleNumbers)] : []),
    ...refusedTexts(facts),
    ...(facts.rollouts === 0
      ? []
      : [`suited for: ${facts.suited.target} (${suitedText(facts.suited)})`, `preset: ${presetReason(facts.suited)}`]),
  );
  for (const issue of issues.slice(0, SHOWN)) {
    lines.push(
      `${issue.severity === 'record' ? 'issue' : 'note'}  ${issue.file}${issue.line > 0 ? `:${issue.line}` : ''} ` +
        `(${addressText(issue.address)}) ${issue.code}: expected ${issue.expected}, found ${issue.found}`,
    );
  }
  const untold = more.reduce((sum, { count }) => sum + count, 0);
  const left = Math.max(0, issues.length - SHOWN) + untold;
  if (left > 0)
    lines.push(`… and ${countText(left)} more; --json prints ${untold > 0 ? 'the first of each kind and counts the others' : 'all'}`);
  return lines;
}
