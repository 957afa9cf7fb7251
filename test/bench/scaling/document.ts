/** docs/scaling.md, from what was measured: every sentence with a number is made of these. */
import type { NodePoint } from './forests.ts';
import type { PageOpening } from './in-browser.ts';
import type { PartCost } from './commands.ts';
import type { Opening } from './openings.ts';
import { fitPowerLaw, type Point, type PowerLaw } from './fit.ts';

export interface Measured {
  readonly machine: { readonly cores: number; readonly model: string; readonly memoryBytes: number; readonly node: string };
  /** Both kinds, three sizes, one and two threads. */
  readonly bySize: readonly Opening[];
  readonly byGroup: readonly Opening[];
  readonly byShare: readonly Opening[];
  readonly byNodes: readonly NodePoint[];
  readonly part: PartCost;
  /** Empty where there was no Chromium. */
  readonly inBrowser: readonly (PageOpening & { readonly kind: Opening['kind'] })[];
}

const GB = 1e9;
const TB = 1e12;
const KIND = { chat: 'chat without ids', tokens: 'token ids and log-probs' } as const;

export function documentOf(measured: Measured): string {
  return [
    '# How cost grows',
    madeBy(measured),
    '## With the size of the log',
    sizeSection(measured),
    '## With rollouts per task, and with what they share',
    shapeSection(measured),
    '## With nodes',
    nodeSection(measured.byNodes),
    '## What breaks first',
    breakSection(measured),
    '## A terabyte on a cluster',
    clusterSection(measured.part),
  ].join('\n\n');
}

function madeBy({ machine: { cores, model, memoryBytes, node } }: Measured): string {
  return (
    'Made by `npm run scaling`; nothing here is written by hand. Each opening is one run in a process of its own, of a log that ' +
    '`test/bench/data` generates, ' +
    `after a smaller one that warms up.\nMachine: ${cores} cores (${model}), ${(memoryBytes / 2 ** 30).toFixed(0)} GiB, Node ${node}. ` +
    'Exponents are least squares in logarithms: 1 is linear, 0 does not grow. R² is the share of the variance that the law explains; ' +
    'three points can hide much. Processor time is of all threads together.'
  );
}

function sizeSection({ bySize, inBrowser }: Measured): string {
  const rows = bySize.map(({ kind, bytes, threads, ms, cpuMs, peakBytes, restingBytes, distinct }) => [
    KIND[kind],
    megabytes(bytes),
    String(threads),
    seconds(ms / 1000),
    seconds(cpuMs / 1000),
    figure(bytes / 1e3 / ms),
    megabytes(peakBytes - restingBytes),
    thousands(distinct),
    seconds(pageOf(inBrowser, kind, bytes, threads)?.seconds ?? NaN),
    milliseconds(pageOf(inBrowser, kind, bytes, threads)?.longestTask ?? NaN),
  ]);
  const laws: string[][] = [];
  for (const kind of ['chat', 'tokens'] as const) {
    for (const threads of [1, 2]) {
      const own = bySize.filter((opening) => opening.kind === kind && opening.threads === threads);
      const law = (y: (opening: Opening) => number): string =>
        said(fitPowerLaw(own.map((opening) => ({ x: opening.bytes, y: y(opening) }))));
      laws.push([
        KIND[kind],
        `${threads} thread${threads === 1 ? '' : 's'} in Node`,
        law(({ ms }) => ms),
        law(({ cpuMs }) => cpuMs),
        law(({ peakBytes, restingBytes }) => peakBytes - restingBytes),
      ]);
    }
    const pages = inBrowser.filter((opening) => opening.kind === kind);
    if (pages.length > 0) {
      const law = fitPowerLaw(pages.map(({ bytes, seconds: y }): Point => ({ x: bytes, y })));
      laws.push([KIND[kind], 'Chromium', said(law), '', '']);
    }
  }
  const headings = [
    'log',
    'MB',
    'threads',
    's',
    'processor s',
    'MB/s',
    'peak MB above rest',
    'distinct tokens',
    's in Chromium',
    'longest task, ms',
  ];
  return (
    `${table(headings, rows)}\n\nChromium chooses its number of threads by itself and stands in the rows of two; its time runs from ` +
    `the choice of the ` +
    `file to the drawn tree, Node's to the frozen ` +
    `forest.\n\n${table(['log', 'where', 'time', 'processor time', 'peak memory'], laws)}\n\n` +
    twoThreads(bySize)
  );
}

