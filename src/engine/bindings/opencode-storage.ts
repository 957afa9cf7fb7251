/**
 * The storage of opencode before it had a database: `session/<project>/<session>.json`, `message/<session>/<message>.json` and
 * `part/<message>/<part>.json`, which become the lines of one file for each session.
 * https://github.com/sst/opencode/blob/dev/packages/opencode/src/storage/storage.ts
 */
import { getString } from '../../formats/json.ts';
import { splitPath, type Binding, type Bound } from './binding.ts';

const FILE = /^((?:.*\/)?)(session|message|part)\/([^/]+)\/([^/]+)\.json$/;

interface Found {
  readonly path: string;
  /** Folder that it is in, and its own name. */
  readonly of: string;
  readonly name: string;
}

export const opencodeStorage: Binding = {
  id: 'opencode-storage',
  of: 'folder',
  fits: (first) => getString(first, 'id') !== undefined && getString(first, 'projectID') !== undefined,
  bind(paths) {
    const roots = new Map<string, Record<'session' | 'message' | 'part', Found[]>>();
    for (const path of paths.toSorted()) {
      const [, root = '', kind, of = '', name = ''] = FILE.exec(path) ?? [];
      if (kind !== 'session' && kind !== 'message' && kind !== 'part') continue;
      const found = roots.get(root) ?? { session: [], message: [], part: [] };
      found[kind].push({ path, of, name });
      roots.set(root, found);
    }
    return [...roots].flatMap(([root, { session, message, part }]): Bound[] => {
      if (session.length === 0 || message.length === 0 || part.length === 0) return [];
      const bySession = byFolder(message);
      const byMessage = byFolder(part);
      const known = new Set(message.map(({ name }) => name));
      const bound = (name: string, files: readonly Found[]): Bound => ({
        name,
        around: [],
        records: [{ name, files: files.map(({ path }) => ({ key: '', path })) }],
        passed: [],
        isLines: true,
      });
      // Where files are not named by the ids of their messages, only all of them together tell what is whose.
      const isNamed = [...byMessage.keys()].every((id) => known.has(id)) && session.every(({ name }) => bySession.has(name));
      if (!isNamed)
        return [bound(splitPath(root.slice(0, -1)).name === '' ? 'storage' : root.slice(0, -1), [...session, ...message, ...part])];
      return session.map((each) => {
        const messages = bySession.get(each.name) ?? [];
        return bound(each.path, [each, ...messages, ...messages.flatMap(({ name }) => byMessage.get(name) ?? [])]);
      });
    });
  },
};

function byFolder(files: readonly Found[]): Map<string, Found[]> {
  const folders = new Map<string, Found[]>();
  for (const file of files) {
    const found = folders.get(file.of) ?? [];
    found.push(file);
    folders.set(file.of, found);
  }
  return folders;
}
