/** Whether something is an Output of Pulumi; told by its mark, so that users of cdk8s need no Pulumi. */
export function isOutput(value: unknown): boolean {
  // Asked before any other property: an Output answers every unknown name with another Output.
  return typeof value === 'object' && value !== null && Reflect.get(value, '__pulumiOutput') === true;
}