function pageOf(
  pages: Measured['inBrowser'],
  kind: Opening['kind'],
  bytes: number,
  threads: number,
): Measured['inBrowser'][number] | undefined {
  return threads === 2 ? pages.find((page) => page.kind === kind && page.bytes === bytes) : undefined;
}

function twoThreads(bySize: readonly Opening[]): string {
  const gains = (['chat', 'tokens'] as const).map((kind) => {
    const largest = bySize.filter((opening) => opening.kind === kind).reduce((most, { bytes }) => Math.max(most, bytes), 0);
    const time = (threads: number): number =>
      bySize.find((opening) => opening.kind === kind && opening.threads === threads && opening.bytes === largest)?.ms ?? NaN;
    return `${figure(time(1) / time(2))} × as fast for ${KIND[kind]}`;
  });
  return `Two parse threads instead of one, on the largest log: ${gains.join(', ')}. The session's own thread works beside them.`;
}

function shapeSection({ byGroup, byShare }: Measured): string {
  const rowOf = (opening: Opening, first: string): string[] => [
    first,
    megabytes(opening.bytes),
    seconds(opening.ms / 1000),
    seconds(opening.cpuMs / 1000),
    thousands(opening.flat),
    thousands(opening.distinct),
    figure(opening.flat / opening.distinct),
  ];
  const heads = ['MB', 's', 'processor s', 'flat tokens', 'distinct tokens', 'flat ÷ distinct'];
  const law = (openings: readonly Opening[], x: (opening: Opening) => number): string =>
    said(fitPowerLaw(openings.map((opening) => ({ x: x(opening), y: opening.cpuMs }))));
  return (
    `${table(
      ['rollouts per task', ...heads],
      byGroup.map((opening) => rowOf(opening, String(opening.group))),
    )}\n\n` +
    `Processor time by rollouts per task, at one size of file: exponent ${law(byGroup, ({ group = NaN }) => group)}.\n\n` +
    `${table(
      ['messages taken over from an earlier rollout', ...heads],
      byShare.map((opening) => rowOf(opening, `${((opening.shared ?? 0) * 100).toFixed(0)} %`)),
    )}\n\n` +
    `Processor time by distinct tokens: exponent ${law(byShare, ({ distinct }) => distinct)}. What repeats is read, and not ` +
    `tokenised or stored again.`
  );
}

function nodeSection(byNodes: readonly NodePoint[]): string {
  const columns = [
    ['order and counters, ms', ({ orderMs }: NodePoint) => orderMs],
    ['tick with all figures, ms', ({ tickMs }: NodePoint) => tickMs],
    ['icicle placed, ms', ({ layoutMs }: NodePoint) => layoutMs],
    ['frame of the whole, ms', ({ frameMs }: NodePoint) => frameMs],
    ['nodes looked at in it', ({ looked }: NodePoint) => looked],
  ] as const;
  const rows = byNodes.map((point) => [thousands(point.nodes), ...columns.map(([, of]) => figure(of(point)))]);
  const laws = columns.map(([, of]) => said(fitPowerLaw(byNodes.map((point) => ({ x: point.nodes, y: of(point) })))));
  return (
    `${table(['nodes', ...columns.map(([name]) => name)], [...rows, ['exponent', ...laws]])}\n\nGenerated forests of rollouts ` +
    `that fork from one another, strategy of the default rule, a window of 1600 × 1000 pixels, our own work without the browser's ` +
    `painting.`
  );
}

/** Sizes of memory that are common, GiB. */
const MEMORIES = [4, 16, 64] as const;

