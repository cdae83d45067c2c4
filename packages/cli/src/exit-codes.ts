/** The exit codes. Scripts depend on them, so a number never changes its meaning. */
export const EXIT = {
  /** The command did what it was asked for; with `verify`: the token is accepted. */
  good: 0,
  /** The token is refused: also one without a signature, which can be read very well. */
  refused: 1,
  /** The command line is wrong: an option, or a key that cannot be used. */
  usage: 2,
  /** The token cannot be read as a token. `inspect`, which refuses nothing, says so of one without a signature, too. */
  malformed: 3,
  /** A file, standard input or the network failed. */
  unreachable: 4,
  /** A fault of tokenwright itself (EX_SOFTWARE of sysexits.h), kept apart so that it is never taken for an answer. */
  internal: 70,
  /** Ctrl-C at a prompt: 128 and the number of SIGINT, as shells have it. */
  interrupted: 130,
} as const;

/** One of {@link EXIT}. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
