/** Tags that are said of tasks: by hand, by a file, or by a guess that a person took over. */
import { AXIS_IDS, isAxisId, isTagOf, type AxisId } from './axes.ts';

/** Who said it, the strongest first: what is weaker never takes the place of what is stronger. */
export const TAG_SOURCES = ['hand', 'file', 'guess'] as const;
export type TagSource = (typeof TAG_SOURCES)[number];

export interface AxisTag {
  readonly axis: AxisId;
  readonly tag: string;
  readonly source: TagSource;
}

/** What is said of a task, at most one tag an axis, in the order of the axes. */
export type AxisTags = readonly AxisTag[];

export const NO_TAGS: AxisTags = [];

export function tagOn(tags: AxisTags, axis: AxisId): AxisTag | null {
  return tags.find((each) => each.axis === axis) ?? null;
}

function inOrder(tags: readonly AxisTag[]): AxisTags {
  return AXIS_IDS.flatMap((axis) => tags.find((each) => each.axis === axis) ?? []);
}

/** The tags with this in place of what was said on its axis, by whomever; null: nothing is said on it any more. */
export function withTag(tags: AxisTags, axis: AxisId, said: Omit<AxisTag, 'axis'> | null): AxisTags {
  const others = tags.filter((each) => each.axis !== axis);
  return inOrder(said === null ? others : [...others, { axis, ...said }]);
}

/** What two say of one task: on each axis the stronger source, and of equal ones `more`. */
export function joinTags(tags: AxisTags, more: AxisTags): AxisTags {
  return inOrder(
    AXIS_IDS.flatMap((axis) => {
      const [before, after] = [tagOn(tags, axis), tagOn(more, axis)];
      if (before === null || after === null) return before ?? after ?? [];
      return TAG_SOURCES.indexOf(after.source) <= TAG_SOURCES.indexOf(before.source) ? after : before;
    }),
  );
}

/** One tag of untrusted members, or what was expected. */
export function readTag(axis: unknown, tag: unknown, source: unknown): AxisTag | string {
  if (!isAxisId(axis)) return `an axis, one of ${AXIS_IDS.join(', ')}`;
  if (!isTagOf(axis, tag)) return `a tag of ${axis} (docs/axes.md)`;
  const by = TAG_SOURCES.find((each) => each === source);
  if (by === undefined) return `a source, one of ${TAG_SOURCES.join(', ')}`;
  return { axis, tag, source: by };
}

/** Of a list of untrusted members, or null where it is none, or says two things on one axis. */
export function readTags(list: unknown): AxisTags | null {
  if (!Array.isArray(list)) return null;
  const tags: AxisTag[] = [];
  for (const each of list as readonly unknown[]) {
    const members = new Map<string, unknown>(typeof each === 'object' && each !== null ? Object.entries(each) : []);
    const tag = readTag(members.get('axis'), members.get('tag'), members.get('source'));
    if (typeof tag === 'string' || tagOn(tags, tag.axis) !== null) return null;
    tags.push(tag);
  }
  return inOrder(tags);
}