function breakSection({ bySize, byNodes }: Measured): string {
  const lines = (['chat', 'tokens'] as const).map((kind) => {
    const own = bySize.filter((opening) => opening.kind === kind && opening.threads === 2);
    const largest = own.reduce((most, opening) => (opening.bytes > most.bytes ? opening : most));
    const perByte = (largest.peakBytes - largest.restingBytes) / largest.bytes;
    const sizes = MEMORIES.map((gibibytes) => `${figure((gibibytes * 2 ** 30) / perByte / GB)} GB in ${gibibytes} GiB`);
    return (
      `- **Memory, ${KIND[kind]}**: ${figure(perByte)} bytes at the peak for each byte of the largest log here, so about ` +
      `${sizes.join(', ')}. Beyond, \`--stream\` (docs/at-any-size.md).`
    );
  });
  const largest = byNodes.reduce((most, point) => (point.nodes > most.nodes ? point : most));
  const ids = bySize
    .filter((opening) => opening.kind === 'tokens')
    .reduce((most, opening) => (opening.bytes > most.bytes ? opening : most));
  return [
    ...lines,
    `- **A change of rule**: ${figure(largest.orderMs / 1000)} s at ${thousands(largest.nodes)} nodes; it grows with the nodes, and ` +
      `everything that a person does to the slider afterwards does not.`,
    `- **Columns**: tokens are counted in 32 bits, so a forest holds at most 2^31 − 1 distinct ones: ` +
      `${figure((2 ** 31 * ids.bytes) / ids.distinct / GB)} GB of a log of ids as dense as the largest here.`,
    '',
    'These are extrapolations along the measured law, not runs.',
  ].join('\n');
}

function clusterSection({ bytes, steps, curveBytes, taskListBytes }: PartCost): string {
  const rows = steps.map(({ step, seconds: wall, cpuSeconds }) => [
    `\`espalier ${step}\``,
    seconds(wall),
    seconds(cpuSeconds),
    step === 'share' ? '' : figure((cpuSeconds / bytes) * GB),
    step === 'share' ? '' : figure(((cpuSeconds / bytes) * TB) / 3600),
  ]);
  const whole = steps.filter(({ step }) => step !== 'share').reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const share = steps.find(({ step }) => step === 'share');
  const parts = Math.ceil(TB / bytes);
  return (
    `One part of ${megabytes(bytes)} MB of chat without ids, preset \`rl\`, each step a process as integrations/spark starts it:\n\n` +
    `${table(['step', 's', 'processor s', 'processor s per GB', 'core hours per TB'], rows)}\n\n` +
    `- **Core hours**: ${figure(((whole / bytes) * TB) / 3600)} for 1 TB, all steps together; on 100 cores ` +
    `${figure(((whole / bytes) * TB) / 3600 / 100)} hours where parts spread evenly. Times a price per core hour that is the bill.\n` +
    `- **Parts**: ${thousands(parts)} of this size. Their curves are ${figure(((curveBytes / bytes) * TB) / GB)} GB, the list of ` +
    `tasks ${figure(((taskListBytes / bytes) * TB) / GB)} GB.\n` +
    `- **The one step that is not parallel** is \`espalier share\`, which reads all curves: ${seconds(share?.cpuSeconds ?? NaN)} s ` +
    `for one part, of which most is starting; ` +
    `at most ${figure(((share?.cpuSeconds ?? NaN) * parts) / 3600)} hours for all, if it grows with them.\n\n` +
    "Extrapolated from one part on this machine: no terabyte was pruned, and Spark's own reading, shuffling and network are not in it. " +
    '`test/trainers/cluster.test.ts` holds the Spark and Ray jobs to the bytes of one process, on small logs.\n'
  );
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

function said({ exponent, explained }: PowerLaw): string {
  return Number.isNaN(exponent) ? '' : `${exponent.toFixed(2)} (R² ${explained.toFixed(2)})`;
}

function figure(value: number): string {
  if (Number.isNaN(value)) return '';
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

const megabytes = (bytes: number): string => figure(bytes / 1e6);
const seconds = (value: number): string => figure(value);
const milliseconds = (value: number): string => figure(value);
const thousands = (value: number): string => value.toLocaleString('en');
