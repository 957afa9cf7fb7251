/** The life of something that work is asked of: what is under way when it ends rejects, and what has settled leaves nothing behind. */

export interface Lifetime {
  /** Settles as `work` does, or rejects with the error of `end` where that comes first. Once settled, nothing here refers to it. */
  during<T>(work: PromiseLike<T>): Promise<T>;
  /** Rejects all that is under way, and all that is asked for afterwards. The first reason stands. */
  end(error: Error): void;
}

/** A race against a promise that never settles would hold every answer: here each piece of work takes its rejecter away with it. */
export function makeLifetime(): Lifetime {
  const underWay = new Set<(error: Error) => void>();
  let over: Error | null = null;
  return {
    during<T>(work: PromiseLike<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (over !== null) {
          reject(over);
          return;
        }
        underWay.add(reject);
        work.then(
          (value) => {
            underWay.delete(reject);
            resolve(value);
          },
          (error: unknown) => {
            underWay.delete(reject);
            reject(error instanceof Error ? error : new Error(String(error)));
          },
        );
      });
    },
    end(error) {
      if (over !== null) return;
      over = error;
      for (const reject of underWay) reject(error);
      underWay.clear();
    },
  };
}
