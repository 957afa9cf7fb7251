/** The width of an element as it is on the screen, for pictures that fill it. */
import { useCallback, useState, type RefCallback } from 'react';

/** @param least CSS pixels; what it is taken for before it is known. @returns the width, and what the element is given as `ref` */
export function useWidth(least: number): readonly [number, RefCallback<HTMLElement>] {
  const [width, setWidth] = useState(least);
  const measure = useCallback(
    (element: HTMLElement | null) => {
      if (!element) return undefined;
      const observer = new ResizeObserver(() => setWidth(Math.max(least, element.clientWidth)));
      observer.observe(element);
      return () => observer.disconnect();
    },
    [least],
  );
  return [width, measure];
}
