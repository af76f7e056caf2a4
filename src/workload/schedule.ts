/** One field of a schedule: what it may hold. */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day of the month', least: 1, most: 31, names: [] },
  { name: 'month', least: 1, most: 12, names: MONTHS },
  { name: 'day of the week', least: 0, most: 6, names: DAYS },
];

const WORDS = /^@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)$/;

/** What Kubernetes would refuse of a schedule, or undefined: five fields, or a word such as `@daily`. */
export function scheduleProblem(schedule: string): string | undefined {
  if (/^(?:CRON_)?TZ=/.test(schedule)) {
    return 'the time zone is a property of its own: timeZone';
  }
  if (schedule.startsWith('@')) {
    return WORDS.test(schedule) ? undefined : 'there is no such word';
  }
  const parts = schedule.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `it has ${parts.length} fields, and a schedule has five: minute, hour, day of the month, month, day of the week`;
  }
  const wrong = FIELDS.find((field, index) => !(parts[index] ?? '').split(',').every((part) => fits(part, field)));
  return wrong === undefined ? undefined : `the ${wrong.name} is none: ${wrong.least} to ${wrong.most}`;
}

function fits(part: string, field: Field): boolean {
  const [range = '', step, ...more] = part.split('/');
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) {
    return false;
  }
  if (range === '*' || range === '?') {
    return true;
  }
  const [from, to = from, ...others] = range.split('-').map((text) => numberOf(text, field));
  return others.length === 0 && from !== undefined && to !== undefined && from <= to;
}

function numberOf(text: string, { names, least, most }: Field): number | undefined {
  const named = names.indexOf(text.toUpperCase());
  const number = named >= 0 ? named + least : /^\d+$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number >= least && number <= most ? number : undefined;
}

/** What is wrong with the name of a time zone, or undefined. */
export function timeZoneProblem(name: string): string | undefined {
  // Offsets and abbreviations are no names of the database; `Local` means something else on every control plane.
  if (!/^(?:UTC|Etc\/[A-Za-z0-9+-]+|[A-Z][A-Za-z_]+(?:\/[A-Z][A-Za-z0-9_+-]+)+)$/.test(name)) {
    return 'this is not the name of a time zone';
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return undefined;
  } catch {
    return 'there is no such time zone';
  }
}
