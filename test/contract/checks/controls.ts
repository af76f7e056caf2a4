/** Changes that break the expectations on purpose; each check must notice its own. */
import { type Files, type Row, section } from '../data';

/** A change that a check must notice; it shows that the check can fail. */
export interface Control {
  readonly change: string;
  readonly apply: (files: Files) => void;
  readonly notices: RegExp;
}

/** A row is found by some of its fields: `[file, list, fields]`. */
type Place = readonly [file: string, list: string, match: Record<string, unknown>];

function find(files: Files, [file, list, match]: Place): Row {
  const fits = (row: Row) => Object.entries(match).every(([key, value]) => row[key] === value);
  const row = section(files, file, list).find(fits);
  if (row === undefined) throw new RangeError(`no row ${JSON.stringify(match)} in ${file}.json ${list}`);
  return row;
}

/** Sets one field of a row; `undefined` removes it. */
export function set(change: string, place: Place, field: string, value: unknown, notices: RegExp): Control {
  const apply = (files: Files) => {
    const row = find(files, place);
    if (value === undefined) delete row[field];
    else row[field] = value;
  };
  return { change, apply, notices };
}

/** Removes a row. */
export function remove(change: string, place: Place, notices: RegExp): Control {
  const apply = (files: Files) => {
    const rows = section(files, place[0], place[1]);
    rows.splice(rows.indexOf(find(files, place)), 1);
  };
  return { change, apply, notices };
}

/** Adds a row. */
export function add(change: string, file: string, list: string, row: Row, notices: RegExp): Control {
  return { change, apply: (files) => void section(files, file, list).push(row), notices };
}
