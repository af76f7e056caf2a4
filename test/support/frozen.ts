/** The same data, frozen all the way down; instances of classes (values, constructs) are left alone. */
export function frozen<T>(data: T): T {
  if (typeof data === 'object' && data !== null && isPlain(data)) {
    Object.values(data).forEach((each) => frozen(each));
    Object.freeze(data);
  }
  return data;
}

function isPlain(data: object): boolean {
  return Array.isArray(data) || Object.getPrototypeOf(data) === Object.prototype;
}
