/**
 * A conversation as the OpenHands SDK keeps it: `events/event-<number>-<id>.json`, a file for each event, and `base_state.json` beside.
 * https://github.com/OpenHands/software-agent-sdk/blob/main/openhands-sdk/openhands/sdk/conversation/persistence_const.py
 */
import { getString } from '../../formats/json.ts';
import { splitPath, type Binding, type Bound } from './binding.ts';

const EVENT = /^event-(\d+)-[\w-]+\.json$/;

export const eventFiles: Binding = {
  id: 'event-files',
  of: 'folder',
  fits: (first) => getString(first, 'kind') !== undefined && getString(first, 'timestamp') !== undefined,
  bind(paths) {
    const all = new Set(paths);
    const folders = new Map<string, { readonly path: string; readonly at: number }[]>();
    for (const path of paths) {
      const { folder, name } = splitPath(path);
      const [, at] = EVENT.exec(name) ?? [];
      if (at === undefined || folder === '') continue;
      const events = folders.get(folder) ?? [];
      events.push({ path, at: Number(at) });
      folders.set(folder, events);
    }
    return [...folders].map(([folder, events]): Bound => {
      const own = splitPath(folder);
      const name = own.name === 'events' && own.folder !== '' ? own.folder : folder;
      const files = events.toSorted((a, b) => a.at - b.at).map(({ path }) => ({ key: 'events', sub: splitPath(path).name, path }));
      const state = `${name}/base_state.json`;
      return {
        name,
        around: [],
        records: [{ name, files: all.has(state) ? [...files, { key: 'state', path: state }] : files }],
        passed: [],
      };
    });
  },
};
