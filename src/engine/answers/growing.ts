/** What following a growing file says after each look at it. */
export interface FollowAnswer {
  /** Of its input, for `poll`, `unfollow` and `remove`. */
  readonly name: string;
  /** Read so far: complete lines, unless following has ended. */
  readonly bytes: number;
  /** Seen behind them: the beginning of a line that is not complete. */
  readonly held: number;
  /** Why nothing more will be read, or null while it goes on. */
  readonly ended: string | null;
  /** Why it could not be looked at this time; absent where it was. */
  readonly unread?: string;
}

/** A file that grows, and of which nothing more is read. */
export interface Unfollowed {
  readonly path: string;
  readonly why: string;
  /** It is a record only together with other files. */
  readonly isPart?: true;
}
