import { type ApiObject, JsonPatch } from 'cdk8s';

/** One operation of a JSON patch (RFC 6902), without its value, which may be a secret. */
export interface PatchOperation {
  /** `replace /spec/minReadySeconds`; the second of the same kind on one object ends in ` #2`. */
  readonly name: string;
  /** What it does: `add`, `remove`, `replace`, `move`, `copy`, `test`. */
  readonly op: string;
  /** JSON pointer of what it changes. */
  readonly path: string;
}

/** An operation with what is needed to apply it. */
interface Applicable extends PatchOperation {
  readonly from?: string | undefined;
  readonly patch: JsonPatch;
}

/** An operation that cannot be applied to its object. */
export interface UnfitPatch {
  /** The operation. */
  readonly operation: PatchOperation;
  /** What is wrong, without values. */
  readonly problem: string;
  /** Names that are there, where the pointer leaves the object; undefined where no name would help. */
  readonly possible: readonly string[] | undefined;
}

/** Whether an object is changed by a JSON patch. */
export function isPatched(object: ApiObject): boolean {
  return rawPatches(object).length > 0;
}

/** The operations of the JSON patches of an object, in the order in which they are applied. */
export function patchesOf(object: ApiObject): readonly PatchOperation[] {
  return applicable(object).map(({ name, op, path }) => ({ name, op, path }));
}

/**
 * The first operation that does not fit its object, or undefined. What follows it is not judged, since it may build on it.
 * cdk8s itself applies what it can: `replace` and `remove` of a field that does not exist change nothing that was meant.
 */
export function unfitPatchOf(object: ApiObject): UnfitPatch | undefined {
  const operations = applicable(object);
  if (operations.length === 0) {
    return undefined;
  }
  // The object as cdk8s would render it without patches; the object itself stays as it is.
  let document = (Object.create(object, { patches: { value: [] } }) as ApiObject).toJson() as unknown;
  for (const { patch, from, ...operation } of operations) {
    const wrong =
      placeProblem(
        document,
        operation.path,
        operation.op === 'add' || operation.op === 'move' || operation.op === 'copy',
      ) ?? (from === undefined ? undefined : placeProblem(document, from, false));
    if (wrong !== undefined) {
      return { operation, ...wrong };
    }
    try {
      document = JsonPatch.apply(document, patch) as unknown;
    } catch {
      // Its message repeats the value, and the whole object.
      const problem = operation.op === 'test' ? 'the value there is another one' : 'it cannot be applied';
      return { operation, problem, possible: undefined };
    }
    if (typeof document !== 'object' || document === null) {
      return { operation, problem: 'nothing of the object would be left', possible: undefined };
    }
  }
  return undefined;
}

/** What is wrong with a place, for an operation that makes it or that needs it. */
function placeProblem(
  document: unknown,
  pointer: string,
  isMade: boolean,
): Pick<UnfitPatch, 'problem' | 'possible'> | undefined {
  if (pointer === '') {
    return undefined;
  }
  if (!pointer.startsWith('/')) {
    return { problem: 'a pointer begins with "/"', possible: undefined };
  }
  const names = pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  let place = document;
  let where = '';
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    if (typeof place !== 'object' || place === null) {
      return { problem: `${where} is no object and no list`, possible: undefined };
    }
    if (Array.isArray(place)) {
      const count = isLast && isMade ? place.length + 1 : place.length;
      if (!(isLast && isMade && name === '-') && !(/^(?:0|[1-9]\d*)$/.test(name) && Number(name) < count)) {
        return { problem: `the list at ${where} has ${place.length} entries`, possible: undefined };
      }
    } else if (!(isLast && isMade) && !Object.hasOwn(place, name)) {
      return { problem: `there is no "${name}" at ${where === '' ? 'the top' : where}`, possible: Object.keys(place) };
    }
    place = Reflect.get(place, name) as unknown;
    where = `${where}/${name}`;
  }
  return undefined;
}

function applicable(object: ApiObject): Applicable[] {
  const seen = new Map<string, number>();
  return rawPatches(object).map((patch) => {
    const { op = '', path = '', from } = operationOf(patch);
    const what = [op, ...(from === undefined ? [] : [from, 'to']), path].join(' ');
    const count = (seen.get(what) ?? 0) + 1;
    seen.set(what, count);
    return { name: count === 1 ? what : `${what} #${count}`, op, path: String(path), from, patch };
  });
}

// cdk8s keeps both in private fields and has no accessor.
function rawPatches(object: ApiObject): readonly JsonPatch[] {
  return (object as unknown as { readonly patches?: readonly JsonPatch[] }).patches ?? [];
}

function operationOf(patch: JsonPatch): { readonly op?: string; readonly path?: string; readonly from?: string } {
  return (patch as unknown as { readonly operation?: object }).operation ?? {};
}
