/** The tools that it called. */
import type { RolloutColumnMember } from '../member.ts';

export const tool: RolloutColumnMember = {
  id: 'tool',
  columns: ({ facts: { tools } }) => [{ type: 'set', id: 'tool', label: 'tools', help: 'Tools that the policy called in it.', ...tools }],
};
