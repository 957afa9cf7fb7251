/** The fields of its record beside the conversation. */
import type { RolloutColumnMember } from '../member.ts';

export const fields: RolloutColumnMember = { id: 'field.', columns: ({ facts }) => facts.fields };
