/**
 * The seeded draw of turns that a reader labels, in strata of format and of what the rules hit when it was drawn. A stratum's turns are
 * taken by the smallest hashes of seed and address, so no order of files decides.
 */
import { TextHash } from '../../src/base/hash.ts';
import type { ErrorTurn } from './errorTurns.ts';

const SEED = 13;

/** Of a turn that several rules hit, the rule that comes first here names its stratum: the rarer ones first. */
const RAREST_FIRST = [
  'http-status',
  'schema',
  'no-op-edit',
  'format-error',
  'reported',
  'repeated-call',
  'traceback',
  'exit-code',
  'flagged',
];
/** Formats with fewer turns in the data are one stratum together. */
const FEW = 60;
/** Turns of a stratum that some rule hits, and by format those of strata that none hits. */
const OF_HITS = 6;
const OF_OTHERS: Readonly<Record<string, number>> = {
  tau2: 24,
  'mini-swe-agent': 24,
  'tau-bench': 14,
  'verifiers-results': 12,
  chat: 12,
  sharegpt: 10,
  'nemo-gym': 10,
  'swe-agent': 10,
  pi: 8,
  'claude-code': 6,
  adp: 4,
  openhands: 4,
  treerl: 2,
  marti: 2,
  other: 8,
};

export interface DrawnTurn extends ErrorTurn {
  readonly stratum: string;
  /** Turns of its stratum in the data, divided by those drawn of it. */
  readonly weight: number;
}

export function drawTurns(turns: readonly ErrorTurn[]): DrawnTurn[] {
  const counts = new Map<string, number>();
  for (const { format } of turns) counts.set(format, (counts.get(format) ?? 0) + 1);
  const strata = new Map<string, ErrorTurn[]>();
  for (const turn of turns) {
    const group = (counts.get(turn.format) ?? 0) < FEW ? 'other' : turn.format;
    const stratum = `${group}/${RAREST_FIRST.find((rule) => turn.rules.includes(rule)) ?? 'none'}`;
    strata.set(stratum, [...(strata.get(stratum) ?? []), turn]);
  }
  return [...strata]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([stratum, own]) => {
      const [group = '', rule] = stratum.split('/');
      const size = Math.min(own.length, rule === 'none' ? (OF_OTHERS[group] ?? 2) : OF_HITS);
      const byHash = own.map((turn) => ({ turn, hash: drawHash(turn) })).sort((a, b) => (a.hash < b.hash ? -1 : 1));
      return byHash.slice(0, size).map(({ turn }) => ({ ...turn, stratum, weight: own.length / size }));
    });
}

function drawHash({ file, rollout, branch, event }: ErrorTurn): string {
  const hash = new TextHash();
  hash.add(`${SEED} ${file} ${rollout} ${branch} ${event}`);
  return hash.digest();
}
