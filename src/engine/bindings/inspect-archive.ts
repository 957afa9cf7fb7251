/**
 * `.eval` archives of Inspect AI: a header, and a file for each sample and epoch, or since July 2026 a folder of chunks, which are named
 * by the index of their first item. A run that was interrupted has a journal and no header.
 * https://github.com/UKGovernmentBEIS/inspect_ai/tree/main/src/inspect_ai/log/_recorders
 */
import type { Binding, Bound, BoundFile, BoundRecord } from './binding.ts';

/** Ids of samples may have slashes in them. */
const SAMPLE = /^((?:.*?\/)?)samples\/(.+_epoch_\d+)(?:\.json|\/([a-z_]+)(?:\/(\d+))?\.json)$/;
const HEADER = /^((?:.*?\/)?)(?:(header)|_journal\/(start))\.json$/;
const OTHER = /^((?:.*?\/)?)(?:(?:summaries|reductions)\.json|_journal\/summaries\/.*|samples\/.+_epoch_\d+\/.*)$/;
/** Files of a chunked sample that are not read: positions and counts of what the others hold. */
const UNREAD = new Set(['skeleton', 'stats', 'uuids']);

interface Found {
  readonly around: BoundFile[];
  readonly samples: Map<string, BoundFile[]>;
  readonly passed: string[];
}

export const inspectArchive: Binding = {
  id: 'inspect-archive',
  of: 'archive',
  bind(paths) {
    const logs = new Map<string, Found>();
    const at = (base: string): Found => {
      const found = logs.get(base) ?? { around: [], samples: new Map(), passed: [] };
      logs.set(base, found);
      return found;
    };
    for (const path of new Set(paths)) {
      const [, base = '', name, part, start] = SAMPLE.exec(path) ?? [];
      const [, ofHeader = '', header, journal] = HEADER.exec(path) ?? [];
      if (name !== undefined && !(part !== undefined && UNREAD.has(part))) {
        const files = at(base).samples.get(name) ?? [];
        files.push({ key: part ?? 'sample', ...(start === undefined ? {} : { sub: start }), path });
        at(base).samples.set(name, files);
      } else if (header !== undefined || journal !== undefined) at(ofHeader).around.push({ key: header ?? 'start', path });
      else {
        const [, other] = OTHER.exec(path) ?? [];
        if (other !== undefined) at(other).passed.push(path);
      }
    }
    return [...logs].flatMap(([base, { around, samples, passed }]): Bound[] => {
      if (around.length === 0 || samples.size + passed.length === 0) return [];
      const records = [...samples].map(([name, files]): BoundRecord => ({ name: `samples/${name}`, files: files.toSorted(byPlace) }));
      return [{ name: base.replace(/\/$/, ''), around, records, passed }];
    });
  },
};

/** Chunks by the index of their first item. */
function byPlace(a: BoundFile, b: BoundFile): number {
  return a.key === b.key ? Number(a.sub ?? 0) - Number(b.sub ?? 0) : a.key < b.key ? -1 : 1;
}
