/** A folder whose files are model calls of one rollout, named `<model>-<seconds since the epoch>.json`: OpenHands' `llm_completions`. */
import { getList, getObject } from '../../formats/json.ts';
import { splitPath, type Binding, type Bound } from './binding.ts';

const CALL = /^.+-(\d{10}(?:\.\d+)?)\.json$/;

export const callFolders: Binding = {
  id: 'call-files',
  of: 'folder',
  fits: (first) => getList(first, 'messages') !== undefined && getObject(first, 'response') !== undefined,
  bind(paths) {
    const folders = new Map<string, { readonly path: string; readonly time: number }[]>();
    for (const path of paths) {
      const { folder, name } = splitPath(path);
      const [, time] = CALL.exec(name) ?? [];
      if (time === undefined || folder === '') continue;
      const calls = folders.get(folder) ?? [];
      calls.push({ path, time: Number(time) });
      folders.set(folder, calls);
    }
    return [...folders].flatMap(([name, calls]): Bound[] => {
      if (calls.length < 2) return [];
      const files = calls.toSorted((a, b) => a.time - b.time).map(({ path }) => ({ key: 'calls', sub: splitPath(path).name, path }));
      return [{ name, around: [], records: [{ name, files }], passed: [] }];
    });
  },
};
