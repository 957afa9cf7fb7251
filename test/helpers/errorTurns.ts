/** Turns of the real logs beside this repository, as error rules see them: what is drawn from, and what labels are held against. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TextHash } from '../../src/base/hash.ts';
import { findErrors } from '../../src/core/errors/find.ts';
import { ERROR_RULES } from '../../src/core/errors/registry.ts';
import type { Rollout } from '../../src/core/model/rollout.ts';
import { isTurn } from '../../src/core/errors/turns.ts';
import { inputFile } from './openSession.ts';
import { openDataset } from './openDataset.ts';
import { makeReadBack } from '../../src/engine/read-back.ts';

const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));
export const hasData = existsSync(join(DATA, 'MANIFEST.tsv'));

/** A turn by its address: the file below the data, the rollout's place when it is opened alone, the branch, and the event there. */
export interface ErrorTurn {
  readonly file: string;
  readonly rollout: number;
  readonly branch: number;
  readonly event: number;
  readonly format: string;
  /** 12 hexadecimal digits of what the turn says and of what is said up to the next one. */
  readonly hash: string;
  /** Rules that hit it. */
  readonly rules: readonly string[];
}

/** All files, by path. */
export function dataFiles(folder = DATA): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? dataFiles(path) : [relative(DATA, path).split(sep).join('/')];
    })
    .sort();
}

/** Rollouts of one file with the format that read them; none where it holds no messages. */
export async function rolloutsIn(file: string): Promise<{ readonly format: string; readonly rollout: Rollout }[]> {
  const dataset = await openDataset([inputFile(file, readFileSync(join(DATA, file)))]);
  const readBack = makeReadBack(dataset, undefined);
  const found: { format: string; rollout: Rollout }[] = [];
  for (const [index, { source }] of dataset.tokens.rollouts.entries()) {
    const format = dataset.opening.inputs[source]?.format;
    if (format?.hasMessages === true) found.push({ format: format.id, rollout: await readBack.rollout(index) });
  }
  return found;
}

/** Turns that the policy wrote, each once, of the rollouts in which a tool is called or the policy has two turns. */
export async function errorTurns(file: string): Promise<ErrorTurn[]> {
  return (await rolloutsIn(file)).flatMap(({ format, rollout }, index) => {
    const { branches } = rollout;
    const calls = branches.some(({ events }) => events.some(({ parts }) => parts.some(({ kind }) => kind === 'call')));
    const turns = Math.max(...branches.map(({ events }) => events.filter(({ sampled }) => sampled).length));
    if (!calls && turns < 2) return [];
    const { hits } = findErrors(rollout, ERROR_RULES);
    const rules = new Map<string, Set<string>>();
    for (const { branch, event, rule } of hits) {
      const key = `${branch} ${event}`;
      rules.set(key, (rules.get(key) ?? new Set()).add(rule));
    }
    const seen = new Set<string>();
    return branches.flatMap(({ events }, branch) =>
      events.flatMap(({ sampled }, event): ErrorTurn[] => {
        if (!sampled) return [];
        const hash = turnHash(rollout, branch, event);
        // Branches show a turn again.
        const key = `${event} ${hash}`;
        if (branch > 0 && seen.has(key)) return [];
        seen.add(key);
        return [{ file, rollout: index, branch, event, format, hash, rules: [...(rules.get(`${branch} ${event}`) ?? [])].sort() }];
      }),
    );
  });
}

function turnHash({ branches }: Rollout, branch: number, event: number): string {
  const hash = new TextHash();
  const events = branches[branch]?.events ?? [];
  for (let at = event; at < events.length && (at === event || !isTurn(events[at]!)); at++)
    for (const { kind, text, tool = '' } of events[at]?.parts ?? []) {
      hash.add(kind);
      hash.add(tool);
      hash.add(text);
    }
  return hash.digest().slice(0, 12);
}
