/** Members of an archive, those that are records only together as one. */
import { bytesAt } from '../../core/model/address.ts';
import type { Member } from '../containers/container.ts';
import type { InputFault } from '../readers/reader.ts';
import { joinBound } from './join.ts';
import { BINDINGS } from './registry.ts';

/** `notes`: what is wrong with files of it, once its bytes were read. */
export interface BoundMember extends Member {
  readonly notes: readonly InputFault[];
}

/**
 * What is bound comes first, all else in order. Of two members of one path in one binding the last counts: archives are added to by
 * writing a file again. Throws where `members` does, after those that it gave.
 */
export async function* bindMembers(members: AsyncIterable<Member>): AsyncGenerator<BoundMember> {
  const all: Member[] = [];
  let failed: { readonly error: unknown } | null = null;
  try {
    for await (const member of members) all.push(member);
  } catch (error) {
    failed = { error };
  }
  const byPath = new Map(all.map((member) => [member.name ?? '', member]));
  const paths = all.flatMap(({ name }) => name ?? []);
  const used = new Set<string>();
  for (const binding of BINDINGS.filter(({ of }) => of === 'archive'))
    for (const bound of binding.bind(paths.filter((path) => !used.has(path)))) {
      for (const { path } of [...bound.around, ...bound.records.flatMap(({ files }) => files)]) used.add(path);
      for (const path of bound.passed) used.add(path);
      const notes: InputFault[] = [];
      const onFault = (path: string, found: string): void =>
        void notes.push({
          line: 0,
          address: bytesAt(0),
          code: 'damaged-archive',
          expected: 'members that can be unpacked',
          found: `${path}: ${found}`,
        });
      const bytes = joinBound(bound, (path) => byPath.get(path)?.bytes ?? nothing(), onFault);
      yield { name: bound.name === '' ? null : bound.name, bytes, notes };
    }
  for (const member of all) if (member.name === null || !used.has(member.name)) yield { ...member, notes: [] };
  if (failed !== null) throw failed.error;
}

async function* nothing(): AsyncGenerator<never> {
  // No bytes.
}
