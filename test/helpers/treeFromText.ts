/**
 * Draws a forest as text: one row per trajectory, words are tokens.
 *
 *   A B lo:result D!9 =1     A..Z sampled text, a..z not sampled (kind user); `:kind` and flags `.open .error .final`
 *   A B | C?0.5              `|` forces a segment boundary; `!9` entropy, `?0.5` surprisal, `~3` advantage, `[1,2]` bounds
 *   & A E                    another branch of the rollout above
 *   -- name                  starts a task (before the first: task `t`); `=1` at the end is the rollout's reward
 *
 * A segment ends where kind, flags or sampled change. Words have at most four characters, sorted as such.
 */
import { CHANNELS } from '../../src/core/model/batch.ts';
import { FLAG, KIND, NONE } from '../../src/core/model/kinds.ts';
import type { RolloutRow, TrajectoryBatch } from '../../src/core/model/batch.ts';
import { makeForestBuilder } from '../../src/core/tree/build.ts';
import { freeze } from '../../src/core/tree/freeze.ts';
import type { Frozen } from '../../src/core/tree/freeze.ts';

/** The integer that stands for a word; `wordOf` is its inverse. */
function tokenOf(word: string): number {
  if (!/^[\x21-\x7e]{1,4}$/.test(word)) throw new Error(`expected a word of 1 to 4 ASCII characters, found "${word}"`);
  let id = 0;
  for (let i = 0; i < 4; i++) id = id * 128 + (i < word.length ? word.charCodeAt(i) : 0);
  return id;
}

export function wordOf(token: number): string {
  let word = '';
  for (let shift = 21; shift >= 0; shift -= 7) {
    const code = (token >> shift) & 127;
    if (code !== 0) word += String.fromCharCode(code);
  }
  return word;
}

const WORD =
  /^([A-Za-z0-9_]+)(?::([a-z]+))?((?:\.[a-z]+)*)(?:!([-\d.eE]+))?(?:\?([-\d.eE]+))?(?:~([-\d.eE]+))?(?:\[([-\d.eE]+),([-\d.eE]+)\])?$/;

function numberOf(names: Readonly<Record<string, number>>, name: string): number {
  const number = names[name];
  if (number === undefined) throw new Error(`expected one of ${Object.keys(names).join(', ')}, found "${name}"`);
  return number;
}

/** The drawn rows as one batch. Actions: one per segment, named by its words. */
export function batchFromText(text: string): TrajectoryBatch {
  const rollouts: RolloutRow[] = [];
  const trajectoryRollout: number[] = [];
  const trajectoryBranch: number[] = [];
  const trajectoryStart = [0];
  const trajectorySegment = [0];
  const tokens: number[] = [];
  const segmentStart: number[] = [];
  const segmentKind: number[] = [];
  const segmentFlags: number[] = [];
  const channels = CHANNELS.map((): number[] => []);
  let task = 't';
  for (const [line, row] of text
    .split('\n')
    .map((line) => line.trim())
    .entries()) {
    if (row === '') continue;
    if (row.startsWith('-- ')) {
      task = row.slice(3);
      continue;
    }
    const words = row.split(/\s+/);
    const reward = words.at(-1)!.startsWith('=') ? Number(words.pop()!.slice(1)) : null;
    if (words[0] === '&') {
      words.shift();
      trajectoryBranch.push(trajectoryBranch.at(-1)! + 1);
    } else {
      trajectoryBranch.push(0);
      rollouts.push({
        id: `r${rollouts.length}`,
        task,
        taskLabel: task,
        source: 0,
        line,
        address: { unit: 'bytes', start: line * 100, size: 100, member: 0 },
        reward,
        advantage: null,
        status: '',
        policy: '',
        startedAt: null,
      });
    }
    trajectoryRollout.push(rollouts.length - 1);
    let previous = '';
    for (const word of words) {
      if (word === '|') {
        previous = '';
        continue;
      }
      const match = WORD.exec(word);
      if (match === null) throw new Error(`expected a token as in "A:call.open!9", found "${word}"`);
      const [, name, kindName, flagNames, ...values] = match;
      const sampled = name >= 'A' && name < 'a';
      const kind = numberOf(KIND, kindName ?? (sampled ? 'text' : 'user'));
      let flags: number = sampled ? FLAG.sampled : 0;
      for (const flag of flagNames.split('.').slice(1)) flags |= numberOf(FLAG, flag);
      if (previous !== `${kind}.${flags}`) {
        segmentStart.push(tokens.length);
        segmentKind.push(kind);
        segmentFlags.push(flags);
        previous = `${kind}.${flags}`;
      }
      tokens.push(tokenOf(name));
      const [entropy, surprisal, advantage, low, high] = values.map((value) => (value === undefined ? Number.NaN : Number(value)));
      [entropy, low, high, surprisal, advantage].forEach((value, c) => channels[c].push(value));
    }
    trajectoryStart.push(tokens.length);
    trajectorySegment.push(segmentStart.length);
  }
  const actions: string[] = [];
  const segmentAction = segmentStart.map((start, s) => {
    const name = tokens
      .slice(start, segmentStart[s + 1] ?? tokens.length)
      .map(wordOf)
      .join(' ');
    return (actions.includes(name) ? 0 : actions.push(name), actions.indexOf(name));
  });
  return {
    rollouts,
    trajectoryRollout: Int32Array.from(trajectoryRollout),
    trajectoryBranch: Int32Array.from(trajectoryBranch),
    trajectoryStart: Int32Array.from(trajectoryStart),
    tokens: Int32Array.from(tokens),
    trajectorySegment: Int32Array.from(trajectorySegment),
    segmentStart: Int32Array.from(segmentStart),
    segmentKind: Uint8Array.from(segmentKind),
    segmentFlags: Uint8Array.from(segmentFlags),
    segmentTool: new Int32Array(segmentStart.length).fill(NONE),
    segmentAction: Int32Array.from(segmentAction),
    tools: [],
    actions,
    channels: channels.map((values) => (values.every(Number.isNaN) ? null : Float32Array.from(values))),
  };
}

/** The drawn rows as a frozen forest. */
export function treeFromText(text: string): Frozen & { readonly batch: TrajectoryBatch } {
  const batch = batchFromText(text);
  const builder = makeForestBuilder();
  builder.add(batch);
  return { ...freeze(builder), batch };
}
