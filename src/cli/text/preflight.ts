/** `espalier prune --check`: the one screen that answers whether one would train on what an export would write. */
import type { NamedTrained, Preflight } from '../../engine/answers/preflight.ts';
import { placeText, preflightFindings, preflightVerdict, shownName } from '../../engine/words/preflight.ts';
import { bytesText, counted, countText, shareText } from './figures.ts';

const NAMES = 30;
/** Where a finding begins, and the longest line of one. */
const FINDING = 11;
const WIDTH = 118;

export function preflightLines(seen: Preflight): string[] {
  const findings = preflightFindings(seen);
  const table = tableOf(seen);
  return [
    `Would I train on this? ${preflightVerdict(findings)}.`,
    '',
    ...findings.flatMap(({ level, text }) => findingLines(level === 'problem' ? '! problem' : '  note', text)),
    ...(findings.length > 0 ? [''] : []),
    `${counted(seen.records, 'record')}${seen.validation > 0 ? ` (${countText(seen.validation)} for validation)` : ''} of ` +
      `${counted(seen.tasks.withRecords, 'task')}: ${countText(seen.tokens)} tokens, ${countText(seen.trained)} with loss`,
    '',
    `${' '.repeat(NAMES + 10)}${'records'.padStart(18)}${'tokens with loss'.padStart(24)}`,
    ...table,
    '',
    ...lengthLines(seen),
    ...otherLines(seen),
  ];
}

function tableOf({ rewards, endings, kinds, tools, otherTools, tasks, records, trained }: Preflight): string[] {
  const row = (group: string, name: string, { records: own, tokens }: { records: number | null; tokens: number }): string =>
    `${group.padEnd(10)}${cut(name).padEnd(NAMES)}` +
    (own === null ? ' '.repeat(19) : countText(own).padStart(10) + ofAll(own, records)) +
    `${countText(tokens).padStart(15)}${ofAll(tokens, trained)}`;
  const block = (group: string, rows: readonly NamedTrained[]): string[] =>
    rows.filter((each) => each.records > 0).map((each, i) => row(i === 0 ? group : '', each.name, each));
  return [
    ...block('reward', [
      { name: 'above 0', ...rewards.above },
      { name: '0', ...rewards.zero },
      { name: 'below 0', ...rewards.below },
      { name: 'unknown', ...rewards.unknown },
    ]),
    ...block('ending', [
      { name: 'complete', ...endings.complete },
      { name: 'cut before its end', ...endings.cut },
      { name: 'cut off in the log', ...endings.truncated },
    ]),
    ...block('loss on', kinds),
    ...block('tool', tools),
    ...(otherTools.tools > 0 ? [row('', `${countText(otherTools.tools)} others`, { records: null, tokens: otherTools.tokens })] : []),
    ...block('task', tasks.largest),
  ];
}

function lengthLines({ lengths, records }: Preflight): string[] {
  if (records === 0) return [];
  const quantiles = lengths.quantiles.map(({ share, tokens }) =>
    share === 1 ? `longest ${countText(tokens)}` : `${share * 100} % ≤ ${countText(tokens)}`,
  );
  const limits = lengths.limits.map(({ limit, longer }) => `${countText(longer)} > ${countText(limit)}`);
  return [
    `length    ${quantiles.join(', ')} tokens`,
    `          ${limits.join(', ')}`,
    ...lengths.longest.map(
      (place, i) =>
        `${(i === 0 ? 'longest' : '').padEnd(10)}${countText(place.tokens).padStart(9)} tokens, ` +
        `${countText(place.trained)} with loss: ${placeText(place)}`,
    ),
  ];
}

function otherLines({ template, vocabulary, exact, near, secrets, secretsWhyNot, files, records }: Preflight): string[] {
  const { name, marksAnswers, turns, turnsTrained } = template;
  const marks = name === null ? '' : `, ${marksAnswers ? 'marks' : 'does not mark'} what the assistant says`;
  const drawn = near.compared < records ? `, of ${countText(near.compared)} drawn` : '';
  const estimated = near.estimated > 0 ? `, ${counted(near.estimated, 'pair')} by estimate` : '';
  const found = secrets?.map(({ label, times }) => `${label} ${countText(times)}`).join(', ');
  return [
    `template  ${name ?? 'none is open: Espalier’s plain marks'}${marks}`,
    `          ends of turns with loss ${countText(turnsTrained)} of ${countText(turns)}`,
    `ids       ${vocabulary.name}${vocabulary.outside === null ? ', none outside' : `, ${countText(vocabulary.outside.ids)} outside`}`,
    `copies    ${countText(exact.records)} exact; ${countText(near.records)} near ` +
      `(${shareText(near.least)} of runs of ${near.width} tokens${drawn}${estimated})`,
    `secrets   ${found === undefined ? `not looked for: ${secretsWhyNot ?? ''}` : found === '' ? 'none found' : found}`,
    ...files.map(
      (file, i) => `${(i === 0 ? 'files' : '').padEnd(10)}${file.name}  ${counted(file.records, 'record')}, ${bytesText(file.bytes)}`,
    ),
  ];
}

const ofAll = (part: number, whole: number): string => (whole > 0 ? shareText(part / whole) : '').padStart(9);

function cut(name: string): string {
  const plain = shownName(name);
  return plain.length < NAMES ? plain : `${plain.slice(0, NAMES - 2)}…`;
}

/** The word in a column of its own. */
function findingLines(word: string, text: string): string[] {
  const lines: string[] = [];
  let line = word.padEnd(FINDING);
  for (const part of text.split(' ')) {
    if (line.length > FINDING && line.length + part.length > WIDTH) {
      lines.push(line.trimEnd());
      line = ' '.repeat(FINDING);
    }
    line += `${part} `;
  }
  return [...lines, line.trimEnd()];
}
