/** The shape of a model, from which FLOPs are estimated, as a setting: `PARAMETERS,LAYERS,WIDTH`. */
import { parsed, type OptionalField } from './field.ts';
import { member } from './json.ts';

/** For FLOPs: forward cost per token is 2·parameters + 4·layers·width·position. */
export interface ModelShape {
  readonly parameters: number;
  readonly layers: number;
  readonly width: number;
}

export function shape(spec: Omit<OptionalField<'shape', ModelShape>, 'type' | 'read' | 'parse' | 'write' | 'default'>) {
  return {
    ...spec,
    type: 'shape',
    default: undefined,
    read: readShape,
    parse(text) {
      const [parameters, layers, width, ...rest] = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
      return parsed(
        rest.length > 0 ? undefined : readShape({ parameters, layers, width }),
        'PARAMETERS,LAYERS,WIDTH such as 8e9,32,4096',
        text,
      );
    },
    write: ({ parameters, layers, width }) => `${parameters},${layers},${width}`,
  } satisfies OptionalField<'shape', ModelShape>;
}

function readShape(value: unknown): ModelShape | undefined {
  const parameters = member(value, 'parameters');
  const layers = member(value, 'layers');
  const width = member(value, 'width');
  if (typeof parameters !== 'number' || typeof layers !== 'number' || typeof width !== 'number') return undefined;
  const isShape = parameters > 0 && layers >= 0 && width >= 0 && parameters + layers + width < Infinity;
  return isShape ? { parameters, layers, width } : undefined;
}
