/**
 * A trial of Harbor: `agent/trajectory.json` with its continuations and sub-agents beside it, the reward and the result in the folder
 * above. https://github.com/laude-institute/harbor/blob/main/src/harbor/models/trial/paths.py
 */
import { getString } from '../../formats/json.ts';
import { splitPath, type Binding, type Bound, type BoundFile } from './binding.ts';

const MAIN = 'trajectory.json';
const PART = /^trajectory\.[\w.-]+\.json$/;

export const harborTrial: Binding = {
  id: 'harbor-trial',
  of: 'folder',
  fits: (first) => getString(first, 'schema_version')?.startsWith('ATIF-') === true,
  bind(paths) {
    const all = new Set(paths);
    const folders = new Map<string, string[]>();
    for (const path of paths) {
      const { folder, name } = splitPath(path);
      if (folder !== '' && (name === MAIN || PART.test(name))) folders.set(folder, [...(folders.get(folder) ?? []), path]);
    }
    return [...folders].flatMap(([folder, trajectories]): Bound[] => {
      if (!all.has(`${folder}/${MAIN}`)) return [];
      const own = splitPath(folder);
      const trial = own.name === 'agent' ? own.folder : folder;
      const beside: BoundFile[] = [];
      const add = (key: string, ...names: readonly string[]): void => {
        const path = names.map((name) => `${trial}/${name}`).find((each) => all.has(each));
        if (path !== undefined) beside.push({ key, path, ...(path.endsWith('.txt') ? { isText: true } : {}) });
      };
      add('reward', 'verifier/reward.json', 'verifier/reward.txt');
      add('result', 'result.json');
      if (trajectories.length + beside.length < 2) return [];
      const files = trajectories.map((path) => ({ key: 'trajectories', sub: splitPath(path).name, path }));
      return [{ name: trial, around: [], records: [{ name: trial, files: [...files, ...beside] }], passed: [] }];
    });
  },
};
