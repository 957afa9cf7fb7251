/** The canvas, which all drawn arrangements share, so that it keeps its camera from one to the next. */
import { lazy } from 'react';

export const Drawn = lazy(() => import('../tree/tree-host.tsx').then(({ TreeHost }) => ({ default: TreeHost })));
