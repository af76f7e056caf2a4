import { invalidValue } from './errors';

/** CPU time in Kubernetes notation: cores (`'2'`, `'0.5'`) or millicores (`'500m'`). */
export type Cpu = `${number}m` | `${number}`;

/** Bytes in Kubernetes notation with a binary unit: `'512Mi'`, `'1Gi'`. */
export type Memory = `${number}${'Ki' | 'Mi' | 'Gi' | 'Ti'}`;

/** Largest whole number of the 32-bit fields of the Kubernetes API: replicas, budgets, skews. */
export const INT32_MAX = 2 ** 31 - 1;

const CPU = /^(?:[1-9]\d*m|(?:0|[1-9]\d*)(?:\.\d{1,3})?)$/;
const MEMORY = /^([1-9]\d*)(Ki|Mi|Gi|Ti)$/;
const FACTOR = { Ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 } as const;

/**
 * Millicores of a CPU quantity.
 *
 * @throws ConfigurationError `core/invalid-cpu` for anything that is not a positive amount in cores or millicores.
 */
export function millicores(quantity: Cpu, path = 'cpu'): number {
  const valid = typeof quantity === 'string' && CPU.test(quantity);
  // Rounded, since 1.001 * 1000 is not 1001 in floating point.
  const amount = !valid
    ? 0
    : quantity.endsWith('m')
      ? Number(quantity.slice(0, -1))
      : Math.round(Number(quantity) * 1000);
  if (amount <= 0 || !Number.isSafeInteger(amount)) {
    return invalidValue({
      id: 'core/invalid-cpu',
      path,
      message: 'this is not an amount of CPU',
      given: quantity,
      allowed: 'a positive number of cores ("2", "0.5") or millicores ("500m")',
      fix: instead(path, cpuInstead(quantity)) ?? 'write the amount in one of these forms',
    });
  }
  return amount;
}

/**
 * Bytes of a memory or storage quantity.
 *
 * @throws ConfigurationError `core/invalid-memory` for anything that is not a positive whole number with Ki, Mi, Gi or Ti, and
 *   for more than 8 PiB.
 */
export function bytes(quantity: Memory, path = 'memory'): number {
  const match = typeof quantity === 'string' ? MEMORY.exec(quantity) : null;
  const [, amount, unit] = match ?? [];
  const total = unit === undefined ? NaN : Number(amount) * FACTOR[unit as keyof typeof FACTOR];
  if (!Number.isSafeInteger(total)) {
    return invalidValue({
      id: 'core/invalid-memory',
      path,
      message: 'this is not an amount of memory or storage',
      given: quantity,
      allowed: 'a positive whole number followed by Ki, Mi, Gi or Ti, for example "512Mi"',
      fix: instead(path, memoryInstead(quantity)) ?? 'write the amount in this form ("1.5Gi" is "1536Mi")',
    });
  }
  return total;
}

/** The line to type: the last part of a path is the property. */
function instead(path: string, amount: string | undefined): string | undefined {
  return amount === undefined ? undefined : `write ${path.split('.').at(-1) ?? path}: "${amount}"`;
}

/** What a number, or an amount in another spelling, was meant as; undefined where that cannot be told. */
function cpuInstead(given: unknown): string | undefined {
  const [, number, unit = ''] =
    /^(\d{1,6}(?:[.,]\d{1,3})?) ?(m|millicores?|cores?|vcpus?|cpus?)?$/i.exec(textOf(given)) ?? [];
  const amount = Number(number?.replace(',', '.'));
  if (!(amount > 0)) {
    return undefined;
  }
  return /^m/i.test(unit) ? `${Math.ceil(amount)}m` : String(amount);
}

function textOf(given: unknown): string {
  return typeof given === 'string' || typeof given === 'number' ? String(given) : '';
}

function memoryInstead(given: unknown): string | undefined {
  const [, number, unit] = /^(\d{1,7}(?:[.,]\d{1,3})?) ?([KMGT])(?:i?B?)$/i.exec(textOf(given)) ?? [];
  const amount = Number(number?.replace(',', '.'));
  if (unit === undefined || !(amount > 0)) {
    return undefined;
  }
  const larger = unit.toUpperCase() as 'K' | 'M' | 'G' | 'T';
  const smaller = { K: undefined, M: 'K', G: 'M', T: 'G' }[larger];
  return Number.isInteger(amount)
    ? `${amount}${larger}i`
    : smaller === undefined
      ? `${Math.ceil(amount)}Ki`
      : `${Math.ceil(amount * 1024)}${smaller}i`;
}
