/** The lines of a stack trace that are nobody's program: the runtime and installed packages. */
const NOT_THE_USERS = /\bnode:|[\\/]node_modules[\\/]|\(<anonymous>\)$|\(native\)$/;

/** Where this library stands, seen in the line of a trace that belongs to its errors. */
const OWN_FOLDER = /\(?([^()\s][^()]*[\\/])core[\\/](?:errors|stack-trace)\.[cm]?[jt]s:\d+:\d+\)?$/;

/** How many lines are looked at: those of the user stand below those of the library. */
const DEPTH = 100;

/** Stack traces of an error: all of it, and what leads to the line of the user's program. */
export function tracesOf(error: Error): { readonly full: string; readonly own: string } {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = DEPTH;
  try {
    Error.captureStackTrace(error);
  } finally {
    Error.stackTraceLimit = limit;
  }
  const title = `${error.name}: ${error.message}`;
  const full = error.stack ?? title;
  const lines = full
    .slice(full.startsWith(title) ? title.length : 0)
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  const folder = lines.map((line) => OWN_FOLDER.exec(line.replace(/^\s+at (?:.* (?=\())?/, ''))?.[1]).find(Boolean);
  const own = lines.filter((line) => !NOT_THE_USERS.test(line) && (folder === undefined || !line.includes(folder)));
  return { full, own: [title, ...own.slice(0, limit)].join('\n') };
}
