/** Secrets in the messages of records: counted by kind, with the first places and nothing of their value but its beginning. */
import type { MessageOut } from '../../../core/export/message-record.ts';
import type { FoundSecrets } from '../../answers/preflight.ts';
import type { BranchUnit } from '../units.ts';
import { secretId } from './redact.ts';
import { placeOf } from './record-counts.ts';
import { masked, SECRET_KINDS, secretsIn, type SecretKind } from './secrets.ts';

const PLACES = 3;
const MOST_VALUES = 200;

export interface SecretFinder {
  take(unit: BranchUnit, messages: readonly MessageOut[]): void;
  finish(): FoundSecrets[];
}

export function makeSecretFinder(): SecretFinder {
  const found = new Map<
    SecretKind,
    { times: number; records: number; values: Map<string, { masked: string; times: number }>; places: FoundSecrets['places'][number][] }
  >();
  return {
    take(unit, messages) {
      const here = new Set<SecretKind>();
      for (const [index, message] of messages.entries()) {
        for (const secret of textsOf(message).flatMap(secretsIn)) {
          const own = found.get(secret.kind) ?? {
            times: 0,
            records: 0,
            values: new Map<string, { masked: string; times: number }>(),
            places: [],
          };
          found.set(secret.kind, own);
          own.times++;
          if (!here.has(secret.kind)) own.records++;
          here.add(secret.kind);
          const value = secretId(secret.value);
          if (own.places.length < PLACES && !own.values.has(value)) {
            own.places.push({ ...placeOf(unit), message: index + 1, role: message.role, masked: masked(secret) });
          }
          const known = own.values.get(value) ?? { masked: masked(secret), times: 0 };
          known.times++;
          own.values.set(value, known);
        }
      }
    },
    finish: () =>
      SECRET_KINDS.flatMap((kind): FoundSecrets[] => {
        const own = found.get(kind.id);
        if (!own) return [];
        const { times, records, values, places } = own;
        const shown = Array.from(values, ([id, value]) => ({ id, ...value })).slice(0, MOST_VALUES);
        return [
          {
            kind: kind.id,
            label: kind.label,
            isPersonal: 'isPersonal' in kind,
            times,
            different: values.size,
            values: shown,
            records,
            places,
          },
        ];
      }),
  };
}

/** All that a message says: its texts, its thoughts, and the arguments of its calls. */
function textsOf({ content, reasoning_content: thoughts, tool_calls: calls }: MessageOut): string[] {
  const texts = typeof content === 'string' ? [content] : content.flatMap((entry) => (isText(entry) ? [entry.text] : []));
  return [...texts, ...(thoughts === undefined ? [] : [thoughts]), ...(calls ?? []).map((call) => call.function.arguments)];
}

function isText(entry: unknown): entry is { readonly text: string } {
  return typeof entry === 'object' && entry !== null && 'text' in entry && typeof entry.text === 'string';
}
