/**
 * Tree-of-Thoughts logs: per task `{idx, ys, infos | accs, steps?}`. Each of `ys` is a rollout; its lines fall together again with those of
 * others. Where there are no steps the log does not hold the puzzle, and its number stands for it.
 * https://github.com/princeton-nlp/tree-of-thought-llm
 */
import type { RolloutEvent } from '../core/model/rollout.ts';
import { accept, positionId, refuse, singleRollout } from './envelope.ts';
import type { Format } from './format.ts';
import { asLogged, describe, get, getId, getList, getString, isObject } from './json.ts';

export const treeOfThoughts: Format = {
  id: 'tree-of-thoughts',
  label: 'Tree of Thoughts',
  detects: (record) =>
    isObject(record) &&
    getId(record, 'idx') !== undefined &&
    getList(record, 'ys')?.every((y) => typeof y === 'string') === true &&
    (getList(record, 'infos') ?? getList(record, 'accs')) !== undefined,
  decode(record, context) {
    const ys = getList(record, 'ys') ?? [];
    if (ys.length === 0) return [refuse('ys-empty', 'at least one answer at ys', describe(get(record, 'ys')))];
    const puzzle = getString(getList(record, 'steps')?.[0], 'x') ?? `puzzle ${getId(record, 'idx') ?? ''}`;
    const prompt: RolloutEvent = { role: 'user', sampled: false, parts: [{ kind: 'user', text: puzzle }] };
    return ys.map((y, i) => {
      if (typeof y !== 'string') return refuse('y', `text at ys[${i}]`, describe(y));
      const events: RolloutEvent[] = [prompt, { role: 'assistant', sampled: true, parts: [{ kind: 'text', text: y }] }];
      const reward = asLogged(get(getList(record, 'infos')?.[i], 'r')) ?? asLogged(getList(record, 'accs')?.[i]) ?? null;
      return accept(singleRollout({ id: `${positionId(context)}.${i}`, reward }, events));
    });
  },
};
